// Projections that show what a runner did: one that counts every application, and one that fails when it is told to.
import * as assert from 'uvu/assert'
import type { Database } from '../../projections/database.ts'
import { isBadEntry } from '../../projections/log-reader.ts'
import type { Projection } from '../../projections/projection.ts'

/** Not idempotent on purpose: a commit applied twice has 2 in its row, and stands twice in the order. */
export const tally = (name = 'tally'): Projection => ({
  name,
  version: 1,
  tableNames: ['seen'],
  sessionColumn: {},
  tables: `CREATE TABLE IF NOT EXISTS seen (sequence int8 PRIMARY KEY, times int4 NOT NULL, nth int8 GENERATED ALWAYS AS IDENTITY);`,
  apply: async (sql, entries) => {
    for (const { sequence } of entries) {
      await sql.query('INSERT INTO seen VALUES ($1, 1) ON CONFLICT (sequence) DO UPDATE SET times = seen.times + 1', [
        sequence,
      ])
    }
  },
})

/** In the order of application. @throws when one was applied twice. */
export const applied = async (database: Database, name: string): Promise<readonly number[]> => {
  const rows = await database.query(`SELECT sequence, times FROM ${name}_live.seen ORDER BY nth`)
  assert.equal(
    rows.filter(({ times }) => times !== 1),
    [],
    'applied more than once',
  )
  return rows.map(({ sequence }) => Number(sequence))
}

export interface Fussy extends Projection {
  /** What it throws at which sequence; null means nothing. */
  failure: { readonly sequence: number; readonly error: unknown } | null
}

export const fussy = (name = 'fussy'): Fussy => {
  const counting = tally(name)
  const projection: Fussy = {
    ...counting,
    failure: null,
    apply: async (sql, entries) => {
      await counting.apply(sql, entries)
      for (const entry of entries) {
        if (entry.sequence === projection.failure?.sequence) throw projection.failure.error
        if (isBadEntry(entry)) throw new Error(entry.error.message)
      }
    },
  }
  return projection
}

// Compares every row of what serves with a shadow filled from the log, both as they were at one position.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Database, Sql } from './database.ts'
import type { Filling } from './fill-generation.ts'
import { type Difference, holdLive, type Verification } from './generations.ts'
import { type Projection, schemaOf } from './projection.ts'

/** How long the tables that serve may stand still while the shadow takes its last steps. */
const holdMs = 15_000
const maxListed = 50

/**
 * What serves is held only until a snapshot of both is taken, and moves on while they are compared.
 * @returns null when the position was not reached in time, or what serves was replaced: to be tried again.
 */
export const compareGenerations = async (
  database: Database,
  projection: Projection,
  generation: number,
  epoch: string,
  filling: Filling,
  signal: AbortSignal,
): Promise<Verification | null> => {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(holdMs)])
  try {
    return await database.transaction(async (snapshot) => {
      await snapshot.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      const held = await database.transaction(async (sql) => {
        await sql.query(
          `SET LOCAL lock_timeout TO ${holdMs}; SET LOCAL idle_in_transaction_session_timeout TO ${holdMs}`,
        )
        const live = await holdLive(sql, projection)
        if (live === null || live.version !== projection.version || live.position < filling.position()) return null
        await filling.to(live.position, epoch, soon, true)
        // The first statement that reads takes the snapshot.
        await snapshot.query('SELECT count(*) FROM casebook.projection')
        return live
      })
      if (held === null) return null
      const found: Difference[] = []
      let [rows, differences] = [0, 0]
      for (const table of projection.tableNames) {
        const of = (each: number): string => `${schemaOf({ ...projection, generation: each })}.${table}`
        const compared = await compareTable(snapshot, table, of(held.generation), of(generation))
        rows += compared.rows
        differences += compared.differences
        found.push(...compared.first)
      }
      const first = found.slice(0, maxListed)
      const at = new Date().toISOString()
      return { generation, ok: differences === 0, position: held.position, rows, differences, first, at }
    })
  } catch (error) {
    if (soon.aborted && !signal.aborted) return null
    throw error
  }
}

const counted = z.object({ rows: z.int(), differences: z.int() })
const pair = z.object({
  live: z.record(z.string(), z.unknown()).nullable(),
  shadow: z.record(z.string(), z.unknown()).nullable(),
})

const compareTable = async (
  sql: Sql,
  table: string,
  live: string,
  shadow: string,
): Promise<{ readonly rows: number; readonly differences: number; readonly first: readonly Difference[] }> => {
  const names = await primaryKey(sql, live)
  const keys = names.map((name) => `"${name}"`)
  const joined = `${live} AS l FULL JOIN ${shadow} AS s USING (${keys.join(', ')})`
  const [first = ''] = keys
  const [counts] = await sql.query(
    `SELECT count(l.${first})::int8 AS rows, count(*) FILTER (WHERE l IS DISTINCT FROM s)::int8 AS differences FROM ${joined}`,
  )
  const { rows, differences } = counted.parse(counts)
  if (differences === 0) return { rows, differences, first: [] }
  const pairs = await sql.query(
    `SELECT CASE WHEN l.${first} IS NOT NULL THEN to_jsonb(l) END AS live,
       CASE WHEN s.${first} IS NOT NULL THEN to_jsonb(s) END AS shadow
     FROM ${joined} WHERE l IS DISTINCT FROM s ORDER BY ${keys.join(', ')} LIMIT ${maxListed}`,
  )
  return { rows, differences, first: pairs.map((row) => differenceOf(table, names, pair.parse(row))) }
}

const differenceOf = (table: string, keys: readonly string[], { live, shadow }: z.infer<typeof pair>): Difference => {
  const row = live ?? shadow ?? {}
  const key = Object.fromEntries(keys.map((column) => [column, row[column]]))
  if (live === null) return { table, kind: 'missing', key, columns: [] }
  if (shadow === null) return { table, kind: 'surplus', key, columns: [] }
  const columns = Object.keys(shadow).filter((column) => !isDeepStrictEqual(live[column], shadow[column]))
  return { table, kind: 'changed', key, columns }
}

const primaryKey = async (sql: Sql, table: string): Promise<readonly string[]> => {
  const rows = await sql.query(
    `SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
     WHERE indrelid = $1::regclass AND indisprimary ORDER BY array_position(indkey::int2[], attnum)`,
    [table],
  )
  return rows.map(({ attname }) => String(attname))
}

// How many rows there are of each value a list can be filtered by: each facet counted as if it had no filter of its own.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../tables.ts'

export const facets = z.object({
  /** Rows that all filters let through; at least that many when `capped`. */
  total: z.int(),
  /** More rows than are counted: the figures are those of the latest. */
  capped: z.boolean(),
  facets: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.int() }))),
})
export type Facets = Readonly<z.infer<typeof facets>>

/** Rows counted at most; counting more would make every look at a list a scan. */
export const countedRows = 50_000
const shownValues = 30

interface Counted {
  readonly table: string
  /** What the latest are by, such as `started_at DESC`. */
  readonly latest: string
  readonly all: RawBuilder<unknown>
  readonly by: readonly {
    readonly name: string
    /** One value a row; or, with `each`, any number of them as the column `value`. */
    readonly column: string
    readonly each?: string
    /** All filters but its own. */
    readonly like: RawBuilder<unknown>
  }[]
}

const counts = z.array(z.object({ value: z.string(), count: z.coerce.number().int() }))
const total = z.object({ count: z.coerce.number().int() })

export const countFacets = async (db: Kysely<Tables>, counted: Counted): Promise<Facets> => {
  const table = sql.raw(counted.table)
  const latest = sql.raw(counted.latest)
  const { rows } = await sql`
    SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${counted.all} LIMIT ${countedRows + 1}) AS row`.execute(db)
  const { count } = total.parse(rows[0])
  const groups = await Promise.all(
    counted.by.map(async ({ name, column, each, like }) => {
      const values = each === undefined ? sql.raw(`SELECT ${column} AS value FROM row`) : sql.raw(each)
      const found = await sql`
        WITH row AS (SELECT ${sql.raw(column)} FROM ${table} WHERE ${like} ORDER BY ${latest} LIMIT ${countedRows})
        SELECT value, count(*) FROM (${values}) AS each WHERE value IS NOT NULL
        GROUP BY value ORDER BY count DESC, value LIMIT ${shownValues}`.execute(db)
      return [name, counts.parse(found.rows)] as const
    }),
  )
  return { total: Math.min(count, countedRows), capped: count > countedRows, facets: Object.fromEntries(groups) }
}

/** `name=value` of every label. */
export const eachLabel = `SELECT label.key || '=' || label.value AS value FROM row, jsonb_each_text(labels) AS label`

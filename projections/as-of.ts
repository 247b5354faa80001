// A read model as it was at a sequence of the log: a generation that is filled so far and no further, and dropped by itself.
import { z } from 'zod'
import { auditProjection } from './audit.ts'
import type { RunBy } from './checkpoints.ts'
import type { Database, Sql } from './database.ts'
import { createGeneration, lock, nextGeneration, removeGenerations, removeWhere } from './generations.ts'
import { liveSchemaOf, type Projection, schemaOf } from './projection.ts'
import { AsOfNotFound, AsOfTooFar, ProjectionBehind, TooManyAsOf } from './projection-errors.ts'

export interface AsOfBounds {
  /** Of all projections together, filled or being filled. */
  readonly atOnce: number
  /** Messages of the log that may be read for one. */
  readonly commits: number
  /** How long one is filled at most, and stays after it was last read. */
  readonly keptMs: number
}

/** Enough to look at two moments side by side, twice. */
export const defaultAsOfBounds: AsOfBounds = { atOnce: 4, commits: 500_000, keptMs: 15 * 60_000 }

export const asOf = z.object({
  generation: z.int(),
  sequence: z.int().describe('The last message of the log that it has seen, once it is ready.'),
  state: z.enum(['filling', 'ready']),
  position: z.int(),
  until: z.iso.datetime().describe('It is dropped then, unless it is read before.'),
})
export type AsOf = Readonly<z.infer<typeof asOf>>

const columns = `generation, target AS sequence, CASE state WHEN 'stopped' THEN 'ready' ELSE 'filling' END AS state,
  position, keep_until AS until`
const there = `role = 'as_of' AND keep_until > now()`
const keep = (parameter: number): string => `now() + $${parameter} * interval '1 ms'`

/** Asked for again it is the same one. @throws AsOfTooFar, TooManyAsOf. */
export const requestAsOf = (
  database: Database,
  projection: Projection,
  sequence: number,
  { atOnce, commits, keptMs }: AsOfBounds,
): Promise<AsOf> =>
  database.transaction(async (sql) => {
    if (sequence > commits) throw new AsOfTooFar(sequence, commits)
    await lock(sql)
    await removeExpired(sql)
    const { name } = projection
    const found = await keptOn(sql, projection, sequence, keptMs)
    if (found !== undefined) return found
    const [kept] = await sql.query(`SELECT count(*)::int4 AS count FROM casebook.projection WHERE role = 'as_of'`)
    if (Number(kept?.['count']) >= atOnce) throw new TooManyAsOf(atOnce)
    const generation = await nextGeneration(sql)
    await createGeneration(sql, projection, generation, 'as_of')
    await sql.query(
      `UPDATE casebook.projection SET target = $3, keep_until = ${keep(4)} WHERE name = $1 AND generation = $2`,
      [name, generation, sequence, keptMs],
    )
    const made = await keptOn(sql, projection, sequence, keptMs)
    if (made === undefined) throw new AsOfNotFound(name, sequence)
    return made
  })

/**
 * The one of this sequence, from now on kept as long as a new one would be. While a batch under way holds its row that is left to
 * its being finished: whoever asks would wait for the batch, and everybody who asks for anything behind it.
 */
const keptOn = async (
  sql: Sql,
  { name, version }: Projection,
  sequence: number,
  keptMs: number,
): Promise<AsOf | undefined> => {
  const which = `name = $1 AND version = $2 AND target = $3 AND ${there}`
  await sql.query(
    `UPDATE casebook.projection SET keep_until = ${keep(4)} WHERE (name, generation) IN
       (SELECT name, generation FROM casebook.projection WHERE ${which} FOR UPDATE SKIP LOCKED)`,
    [name, version, sequence, keptMs],
  )
  const rows = await sql.query(`SELECT ${columns} FROM casebook.projection WHERE ${which}`, [name, version, sequence])
  return rows.map((row) => asOf.parse(row))[0]
}

/** It stands still from now on, and is kept for those who read it. */
export const finishAsOf = async (sql: Sql, { name, generation }: RunBy, { keptMs }: AsOfBounds): Promise<void> => {
  await sql.query(
    `UPDATE casebook.projection SET state = 'stopped', lease_until = NULL, updated_at = now(), keep_until = ${keep(3)}
     WHERE name = $1 AND generation = $2 AND ${there}`,
    [name, generation, keptMs],
  )
}

/** @returns the schema to read; it stays from now on as long as a new one would. @throws AsOfNotFound, ProjectionBehind. */
export const schemaAsOf = async (
  sql: Sql,
  projection: Projection,
  sequence: number,
  { keptMs }: AsOfBounds,
): Promise<string> => {
  const { name } = projection
  const found = await keptOn(sql, projection, sequence, keptMs)
  if (found === undefined) throw new AsOfNotFound(name, sequence)
  if (found.state === 'filling') throw new ProjectionBehind(`${name} as of ${sequence}`, sequence, found.position)
  return schemaOf({ ...projection, generation: found.generation })
}

export const readAsOf = async (sql: Sql): Promise<readonly (AsOf & { readonly name: string })[]> => {
  const rows = await sql.query(
    `SELECT name, ${columns} FROM casebook.projection WHERE ${there} ORDER BY name, target, generation`,
  )
  return rows.map((row) => named.parse(row))
}
const named = asOf.extend({ name: z.string() })

export const dropAsOf = (database: Database, { name }: Projection): Promise<readonly number[]> =>
  database.transaction(async (sql) => {
    await lock(sql)
    return removeGenerations(sql, name, ['as_of'])
  })

/** Looked for before anything is locked: mostly there is nothing. */
export const dropExpired = async (database: Database): Promise<void> => {
  const rows = await database.query(
    `SELECT 1 FROM casebook.projection WHERE role = 'as_of' AND keep_until <= now() LIMIT 1`,
  )
  if (rows.length === 0) return
  await database.transaction(async (sql) => {
    await lock(sql)
    await removeExpired(sql)
  })
}

/** One with a batch under way is left for the next time: its filler finds that it has expired. */
const removeExpired = (sql: Sql) =>
  removeWhere(
    sql,
    `(name, generation) IN (SELECT name, generation FROM casebook.projection
       WHERE role = 'as_of' AND keep_until <= now() FOR UPDATE SKIP LOCKED)`,
    [],
  )

/** They hold what was erased, or are being filled with it: nobody reads them from this transaction on. */
export const expireAsOf = async (sql: Sql, name: string): Promise<void> => {
  await sql.query(`UPDATE casebook.projection SET keep_until = now() WHERE name = $1 AND role = 'as_of'`, [name])
}

/**
 * By the times of the commits themselves, which a restored log keeps; the copy must have seen the log's end.
 * @returns the last commit that was made then or before; 0 when there is none.
 */
export const sequenceAt = async (sql: Sql, time: string): Promise<number> => {
  const rows = await sql.query(
    `SELECT sequence FROM ${liveSchemaOf(auditProjection)}.commits WHERE at <= $1::timestamptz ORDER BY sequence DESC LIMIT 1`,
    [time],
  )
  return Number(rows[0]?.['sequence'] ?? 0)
}

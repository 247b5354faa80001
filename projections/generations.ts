// Generations of a projection's tables, as rows: asked for, claimed by one process, paused, cancelled, dropped.
import { z } from 'zod'
import { logSequence } from '../schemas/ids.ts'
import { type Checkpoint, type GenerationRole, projectionFailure, type RunBy } from './checkpoints.ts'
import type { Database, Sql } from './database.ts'
import { showGeneration } from './live-views.ts'
import { type Projection, schemaOf } from './projection.ts'

export const difference = z.object({
  table: z.string(),
  /** `changed` in both; `missing` from what serves; `surplus` in it. */
  kind: z.enum(['changed', 'missing', 'surplus']),
  /** The columns of the primary key. */
  key: z.record(z.string(), z.unknown()),
  /** Those that differ; empty when the row is in one of the two only. */
  columns: z.array(z.string()).readonly(),
})
export type Difference = Readonly<z.infer<typeof difference>>

export const verification = z.object({
  generation: z.int().describe('The number that was given when it was asked for.'),
  ok: z.boolean(),
  /** Log sequence at which both were compared. */
  position: z.int(),
  /** Rows of what serves. */
  rows: z.int(),
  differences: z.int().describe('All of them.'),
  first: z.array(difference).readonly().describe('The first fifty.'),
  at: z.iso.datetime(),
})
export type Verification = Readonly<z.infer<typeof verification>>

/** What a generation is filled from. */
export const buildSource = z.enum(['log', 'archive'])
export type BuildSource = z.infer<typeof buildSource>

/** A generation that is being filled. */
export const build = z.object({
  kind: z.enum(['rebuild', 'verify', 'as_of']),
  source: buildSource,
  version: z.int(),
  generation: z.int(),
  state: z.enum(['queued', 'running', 'paused']),
  epoch: z.string(),
  position: logSequence,
  target: z.int().nullable().describe('Where it is to stop; null: at the end of the log.'),
  failure: projectionFailure.nullable().describe('The entry that stopped it; null when a person paused it.'),
  rate: z.number().describe('Log messages a second, lately.'),
  eventRate: z.number().describe('Events a second, lately.'),
  requestedAt: z.iso.datetime(),
})
export type Build = Readonly<z.infer<typeof build>> & { readonly name: string }

/** A claim cannot be renewed while a batch holds the row: for so long it is shown as what it is, under way. */
const longBatchSql = `interval '1 min'`

const buildColumns = `name, version, generation, source, epoch, position, target, failure, requested_at AS "requestedAt",
  CASE role WHEN 'next' THEN 'rebuild' WHEN 'shadow' THEN 'verify' ELSE role END AS kind,
  CASE WHEN state = 'paused' THEN 'paused' WHEN lease_until > now() - ${longBatchSql} THEN 'running' ELSE 'queued' END AS state,
  CASE WHEN lease_until > now() THEN round(rate::numeric) ELSE 0 END::float8 AS rate,
  CASE WHEN lease_until > now() THEN round(event_rate::numeric) ELSE 0 END::float8 AS "eventRate"`
const namedBuild = build.extend({ name: z.string() })
const building = `(role IN ('next', 'shadow') OR (role = 'as_of' AND state <> 'stopped' AND keep_until > now()))`

const roles = { rebuild: 'next', verify: 'shadow', as_of: 'as_of' } as const

export const roleOf = ({ kind }: Pick<Build, 'kind'>): (typeof roles)[Build['kind']] => roles[kind]

export const readBuilds = async (sql: Sql): Promise<readonly Build[]> => {
  const rows = await sql.query(
    `SELECT ${buildColumns} FROM casebook.projection WHERE ${building} ORDER BY requested_at, generation`,
  )
  return rows.map((row) => namedBuild.parse(row))
}

/** Whether there is something to fill that these can, from one of the sources. */
export const hasWork = async (
  sql: Sql,
  projections: readonly Projection[],
  sources: readonly BuildSource[],
): Promise<boolean> => {
  const rows = await sql.query(
    `SELECT 1 FROM casebook.projection JOIN unnest($1::text[], $2::int4[]) AS own (n, v) ON name = n AND version = v
     WHERE ${building} AND state <> 'paused' AND source = ANY($3::text[]) LIMIT 1`,
    [projections.map(({ name }) => name), projections.map(({ version }) => version), sources],
  )
  return rows.length > 0
}

/** @returns null when it was cancelled, or is done. */
export const readBuild = async (sql: Sql, { name, generation, role }: RunBy): Promise<Build | null> => {
  const rows = await sql.query(
    `SELECT ${buildColumns} FROM casebook.projection WHERE name = $1 AND generation = $2 AND role = $3`,
    [name, generation, role],
  )
  return rows.map((row) => namedBuild.parse(row))[0] ?? null
}

/** What is kept beside what serves and what is being filled. */
export const readKept = async (
  sql: Sql,
): Promise<readonly { readonly name: string; readonly old: number | null; readonly report: Verification | null }[]> => {
  const rows = await sql.query(
    `SELECT name, CASE role WHEN 'old' THEN generation END AS old, report FROM casebook.projection
     WHERE role IN ('old', 'report') ORDER BY name, generation`,
  )
  return rows.map((row) => kept.parse(row))
}
const kept = z.object({ name: z.string(), old: z.int().nullable(), report: verification.nullable() })

/** Its tables, empty, and its row; part of the caller's transaction. What is filled first is indexed by `indexGeneration`. */
export const createGeneration = async (
  sql: Sql,
  projection: Projection,
  generation: number,
  role: GenerationRole,
): Promise<void> => {
  const schema = schemaOf({ ...projection, generation })
  await sql.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  await sql.query(`SET LOCAL search_path TO ${schema}`)
  await sql.query(projection.tables)
  await sql.query('INSERT INTO casebook.projection (name, version, generation, role) VALUES ($1, $2, $3, $4)', [
    projection.name,
    projection.version,
    generation,
    role,
  ])
  if (role !== 'live') return
  await sql.query(projection.indexes ?? '')
  await showGeneration(sql, projection, generation)
}

/** Makes full tables ready for queries: else the first ones would be planned as for empty tables. A small sample will do for that. */
export const indexGeneration = (database: Database, projection: Projection, generation: number): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.query(`SET LOCAL search_path TO ${schemaOf({ ...projection, generation })}`)
    await sql.query(
      `${projection.indexes ?? ''}; SET LOCAL default_statistics_target TO 10; ANALYZE ${projection.tableNames.join(', ')}`,
    )
  })

/** Held by whoever adds a build, claims one, or takes one away. */
export const lock = (sql: Sql) => sql.query('SELECT pg_advisory_xact_lock(4201878)')

export const nextGeneration = async (sql: Sql): Promise<number> => {
  const [next] = await sql.query(`SELECT nextval('casebook.generation')::int4 AS generation`)
  return Number(next?.['generation'])
}

/** Asked for again it is the same one. @returns its generation. */
export const requestBuild = async (
  sql: Sql,
  projection: Projection,
  role: 'next' | 'shadow',
  source: BuildSource = 'log',
): Promise<number> => {
  await lock(sql)
  const { name, version } = projection
  const there = await sql.query(
    'SELECT generation, version FROM casebook.projection WHERE name = $1 AND role = $2 AND version = $3',
    [name, role, version],
  )
  if (there[0] !== undefined) return Number(there[0]['generation'])
  // Another version's, which nobody needs any more.
  await removeGenerations(sql, name, [role])
  const generation = await nextGeneration(sql)
  await createGeneration(sql, projection, generation, role)
  await sql.query('UPDATE casebook.projection SET source = $3 WHERE name = $1 AND generation = $2', [
    name,
    generation,
    source,
  ])
  return generation
}

/** Rows first: a batch under way lands before, and the next one finds itself replaced. @returns their generations. */
export const removeWhere = async (
  sql: Sql,
  condition: string,
  values: readonly unknown[],
): Promise<readonly number[]> => {
  const rows = await sql.query(
    `DELETE FROM casebook.projection WHERE ${condition} RETURNING name, version, generation`,
    values,
  )
  const removed = rows.map((row) => removedRow.parse(row))
  for (const each of removed) await sql.query(`DROP SCHEMA IF EXISTS ${schemaOf(each)} CASCADE`)
  return removed.map(({ generation }) => generation)
}
const removedRow = z.object({ name: z.string(), version: z.int(), generation: z.int() })

export const removeGenerations = (
  sql: Sql,
  name: string,
  roles: readonly GenerationRole[],
): Promise<readonly number[]> => removeWhere(sql, 'name = $1 AND role = ANY($2::text[])', [name, roles])

export const dropGenerations = (
  database: Database,
  { name }: Pick<Projection, 'name'>,
  roles: readonly GenerationRole[],
): Promise<readonly number[]> =>
  database.transaction(async (sql) => {
    await lock(sql)
    return removeGenerations(sql, name, roles)
  })

/** @returns false when nothing of it was being filled, or it was paused already. */
export const pauseBuilds = async (sql: Sql, { name }: Pick<Projection, 'name'>): Promise<boolean> => {
  const rows = await sql.query(
    `UPDATE casebook.projection SET state = 'paused', lease_until = NULL, updated_at = now()
     WHERE name = $1 AND ${building} AND state <> 'paused' RETURNING 1`,
    [name],
  )
  return rows.length > 0
}

/** A process that says nothing for as long is taken for dead, and another goes on where it stood. */
const leaseSql = `now() + interval '4 s'`

/**
 * The build that has waited longest, unless as many as allowed are under way anywhere. One whose row is locked is under
 * way, however old its claim: waiting for its batch here would keep everybody else from asking for anything.
 */
export const claimBuild = (
  database: Database,
  projections: readonly Projection[],
  owner: string,
  atOnce: number,
  sources: readonly BuildSource[],
): Promise<Build | null> =>
  database.transaction(async (sql) => {
    await lock(sql)
    const rows = await sql.query(
      `WITH waiting AS MATERIALIZED (
         SELECT name, version, generation, source, requested_at FROM casebook.projection
         WHERE ${building} AND state <> 'paused' AND (lease_until IS NULL OR lease_until <= now())
         FOR UPDATE SKIP LOCKED),
       first AS MATERIALIZED (
         SELECT name, generation FROM waiting JOIN unnest($2::text[], $3::int4[]) AS own (n, v) ON name = n AND version = v
         WHERE source = ANY($5::text[]) ORDER BY requested_at, generation LIMIT 1)
       UPDATE casebook.projection SET owner = $1, lease_until = ${leaseSql}, state = 'catching_up', rate = 0, event_rate = 0
       WHERE (name, generation) IN (SELECT name, generation FROM first)
       AND (SELECT count(*) FROM casebook.projection WHERE ${building} AND state <> 'paused') - (SELECT count(*) FROM waiting) < $4
       RETURNING ${buildColumns}`,
      [owner, projections.map(({ name }) => name), projections.map(({ version }) => version), atOnce, sources],
    )
    return rows.map((row) => namedBuild.parse(row))[0] ?? null
  })

export interface Pace {
  readonly rate: number
  readonly eventRate: number
}

/** @returns false when it is no longer the owner's to fill: paused, cancelled, done, or taken over. */
export const renewClaim = async (
  sql: Sql,
  { name, generation, role }: RunBy,
  owner: string,
  { rate, eventRate }: Pace,
): Promise<boolean> => {
  const rows = await sql.query(
    `UPDATE casebook.projection SET lease_until = ${leaseSql}, rate = $5, event_rate = $6
     WHERE name = $1 AND generation = $2 AND role = $3 AND owner = $4 AND state <> 'paused'
       AND (keep_until IS NULL OR keep_until > now()) RETURNING 1`,
    [name, generation, role, owner, rate, eventRate],
  )
  return rows.length > 0
}

/** For others to go on with it at once. */
export const releaseClaim = async (sql: Sql, { name, generation }: RunBy, owner: string): Promise<void> => {
  await sql.query(
    'UPDATE casebook.projection SET lease_until = NULL WHERE name = $1 AND generation = $2 AND owner = $3',
    [name, generation, owner],
  )
}

/** Locks the row: until the transaction ends, what serves stays where it is, and is not replaced. */
export const holdLive = async (
  sql: Sql,
  { name }: Pick<Projection, 'name'>,
): Promise<Pick<Checkpoint, 'name' | 'version' | 'generation' | 'epoch' | 'position'> | null> => {
  const rows = await sql.query(
    `SELECT name, version, generation, epoch, position FROM casebook.projection WHERE name = $1 AND role = 'live' FOR UPDATE`,
    [name],
  )
  return rows.map((row) => held.parse(row))[0] ?? null
}
const held = z.object({
  name: z.string(),
  version: z.int(),
  generation: z.int(),
  epoch: z.string(),
  position: logSequence,
})

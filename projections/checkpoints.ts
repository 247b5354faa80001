// Where each projection stands: moved by compare-and-set in the transaction of its batch, which is what fences two runners.
import { z } from 'zod'
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import type { Sql } from './database.ts'
import type { LogHead } from './log-reader.ts'
import { toJsonb } from './postgres-text.ts'
import type { Projection } from './projection.ts'
import { LogBehindCheckpoint, LogRecreated } from './projection-errors.ts'

export const projectionState = z.enum(['starting', 'catching_up', 'live', 'paused', 'stopped'])
export type ProjectionState = z.infer<typeof projectionState>

/** Why a projection paused, kept where it outlives the process. */
export const projectionFailure = z.object({
  sequence: z.int(),
  subject: z.string(),
  /** First event of the commit that could not be applied; null when there was none to name. */
  eventId: z.string().nullable().default(null),
  code: z.string(),
  message: z.string(),
  at: z.iso.datetime(),
})
export type ProjectionFailure = Readonly<z.infer<typeof projectionFailure>>

export const checkpoint = z.object({
  name: z.string(),
  version: z.int(),
  /** Creation time of the log it was built from; empty before the first batch. */
  epoch: z.string(),
  position: logSequence,
  state: projectionState,
  failure: projectionFailure.nullable(),
})
export type Checkpoint = Readonly<z.infer<typeof checkpoint>>

type Named = Pick<Projection, 'name' | 'version'>

/**
 * `already`: another runner has landed this very stretch, or more. `ahead`: it has landed the beginning of it.
 * `behind`: a rebuild has reset the checkpoint. `other_log`: it was built from another log.
 */
export type MoveRefusal = 'already' | 'ahead' | 'behind' | 'other_log'

/** The compare-and-set failed: the batch is rolled back, and its runner goes on from `position`. */
export class CheckpointMoved extends Error {
  readonly refusal: MoveRefusal
  readonly position: LogSequence

  constructor(name: string, refusal: MoveRefusal, position: LogSequence) {
    super(`The checkpoint of ${name} is elsewhere (${refusal}): at ${position}.`)
    this.refusal = refusal
    this.position = position
  }
}

const columns = 'name, version, epoch, position, state, failure'

export const readCheckpoint = async (sql: Sql, { name, version }: Named): Promise<Checkpoint> => {
  const rows = await sql.query(`SELECT ${columns} FROM casebook.projection WHERE name = $1 AND version = $2`, [
    name,
    version,
  ])
  return checkpoint.parse(rows[0])
}

/** Of these projections only: an older version that still lies in the database is nobody's to run. */
export const readCheckpoints = async (sql: Sql, projections: readonly Named[]): Promise<readonly Checkpoint[]> => {
  const rows = await sql.query(
    `SELECT ${columns} FROM casebook.projection
     JOIN unnest($1::text[], $2::int4[]) AS wanted (n, v) ON name = n AND version = v ORDER BY name`,
    [projections.map(({ name }) => name), projections.map(({ version }) => version)],
  )
  return rows.map((row) => checkpoint.parse(row))
}

/** Locks the row until the transaction ends, so it is the first statement of every batch. @throws CheckpointMoved. */
export const moveCheckpoint = async (
  sql: Sql,
  projection: Named,
  epoch: string,
  from: LogSequence,
  to: LogSequence,
  state: ProjectionState,
): Promise<void> => {
  const { name, version } = projection
  const moved = await sql.query(
    `UPDATE casebook.projection SET position = $5, epoch = $3, state = $6, failure = NULL, updated_at = now()
     WHERE name = $1 AND version = $2 AND position = $4 AND (epoch = $3 OR epoch = '') RETURNING 1`,
    [name, version, epoch, from, to, state],
  )
  if (moved.length > 0) return
  const { position, epoch: storedEpoch } = await readCheckpoint(sql, projection)
  throw new CheckpointMoved(name, refusalOf(position, storedEpoch, epoch, from, to), position)
}

const refusalOf = (position: number, stored: string, epoch: string, from: number, to: number): MoveRefusal => {
  if (stored !== '' && stored !== epoch) return 'other_log'
  if (position < from) return 'behind'
  return position >= to ? 'already' : 'ahead'
}

/** Nothing is stored when the checkpoint has moved on meanwhile: somebody else could apply the entry. */
export const storeFailure = async (
  sql: Sql,
  { name, version }: Named,
  at: LogSequence,
  failure: ProjectionFailure,
): Promise<void> => {
  await sql.query(
    `UPDATE casebook.projection SET state = 'paused', failure = $4, updated_at = now()
     WHERE name = $1 AND version = $2 AND position = $3`,
    [name, version, at, toJsonb(failure)],
  )
}

/** Lets a paused projection try its failed entry again. @returns false when it was not paused. */
export const clearFailure = async (sql: Sql, { name, version }: Named): Promise<boolean> => {
  const rows = await sql.query(
    `UPDATE casebook.projection SET state = 'starting', failure = NULL, updated_at = now()
     WHERE name = $1 AND version = $2 AND state = 'paused' RETURNING 1`,
    [name, version],
  )
  return rows.length > 0
}

/** Why a read model must not be carried on over this log; null when it may. */
export const misfitOf = (
  { name, position, epoch }: Checkpoint,
  head: LogHead,
): LogRecreated | LogBehindCheckpoint | null => {
  if (epoch !== '' && epoch !== head.epoch) return new LogRecreated(name, epoch, head.epoch)
  return position > head.sequence ? new LogBehindCheckpoint(name, position, head.sequence) : null
}

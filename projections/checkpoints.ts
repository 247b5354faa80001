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
  /** Of the tables that serve: a rebuild makes the next one. */
  generation: z.int(),
  /** Creation time of the log it was built from; empty before the first batch. */
  epoch: z.string(),
  position: logSequence,
  state: projectionState,
  failure: projectionFailure.nullable(),
})
export type Checkpoint = Readonly<z.infer<typeof checkpoint>>

/**
 * `live` serves, `next` is being filled to replace it, `shadow` to be compared with it; `as_of` is one of another time;
 * `old` was replaced, and of a `report` only what the comparison said is left.
 */
export type GenerationRole = 'live' | 'next' | 'shadow' | 'as_of' | 'old' | 'report'

/** A generation, in the role in which its runner may move it on. */
export interface RunBy {
  readonly name: string
  readonly generation: number
  readonly role: 'live' | 'next' | 'shadow' | 'as_of'
}

/**
 * `already`: another runner has landed this very stretch, or more. `ahead`: it has landed the beginning of it.
 * `behind`: it was set back. `other_log`: it was built from another log. `not_ours`: it was replaced, cancelled, or paused.
 */
export type MoveRefusal = 'already' | 'ahead' | 'behind' | 'other_log' | 'not_ours'

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

const columns = 'name, version, generation, epoch, position, state, failure'

/** Of the generation that serves. */
export const readCheckpoint = async (sql: Sql, { name }: Pick<Projection, 'name'>): Promise<Checkpoint> => {
  const rows = await sql.query(`SELECT ${columns} FROM casebook.projection WHERE name = $1 AND role = 'live'`, [name])
  return checkpoint.parse(rows[0])
}

/** Of the generations that serve, whatever their versions. */
export const readCheckpoints = async (
  sql: Sql,
  projections: readonly Pick<Projection, 'name'>[],
): Promise<readonly Checkpoint[]> => {
  const rows = await sql.query(
    `SELECT ${columns} FROM casebook.projection WHERE name = ANY($1::text[]) AND role = 'live' ORDER BY name`,
    [projections.map(({ name }) => name)],
  )
  return rows.map((row) => checkpoint.parse(row))
}

/** Locks the row until the transaction ends, so it is the first statement of every batch. @throws CheckpointMoved. */
export const moveCheckpoint = async (
  sql: Sql,
  of: RunBy,
  epoch: string,
  from: LogSequence,
  to: LogSequence,
  state: ProjectionState,
): Promise<void> => {
  const { name, generation, role } = of
  const moved = await sql.query(
    `UPDATE casebook.projection SET position = $5, epoch = $3, state = $6, failure = NULL, updated_at = now()
     WHERE name = $1 AND generation = $2 AND position = $4 AND (epoch = $3 OR epoch = '') AND role = $7
       AND (role = 'live' OR state <> 'paused') RETURNING 1`,
    [name, generation, epoch, from, to, state, role],
  )
  if (moved.length > 0) return
  const rows = await sql.query(
    `SELECT ${columns} FROM casebook.projection WHERE name = $1 AND generation = $2 AND role = $3`,
    [name, generation, role],
  )
  const found = rows.map((row) => checkpoint.parse(row))[0]
  if (found === undefined || (role !== 'live' && found.state === 'paused')) {
    throw new CheckpointMoved(name, 'not_ours', from)
  }
  throw new CheckpointMoved(name, refusalOf(found.position, found.epoch, epoch, from, to), found.position)
}

const refusalOf = (position: number, stored: string, epoch: string, from: number, to: number): MoveRefusal => {
  if (stored !== '' && stored !== epoch) return 'other_log'
  if (position < from) return 'behind'
  return position >= to ? 'already' : 'ahead'
}

/** Nothing is stored when the checkpoint has moved on meanwhile: somebody else could apply the entry. */
export const storeFailure = async (
  sql: Sql,
  { name, generation, role }: RunBy,
  at: LogSequence,
  failure: ProjectionFailure,
): Promise<void> => {
  await sql.query(
    `UPDATE casebook.projection SET state = 'paused', failure = $4, lease_until = NULL, updated_at = now()
     WHERE name = $1 AND generation = $2 AND position = $3 AND role = $5`,
    [name, generation, at, toJsonb(failure), role],
  )
}

/** Lets what is paused of it, be it serving or being filled, try again. @returns false when nothing was paused. */
export const clearPause = async (sql: Sql, { name }: Pick<Projection, 'name'>): Promise<boolean> => {
  const rows = await sql.query(
    `UPDATE casebook.projection SET state = 'starting', failure = NULL, updated_at = now()
     WHERE name = $1 AND state = 'paused' AND role IN ('live', 'next', 'shadow', 'as_of') RETURNING 1`,
    [name],
  )
  return rows.length > 0
}

/** Why a read model must not be carried on over this log; null when it may. */
export const misfitOf = (
  { name, position, epoch }: Pick<Checkpoint, 'name' | 'position' | 'epoch'>,
  head: LogHead,
): LogRecreated | LogBehindCheckpoint | null => {
  if (epoch !== '' && epoch !== head.epoch) return new LogRecreated(name, epoch, head.epoch)
  return position > head.sequence ? new LogBehindCheckpoint(name, position, head.sequence) : null
}

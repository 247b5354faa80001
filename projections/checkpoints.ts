// Where each projection stands: moved by compare-and-set in the transaction of its batch, which is what fences two runners.
import { z } from 'zod'
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import type { JsonValue } from '../schemas/json-value.ts'
import type { Sql } from './database.ts'
import type { Projection } from './projection.ts'

export const projectionState = z.enum(['starting', 'catching_up', 'live', 'paused'])
export type ProjectionState = z.infer<typeof projectionState>

/** Why a projection paused, kept where it outlives the process. */
export const projectionFailure = z.object({
  sequence: z.int(),
  subject: z.string(),
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

/** Another runner moved the checkpoint, or a rebuild reset it: this runner's batch is rolled back and it starts anew from there. */
export class CheckpointMoved extends Error {}

const columns = 'name, version, epoch, position, state, failure'

export const readCheckpoint = async (sql: Sql, { name, version }: Named): Promise<Checkpoint> => {
  const rows = await sql.query(`SELECT ${columns} FROM casebook.projection WHERE name = $1 AND version = $2`, [
    name,
    version,
  ])
  return checkpoint.parse(rows[0])
}

export const readCheckpoints = async (sql: Sql): Promise<readonly Checkpoint[]> => {
  const rows = await sql.query(`SELECT ${columns} FROM casebook.projection ORDER BY name, version`)
  return rows.map((row) => checkpoint.parse(row))
}

/** @throws CheckpointMoved when it no longer stands at `from`. */
export const moveCheckpoint = async (
  sql: Sql,
  { name, version }: Named,
  epoch: string,
  from: LogSequence,
  to: LogSequence,
  state: ProjectionState,
): Promise<void> => {
  const moved = await sql.query(
    `UPDATE casebook.projection SET position = $5, epoch = $3, state = $6, failure = NULL, updated_at = now()
     WHERE name = $1 AND version = $2 AND position = $4 AND (epoch = $3 OR epoch = '') RETURNING 1`,
    [name, version, epoch, from, to, state],
  )
  if (moved.length === 0) throw new CheckpointMoved(`${name} no longer stands at ${from}`)
}

export const storeFailure = async (
  sql: Sql,
  { name, version }: Named,
  at: LogSequence,
  failure: ProjectionFailure,
): Promise<void> => {
  const value: JsonValue = { ...failure }
  await sql.query(
    `UPDATE casebook.projection SET state = 'paused', failure = $4, updated_at = now()
     WHERE name = $1 AND version = $2 AND position = $3`,
    [name, version, at, JSON.stringify(value)],
  )
}

/** Lets a paused projection try its failed entry again. */
export const clearFailure = async (sql: Sql, name: string): Promise<boolean> => {
  const rows = await sql.query(
    `UPDATE casebook.projection SET state = 'starting', failure = NULL, updated_at = now() WHERE name = $1 AND state = 'paused' RETURNING 1`,
    [name],
  )
  return rows.length > 0
}

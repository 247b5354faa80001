// Rows and checkpoint in one statement, one round trip: what an append that waits for its copy waits for.
import type { ProjectionState, RunBy } from './checkpoints.ts'
import type { Sql } from './database.ts'
import { type Insertion, type Projection, schemaOf } from './projection.ts'

/**
 * Waits for the disk, whatever the server's default. @returns false when the checkpoint was not at `from` and nothing was
 * written: `moveCheckpoint` says why.
 */
export const insertAndMove = async (
  sql: Sql,
  projection: Projection,
  { table, source, values }: Insertion,
  { name, generation, role }: RunBy,
  epoch: string,
  from: number,
  to: number,
  state: ProjectionState,
): Promise<boolean> => {
  const [ofName, ofGeneration, ofRole, ofEpoch, ofFrom, ofTo, ofState] = [1, 2, 3, 4, 5, 6, 7].map(
    (nth) => `$${values.length + nth}`,
  )
  const rows = await sql.query(
    `WITH moved AS (
       UPDATE casebook.projection SET position = ${ofTo}, epoch = ${ofEpoch}, state = ${ofState}, failure = NULL, updated_at = now()
       WHERE name = ${ofName} AND generation = ${ofGeneration} AND role = ${ofRole} AND position = ${ofFrom}
         AND (epoch = ${ofEpoch} OR epoch = '')
       RETURNING 1
     ), added AS (
       INSERT INTO ${schemaOf({ ...projection, generation })}.${table}
       SELECT * FROM (${source}) AS source WHERE EXISTS (SELECT FROM moved)
       ON CONFLICT DO NOTHING
     )
     SELECT set_config('synchronous_commit', 'on', true) FROM moved`,
    [...values, name, generation, role, epoch, from, to, state],
  )
  return rows.length > 0
}

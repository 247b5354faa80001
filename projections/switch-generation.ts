// Puts a filled generation in the place of the one that serves, in one transaction, while the latter stands still.
import type { RunBy } from './checkpoints.ts'
import type { Database } from './database.ts'
import type { Filling } from './fill-generation.ts'
import { holdLive } from './generations.ts'
import { showGeneration } from './live-views.ts'
import type { Projection } from './projection.ts'

/** How long the tables that serve may stand still: what is missing by then is a few batches at most. */
const holdMs = 15_000
/** How long readers that come meanwhile may have to wait for those who are in mid-query. */
const viewsMs = 250

/**
 * Nobody who waited for a sequence finds less after the switch: what serves is held, the new one filled up to it, and
 * both rows and the views change together. @returns false when it was not ours to switch any more, or readers were in
 * the way: to be tried again, if it is still there.
 */
export const switchGeneration = async (
  database: Database,
  projection: Projection,
  build: RunBy,
  epoch: string,
  filling: Filling,
  signal: AbortSignal,
): Promise<boolean> => {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(holdMs)])
  try {
    return await database.transaction(async (sql) => {
      // The filling did not wait for the disk; this commit does, and takes with it all that was written before.
      await sql.query(
        `SET LOCAL lock_timeout TO ${holdMs}; SET LOCAL idle_in_transaction_session_timeout TO ${holdMs}; SET LOCAL synchronous_commit TO on`,
      )
      const live = await holdLive(sql, projection)
      // Replaced by another process in the very moment.
      if (live === null) return false
      // Positions in another log mean nothing here.
      if (live.epoch === epoch) await filling.to(live.position, epoch, soon, true)
      const { name, generation } = build
      await sql.query(
        `UPDATE casebook.projection SET role = 'old', state = 'stopped', updated_at = now() WHERE name = $1 AND role = 'live'`,
        [name],
      )
      const switched = await sql.query(
        `UPDATE casebook.projection SET role = 'live', state = 'live', owner = NULL, lease_until = NULL, updated_at = now()
         WHERE name = $1 AND generation = $2 AND role = 'next' AND position = $3 AND state <> 'paused' RETURNING 1`,
        [name, generation, filling.position()],
      )
      if (switched.length === 0) throw new NotOurs()
      await sql.query(`SET LOCAL lock_timeout TO ${viewsMs}`)
      await showGeneration(sql, projection, generation)
      return true
    })
  } catch (error) {
    if (error instanceof NotOurs || isLockTimeout(error) || (soon.aborted && !signal.aborted)) return false
    throw error
  }
}

class NotOurs extends Error {}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01')

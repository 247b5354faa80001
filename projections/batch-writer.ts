// Lands batches for one runner: tables and checkpoint in one transaction, outages waited out, a poison entry found.

import { setTimeout as delay } from 'node:timers/promises'
import { type LogSequence, startOfLog } from '../schemas/ids.ts'
import { expireAsOf } from './as-of.ts'
import { CheckpointMoved, moveCheckpoint, type ProjectionState, type RunBy } from './checkpoints.ts'
import { type Database, DatabaseUnavailable } from './database.ts'
import { erasedIn, eraseSessions, hasErasure } from './erase-sessions.ts'
import { insertAndMove } from './insert-and-move.ts'
import type { BadLogEntry, LogBatch, LogEntry } from './log-reader.ts'
import { type Projection, schemaOf } from './projection.ts'

/** The entry that cannot be applied, and what it threw the last time it was tried. */
export interface Poison {
  readonly entry: LogEntry | BadLogEntry
  readonly error: unknown
}

export interface BatchWriter {
  readonly position: () => LogSequence
  readonly generation: () => number
  /** Sets the position without writing: where the stored checkpoint of the generation was found. */
  standAt(position: LogSequence, generation: number): void
  /** @returns the entry that stops it; null when all has landed. @throws CheckpointMoved, DatabaseUnavailable when stopping. */
  write(batch: LogBatch, epoch: string, state: ProjectionState): Promise<Poison | null>
  /** Repeats the work while Postgres is away. @throws DatabaseUnavailable when stopping. */
  patiently<T>(work: () => Promise<T>): Promise<T>
}

export interface BatchWriterOptions {
  readonly database: Database
  readonly role: RunBy['role']
  readonly stopping: AbortSignal
  /** Runs what lands a batch, when it is its turn; without it at once. */
  readonly piece?: (work: () => Promise<void>) => Promise<void>
  readonly onMoved: (position: LogSequence) => void
  readonly onProblem: (message: string, error: unknown) => void
}

/** Tries of the exact failing entry before the projection pauses. */
const poisonTries = 3

const flushed = '; SET LOCAL synchronous_commit TO on'

export const createBatchWriter = (projection: Projection, options: BatchWriterOptions): BatchWriter => {
  const { database, role, stopping, piece = (work) => work(), onMoved, onProblem } = options
  // What a filling loses with the power is lost with its checkpoint, and read again.
  const flush = role !== 'live' ? '; SET LOCAL synchronous_commit TO off' : projection.durable === true ? flushed : ''
  const goesOn = `Projection ${projection.name} goes on.`
  let position = startOfLog
  let generation = 1

  const moveTo = (next: LogSequence): void => {
    position = next
    onMoved(next)
  }

  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await work()
        if (attempt > 0) onProblem(goesOn, null)
        return result
      } catch (error) {
        const away = error instanceof DatabaseUnavailable
        // Also a refusal is an answer: Postgres is back.
        if (!away && attempt > 0) onProblem(goesOn, null)
        if (!away || stopping.aborted) throw error
        if (attempt === 0) onProblem(`Projection ${projection.name} waits for Postgres.`, error)
        await delay(Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)), undefined, { signal: stopping }).catch(ignore)
      }
    }
  }

  const transact = async (
    entries: LogBatch['entries'],
    to: LogSequence,
    epoch: string,
    state: ProjectionState,
  ): Promise<void> => {
    const from = position
    const erases = hasErasure(entries)
    if (role === 'live' && projection.insertion !== undefined && entries.length > 0 && !erases) {
      const by = { name: projection.name, generation, role } as const
      const landed = await insertAndMove(
        database,
        projection,
        projection.insertion(entries),
        by,
        epoch,
        from,
        to,
        state,
      )
      if (landed) return
    }
    await database.transaction(async (sql) => {
      await moveCheckpoint(sql, { name: projection.name, generation, role }, epoch, from, to, state)
      // One round trip.
      await sql.query(`SET LOCAL search_path TO ${schemaOf({ ...projection, generation })}${flush}`)
      if (entries.length === 0) return
      await projection.apply(sql, entries, role === 'live' ? undefined : sql.copy)
      await eraseSessions(projection, sql, erasedIn(entries))
      if (role === 'live' && erases) await expireAsOf(sql, projection.name)
    })
  }

  /** Lands what is not there yet of a batch, whoever landed the beginning of it. */
  const land = async ({ entries, last }: LogBatch, epoch: string, state: ProjectionState): Promise<void> => {
    while (position < last) {
      const rest = entries.filter(({ sequence }) => sequence > position)
      try {
        await patiently(() => piece(() => transact(rest, last, epoch, state)))
        moveTo(last)
      } catch (error) {
        // A commit whose answer was lost with the connection is found here too, as "already".
        if (!(error instanceof CheckpointMoved) || error.position <= position || error.refusal === 'other_log')
          throw error
        moveTo(error.position)
      }
    }
  }

  /** Lands what comes before the entry that cannot be applied, found by halves: one by one, a large batch would take minutes. */
  const isolate = async (batch: LogBatch, epoch: string, state: ProjectionState): Promise<Poison | null> => {
    let rest = batch.entries
    // So many of the rest have failed together.
    let suspects = rest.length
    let tries = 0
    for (let first = rest[0]; first !== undefined; first = rest[0]) {
      const part = rest.slice(0, Math.ceil(suspects / 2))
      try {
        await land({ entries: part, last: part.at(-1)?.sequence ?? batch.last }, epoch, state)
        rest = rest.slice(part.length)
        suspects = suspects - part.length || rest.length
        tries = 0
      } catch (error) {
        if (isNoPoison(error)) throw error
        suspects = part.length
        if (suspects > 1) continue
        if (++tries === poisonTries) return { entry: first, error }
        await delay(20 * tries, undefined, { signal: stopping }).catch(ignore)
      }
    }
    await land({ entries: [], last: batch.last }, epoch, state)
    return null
  }

  return {
    position: () => position,
    generation: () => generation,
    standAt: (at, of) => {
      generation = of
      moveTo(at)
    },
    patiently,
    write: async (batch, epoch, state) => {
      try {
        await land(batch, epoch, state)
        return null
      } catch (error) {
        if (isNoPoison(error)) throw error
        onProblem(`Projection ${projection.name} looks for the entry that fails.`, error)
        return isolate(batch, epoch, state)
      }
    },
  }
}

const isNoPoison = (error: unknown): boolean => error instanceof CheckpointMoved || error instanceof DatabaseUnavailable
const ignore = (): undefined => undefined

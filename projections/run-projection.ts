// Runs one projection: batch, tables and checkpoint in one transaction; pauses on a poison entry; waits out an outage.
import { setTimeout as delay } from 'node:timers/promises'
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import { CheckpointMoved, moveCheckpoint, type ProjectionState, readCheckpoint, storeFailure } from './checkpoints.ts'
import { type Database, DatabaseUnavailable } from './database.ts'
import type { BadLogEntry, LogBatch, LogEntry, LogReader } from './log-reader.ts'
import { type Projection, schemaOf } from './projection.ts'

export interface ProjectionRunner {
  readonly projection: Projection
  readonly position: () => LogSequence
  readonly state: () => ProjectionState
  /** Called after every committed batch with the new position. */
  onMoved(listener: (position: LogSequence) => void): () => void
  /** Finishes the batch under way, then stops. */
  stop(): Promise<void>
}

export interface RunProjectionOptions {
  readonly database: Database
  readonly reader: LogReader
  readonly epoch: string
  readonly maxBatch?: number
  readonly onProblem?: (message: string, error: unknown) => void
}

/** Tries of the exact failing entry before the projection pauses. */
const poisonTries = 3
/** How often a runner looks whether its checkpoint was reset, or its pause lifted. */
const lookMs = 500

export const runProjection = (projection: Projection, options: RunProjectionOptions): ProjectionRunner => {
  const { database, reader, epoch, maxBatch = 1_000, onProblem = () => undefined } = options
  const stopping = new AbortController()
  const listeners = new Set<(position: LogSequence) => void>()
  let position = logSequence.parse(0)
  let state: ProjectionState = 'starting'

  const apply = async (entries: LogBatch['entries'], from: LogSequence, to: LogSequence): Promise<void> => {
    await database.transaction(async (sql) => {
      await sql.query(`SET LOCAL search_path TO ${schemaOf(projection)}`)
      await projection.apply(sql, entries)
      await moveCheckpoint(sql, projection, epoch, from, to, state)
    })
    position = to
    for (const listener of listeners) listener(to)
  }

  /** After a batch failed: entry by entry up to the one that cannot be applied. @returns false when it paused. */
  const isolate = async (entries: LogBatch['entries']): Promise<boolean> => {
    for (const entry of entries) {
      for (let attempt = 1; ; attempt++) {
        try {
          await patiently(() => apply([entry], position, entry.sequence))
          break
        } catch (error) {
          if (error instanceof CheckpointMoved) throw error
          if (attempt < poisonTries) continue
          await pause(entry, error)
          return false
        }
      }
    }
    return true
  }

  const pause = async (entry: LogEntry | BadLogEntry, error: unknown): Promise<void> => {
    state = 'paused'
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'apply_failed'
    const message = error instanceof Error ? error.message : String(error)
    onProblem(`Projection ${projection.name} pauses at ${entry.sequence}: ${message}`, error)
    const failure = { sequence: entry.sequence, subject: entry.subject, code, message, at: new Date().toISOString() }
    await patiently(() => storeFailure(database, projection, position, failure))
  }

  /** Repeats while Postgres is away. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || stopping.signal.aborted) throw error
        if (attempt === 0) onProblem(`Projection ${projection.name} waits for Postgres.`, error)
        await delay(Math.min(2_000, 50 * 2 ** attempt), undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }

  const follow = async (): Promise<void> => {
    const stored = await patiently(() => readCheckpoint(database, projection))
    position = stored.position
    if (stored.state === 'paused') {
      state = 'paused'
      await delay(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      return
    }
    const head = await reader.head()
    state = position < head.sequence ? 'catching_up' : 'live'
    const restart = new AbortController()
    const signal = AbortSignal.any([stopping.signal, restart.signal])
    const watch = setInterval(() => {
      readCheckpoint(database, projection).then(
        (current) => {
          if (current.position < position) restart.abort()
        },
        () => undefined,
      )
    }, lookMs)
    watch.unref()
    try {
      for await (const batch of reader.follow(position, { maxBatch }, signal)) {
        if (batch.last >= head.sequence) state = 'live'
        try {
          await patiently(() => apply(batch.entries, position, batch.last))
        } catch (error) {
          if (error instanceof CheckpointMoved || stopping.signal.aborted) throw error
          onProblem(`Projection ${projection.name} looks for the entry that fails.`, error)
          if (!(await isolate(batch.entries))) return
        }
      }
    } finally {
      clearInterval(watch)
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (stopping.signal.aborted) return
        if (!(error instanceof CheckpointMoved)) onProblem(`Projection ${projection.name} starts again.`, error)
        await delay(100, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }
  const running = run()

  return {
    projection,
    position: () => position,
    state: () => state,
    onMoved: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

// Runs one projection along the log: catches up, stays live, pauses on a poison entry, stops counting on over another log.
import { setTimeout as delay } from 'node:timers/promises'
import { type LogSequence, startOfLog } from '../schemas/ids.ts'
import { createBatchWriter } from './batch-writer.ts'
import {
  type Checkpoint,
  CheckpointMoved,
  misfitOf,
  type ProjectionFailure,
  type ProjectionState,
  readCheckpoint,
  storeFailure,
} from './checkpoints.ts'
import type { Database } from './database.ts'
import { isBadEntry, type LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { createRateMeter } from './rate-meter.ts'

export interface ProjectionRunner {
  readonly projection: Projection
  readonly position: () => LogSequence
  readonly state: () => ProjectionState
  /** Log messages a second, lately. */
  readonly rate: () => number
  /** Called with every new position: after a committed batch, also one another runner committed. */
  onMoved(listener: (position: LogSequence) => void): () => void
  /** To be called after the stored checkpoint was reset or its pause lifted; others find out within a second. */
  refresh(): void
  /** Finishes the batch under way, then stops. */
  stop(): Promise<void>
}

export interface RunProjectionOptions {
  readonly database: Database
  readonly reader: LogReader
  /** The checkpoint as just read for all projections, so that they start as one and share their reading of the log. */
  readonly from?: Checkpoint
  readonly maxBatch?: number
  readonly onProblem?: (message: string, error: unknown) => void
}

/** How often a runner looks whether its checkpoint was reset, its pause lifted, or the log replaced. */
const lookMs = 1_000

export const runProjection = (projection: Projection, options: RunProjectionOptions): ProjectionRunner => {
  const { database, reader, maxBatch = 1_000, onProblem = () => undefined } = options
  const stopping = new AbortController()
  const listeners = new Set<(position: LogSequence) => void>()
  const meter = createRateMeter()
  const writer = createBatchWriter(projection, {
    database,
    stopping: stopping.signal,
    onMoved: (position) => {
      meter.note(position)
      for (const listener of listeners) listener(position)
    },
    onProblem,
  })
  let { from } = options
  let state: ProjectionState = 'starting'
  let restart = new AbortController()
  /** While these differ the position in memory is of before the refresh. */
  let refreshes = 0
  let refreshed = 0

  const pause = async (failure: Omit<ProjectionFailure, 'at'>, error: unknown): Promise<void> => {
    state = 'paused'
    onProblem(`Projection ${projection.name} pauses at ${failure.sequence}: ${failure.message}`, error)
    const stored = { ...failure, at: new Date().toISOString() }
    await writer.patiently(() => storeFailure(database, projection, writer.position(), stored))
  }

  /** Until the log ends, the signal fires, or the projection pauses. */
  const follow = async (signal: AbortSignal, refresh: number): Promise<void> => {
    const stored = from ?? (await writer.patiently(() => readCheckpoint(database, projection)))
    from = undefined
    refreshed = refresh
    writer.standAt(stored.position)
    if (stored.state === 'paused') {
      state = 'paused'
      return rest(lookMs, signal)
    }
    const head = await reader.head()
    const misfit = misfitOf(stored, head)
    if (misfit !== null) {
      const { code, message } = misfit
      return pause({ sequence: stored.position, subject: '', eventId: null, code, message }, misfit)
    }
    state = stored.position < head.sequence ? 'catching_up' : 'live'
    for await (const batch of reader.follow(stored.position, { maxBatch }, signal)) {
      if (batch.last >= head.sequence) state = 'live'
      const poison = await writer.write(batch, head.epoch, state)
      if (poison !== null) {
        const { sequence, subject } = poison.entry
        const eventId = isBadEntry(poison.entry) ? null : (poison.entry.commit.events[0]?.id ?? null)
        return pause({ sequence, subject, eventId, ...wordsOf(poison.error) }, poison.error)
      }
      if (signal.aborted) return
    }
  }

  /** Fires `restart` when the stored checkpoint or the log are no longer what is being followed. */
  const watch = (current: AbortController): NodeJS.Timeout => {
    // In this order: what is asked for later can only be further on, be it moved by us or by another process.
    const look = async (): Promise<void> => {
      const position = writer.position()
      const stored = await readCheckpoint(database, projection)
      const head = await reader.head()
      if (stored.position < position || misfitOf(stored, head) !== null) current.abort()
    }
    return setInterval(() => void look().catch(() => undefined), lookMs)
  }

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const refresh = refreshes
      restart = new AbortController()
      const watching = watch(restart)
      try {
        await follow(AbortSignal.any([stopping.signal, restart.signal]), refresh)
        failures = 0
      } catch (error) {
        if (stopping.signal.aborted) break
        if (error instanceof CheckpointMoved) continue
        if (failures++ === 0) onProblem(`Projection ${projection.name} starts again.`, error)
        await rest(Math.min(2_000, 50 * 2 ** Math.min(failures, 6)), stopping.signal)
      } finally {
        clearInterval(watching)
      }
    }
    state = 'stopped'
  }
  const running = run()

  return {
    projection,
    position: () => (refreshed === refreshes ? writer.position() : startOfLog),
    state: () => state,
    rate: () => meter.rate(),
    onMoved: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: () => {
      refreshes++
      restart.abort()
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const rest = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined)

const wordsOf = (error: unknown): Pick<ProjectionFailure, 'code' | 'message'> => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : 'apply_failed',
  // Long ones quote what they could not parse.
  message: (error instanceof Error ? error.message : String(error)).slice(0, 2_000),
})

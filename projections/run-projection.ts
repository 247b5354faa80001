// Runs the generation of a projection that serves along the log: catches up, stays live, pauses on a poison entry.
import { setTimeout as delay } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
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
import type { Database, Sql } from './database.ts'
import { failureAt, failureOfPoison } from './failure-of.ts'
import type { LogReader } from './log-reader.ts'
import { createPipelinedWriter } from './pipelined-writer.ts'
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
  /** To be called after its pause was lifted; others find out within a second. */
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
  /** Answers in the order of what is sent: batches of a projection that only adds rows then overlap. */
  readonly pipe?: Sql | undefined
  readonly onProblem?: (message: string, error: unknown) => void
}

/** How often a runner looks whether its tables were replaced, its pause lifted, or the log replaced. */
const lookMs = 1_000

export const runProjection = (projection: Projection, options: RunProjectionOptions): ProjectionRunner => {
  const { database, reader, maxBatch = 1_000, onProblem = () => undefined } = options
  const stopping = new AbortController()
  const listeners = new Set<(position: LogSequence) => void>()
  const meter = createRateMeter()
  const writer = createBatchWriter(projection, {
    database,
    role: 'live',
    stopping: stopping.signal,
    onMoved: (position) => {
      meter.note(position)
      for (const listener of listeners) listener(position)
    },
    onProblem,
  })
  const pipelined =
    options.pipe === undefined || projection.insertion === undefined
      ? null
      : createPipelinedWriter(projection, {
          below: writer,
          pipe: options.pipe,
          stored: () => writer.patiently(() => readCheckpoint(database, projection)),
          onBroken: () => restart.abort(),
        })
  let { from } = options
  let state: ProjectionState = 'starting'
  let restart = new AbortController()
  let generation = 0

  const pause = async (failure: ProjectionFailure, error: unknown): Promise<void> => {
    state = 'paused'
    onProblem(`Projection ${projection.name} pauses at ${failure.sequence}: ${failure.message}`, error)
    const own = { name: projection.name, generation, role: 'live' } as const
    await writer.patiently(() => storeFailure(database, own, writer.position(), failure))
  }

  /** Until the log ends, the signal fires, or the projection pauses. */
  const follow = async (signal: AbortSignal): Promise<void> => {
    await pipelined?.settled()
    const stored = from ?? (await writer.patiently(() => readCheckpoint(database, projection)))
    from = undefined
    generation = stored.generation
    writer.standAt(stored.position, generation)
    // Its tables are of another version: it serves as it is until this version's own have caught up.
    if (stored.version !== projection.version) {
      state = 'catching_up'
      return rest(lookMs, signal)
    }
    if (stored.state === 'paused') {
      state = 'paused'
      return rest(lookMs, signal)
    }
    const head = await reader.head()
    const misfit = misfitOf(stored, head)
    if (misfit !== null) return pause(failureAt(stored.position, misfit), misfit)
    state = stored.position < head.sequence ? 'catching_up' : 'live'
    for await (const batch of reader.follow(stored.position, { maxBatch }, signal)) {
      if (batch.last >= head.sequence) state = 'live'
      const poison = await (pipelined ?? writer).write(batch, head.epoch, state)
      if (poison !== null) return pause(failureOfPoison(poison), poison.error)
      if (signal.aborted) return
    }
  }

  /** Fires `restart` when the generation that serves or the log are no longer what is being followed. */
  const watch = (current: AbortController): NodeJS.Timeout => {
    // In this order: what is asked for later can only be further on, be it moved by us or by another process.
    const look = async (): Promise<void> => {
      const position = writer.position()
      const stored = await readCheckpoint(database, projection)
      const head = await reader.head()
      const replaced = stored.generation !== generation || stored.position < position
      if (replaced || misfitOf(stored, head) !== null) current.abort()
    }
    return setInterval(() => void look().catch(() => undefined), lookMs)
  }

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      restart = new AbortController()
      const watching = watch(restart)
      try {
        await follow(AbortSignal.any([stopping.signal, restart.signal]))
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
    await pipelined?.settled()
    state = 'stopped'
  }
  const running = run()

  return {
    projection,
    position: writer.position,
    state: () => state,
    rate: () => meter.rate(),
    onMoved: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: () => restart.abort(),
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const rest = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined)

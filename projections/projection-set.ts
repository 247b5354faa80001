// All projections as one thing: started, asked how they are, rebuilt, and waited for.
import type { LogSequence } from '../schemas/ids.ts'
import { projections as catalogue } from './catalogue.ts'
import { type Checkpoint, clearFailure, misfitOf, readCheckpoint, readCheckpoints } from './checkpoints.ts'
import type { Database } from './database.ts'
import type { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { UnknownProjection } from './projection-errors.ts'
import { resetProjection } from './rebuild.ts'
import { type ProjectionRunner, runProjection } from './run-projection.ts'
import { createSharedLogReader } from './shared-log-reader.ts'
import { waitForPosition, waitOnRunner } from './wait-for-position.ts'

export interface ProjectionStatus extends Checkpoint {
  readonly head: LogSequence
  /** Log messages not yet seen. */
  readonly lag: number
  /** Log messages a second, lately; absent in a process that only serves reads. */
  readonly rate?: number
}

export interface ProjectionSet {
  status(): Promise<readonly ProjectionStatus[]>
  /** Empties the projection and lets it fill again from the log's beginning. @throws UnknownProjection. */
  rebuild(name: string): Promise<void>
  /** @returns false when it was not paused. @throws UnknownProjection. */
  resume(name: string): Promise<boolean>
  /** Resolves when the projection has seen the sequence. @throws ProjectionBehind (retryable) after the time-out. */
  waitFor(name: string, sequence: number, timeoutMs: number): Promise<void>
  stop(): Promise<void>
}

export interface ProjectionSetOptions {
  readonly database: Database
  readonly reader: LogReader
  /** False in a process that only serves reads. */
  readonly run: boolean
  readonly projections?: readonly Projection[]
  readonly maxBatch?: number
  readonly onProblem?: (message: string, error: unknown) => void
}

/** @throws LogRecreated, LogBehindCheckpoint: a read model must never count on over another log. */
export const startProjections = async (options: ProjectionSetOptions): Promise<ProjectionSet> => {
  const { database, projections = catalogue } = options
  const reader = createSharedLogReader(options.reader)
  const stored = new Map((await readCheckpoints(database, projections)).map((each) => [each.name, each]))
  // After the checkpoints: another process may be moving them on, and then they would seem to be beyond the log's end.
  const head = await reader.head()
  for (const checkpoint of stored.values()) {
    const misfit = misfitOf(checkpoint, head)
    if (misfit !== null) throw misfit
  }
  const runners: readonly ProjectionRunner[] = options.run
    ? projections.map((projection) => {
        const from = stored.get(projection.name)
        return runProjection(projection, { ...options, reader, ...(from !== undefined && { from }) })
      })
    : []
  const runnerOf = (name: string): ProjectionRunner | undefined =>
    runners.find(({ projection }) => projection.name === name)

  const find = (name: string): Projection => {
    const found = projections.find((projection) => projection.name === name)
    if (found !== undefined) return found
    throw new UnknownProjection(
      name,
      projections.map((projection) => projection.name),
    )
  }

  return {
    status: async () => {
      const checkpoints = await readCheckpoints(database, projections)
      const { sequence } = await reader.head()
      return checkpoints.map((checkpoint) => {
        const runner = runnerOf(checkpoint.name)
        return {
          ...checkpoint,
          state: stateOf(checkpoint, runner),
          head: sequence,
          lag: Math.max(0, sequence - checkpoint.position),
          ...(runner !== undefined && { rate: runner.rate() }),
        }
      })
    },
    rebuild: async (name) => {
      await resetProjection(database, find(name))
      runnerOf(name)?.refresh()
    },
    resume: async (name) => {
      const resumed = await clearFailure(database, find(name))
      runnerOf(name)?.refresh()
      return resumed
    },
    waitFor: async (name, sequence, timeoutMs) => {
      const projection = find(name)
      const runner = runnerOf(name)
      if (runner !== undefined) return waitOnRunner(runner, sequence, timeoutMs)
      const position = async (): Promise<LogSequence> => (await readCheckpoint(database, projection)).position
      return waitForPosition(name, position, sequence, timeoutMs)
    },
    stop: async () => {
      await Promise.all(runners.map((runner) => runner.stop()))
    },
  }
}

/** What is stored is as old as the last batch; but a pause is what is stored, by whichever process, and nothing else. */
const stateOf = ({ state }: Checkpoint, runner: ProjectionRunner | undefined): Checkpoint['state'] => {
  const own = runner?.state() ?? 'paused'
  return state === 'paused' || own === 'paused' ? state : own
}

// All projections as one thing: started, asked how they are, rebuilt, verified, and waited for.
import type { LogSequence } from '../schemas/ids.ts'
import { startBuilder } from './builder.ts'
import { projections as catalogue } from './catalogue.ts'
import { checkSecondCopy, type MessageAt } from './check-second-copy.ts'
import { type Checkpoint, clearPause, misfitOf, readCheckpoint, readCheckpoints } from './checkpoints.ts'
import type { Database, Sql } from './database.ts'
import {
  type Build,
  dropGenerations,
  pauseBuilds,
  readBuilds,
  readKept,
  requestBuild,
  type Verification,
} from './generations.ts'
import type { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { OtherVersionServes, UnknownProjection } from './projection-errors.ts'
import { type ProjectionRunner, runProjection } from './run-projection.ts'
import { createSharedLogReader } from './shared-log-reader.ts'
import { waitForPosition, waitOnRunner } from './wait-for-position.ts'

export interface ProjectionStatus extends Checkpoint {
  readonly head: LogSequence
  /** Log messages not yet seen. */
  readonly lag: number
  /** Log messages a second, lately; absent in a process that only serves reads. */
  readonly rate?: number
  /** What is being filled, or waits for its turn; at most one of each kind. */
  readonly builds: readonly BuildStatus[]
  /** Generations that were replaced and still lie there. */
  readonly old: readonly number[]
  /** The last one. */
  readonly verification: Verification | null
}

export interface BuildStatus extends Omit<Build, 'name'> {
  readonly head: LogSequence
  /** Seconds, at the pace of the last few; null when it does not move. */
  readonly eta: number | null
}

export interface ProjectionSet {
  status(): Promise<readonly ProjectionStatus[]>
  /**
   * Fills a new generation from the log beside the one that serves, then puts it in its place. Asked again meanwhile it is
   * the same one. @returns its number. @throws UnknownProjection, as all below.
   */
  rebuild(name: string): Promise<number>
  /** Fills a shadow and compares. @returns its number; the verification bears it. @throws OtherVersionServes. */
  verify(name: string): Promise<number>
  /** Of what is being filled. @returns false when there was nothing to pause. */
  pause(name: string): Promise<boolean>
  /** Of what serves and what is being filled. @returns false when nothing was paused. */
  resume(name: string): Promise<boolean>
  /** What is being filled is dropped. @returns false when there was nothing. */
  cancel(name: string): Promise<boolean>
  /** @returns the generations that were replaced and are gone now. */
  dropOld(name: string): Promise<readonly number[]>
  /** Resolves when the projection has seen the sequence. @throws ProjectionBehind (retryable) after the time-out. */
  waitFor(name: string, sequence: number, timeoutMs: number): Promise<void>
  stop(): Promise<void>
}

export interface ProjectionSetOptions {
  readonly database: Database
  readonly reader: LogReader
  /** False in a process that only serves reads. */
  readonly run: boolean
  /** For the log to be compared with the second copy at start; absent skips it. */
  readonly messageAt?: MessageAt
  /** Rebuilds and verifications under way at once, in all processes together; 0 leaves them to others. Without it 2, or 0 when nothing is run. */
  readonly buildsAtOnce?: number
  readonly projections?: readonly Projection[]
  readonly maxBatch?: number
  /** See `RunProjectionOptions`. */
  readonly pipe?: Sql | undefined
  readonly onProblem?: (message: string, error: unknown) => void
}

/** @throws LogRecreated, LogBehindCheckpoint, LogDiffersFromCopy: a read model must never count on over another log. */
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
  // Before anything new is copied from it.
  if (options.messageAt !== undefined) await checkSecondCopy(database, options.messageAt, { window: 64, sample: 64 })
  const runners: readonly ProjectionRunner[] = options.run
    ? projections.map((projection) => {
        const from = stored.get(projection.name)
        return runProjection(projection, { ...options, reader, ...(from !== undefined && { from }) })
      })
    : []
  const { buildsAtOnce = options.run ? 2 : 0 } = options
  const builder =
    buildsAtOnce === 0
      ? null
      : startBuilder({
          database,
          reader,
          projections,
          maxBatch: options.maxBatch,
          atOnce: buildsAtOnce,
          onProblem: options.onProblem ?? (() => undefined),
        })
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
      const builds = await readBuilds(database)
      const kept = await readKept(database)
      const { sequence } = await reader.head()
      return checkpoints.map((checkpoint) => {
        const { name } = checkpoint
        const runner = runnerOf(name)
        const ours = kept.filter((each) => each.name === name)
        return {
          ...checkpoint,
          state: stateOf(checkpoint, find(name).version, runner),
          head: sequence,
          lag: Math.max(0, sequence - checkpoint.position),
          ...(runner !== undefined && { rate: runner.rate() }),
          builds: builds.filter((each) => each.name === name).map((each) => buildStatus(each, sequence)),
          old: ours.flatMap(({ old }) => (old === null ? [] : [old])),
          verification: ours.find(({ report }) => report !== null)?.report ?? null,
        }
      })
    },
    rebuild: async (name) => {
      const generation = await database.transaction((sql) => requestBuild(sql, find(name), 'next'))
      builder?.wake()
      return generation
    },
    verify: async (name) => {
      const projection = find(name)
      const generation = await database.transaction(async (sql) => {
        const { version } = await readCheckpoint(sql, projection)
        if (version !== projection.version) throw new OtherVersionServes(name, version, projection.version)
        return requestBuild(sql, projection, 'shadow')
      })
      builder?.wake()
      return generation
    },
    pause: async (name) => pauseBuilds(database, find(name)),
    resume: async (name) => {
      const resumed = await clearPause(database, find(name))
      runnerOf(name)?.refresh()
      builder?.wake()
      return resumed
    },
    cancel: async (name) => (await dropGenerations(database, find(name), ['next', 'shadow'])).length > 0,
    dropOld: async (name) => dropGenerations(database, find(name), ['old']),
    waitFor: async (name, sequence, timeoutMs) => {
      const projection = find(name)
      const runner = runnerOf(name)
      if (runner !== undefined) return waitOnRunner(runner, sequence, timeoutMs)
      const position = async (): Promise<LogSequence> => (await readCheckpoint(database, projection)).position
      return waitForPosition(name, position, sequence, timeoutMs)
    },
    stop: async () => {
      await Promise.all([builder?.stop(), ...runners.map((runner) => runner.stop())])
    },
  }
}

/** What is stored is as old as the last batch; but a pause is what is stored, by whichever process, and nothing else. */
const stateOf = (
  { state, version }: Checkpoint,
  own: number,
  runner: ProjectionRunner | undefined,
): Checkpoint['state'] => {
  // What serves is of older code, which may run no more; of newer code, and others run it.
  if (version !== own) return version < own ? 'catching_up' : state
  const running = runner?.state() ?? 'paused'
  return state === 'paused' || running === 'paused' ? state : running
}

const buildStatus = ({ name: _, ...build }: Build, head: LogSequence): BuildStatus => ({
  ...build,
  head,
  eta: build.rate > 0 ? Math.ceil(Math.max(0, head - build.position) / build.rate) : null,
})

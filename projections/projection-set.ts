// All projections as one thing: started, asked how they are, rebuilt, verified, and waited for.
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import {
  type AsOf,
  type AsOfBounds,
  defaultAsOfBounds,
  dropAsOf,
  dropExpired,
  readAsOf,
  requestAsOf,
  schemaAsOf,
  sequenceAt,
} from './as-of.ts'
import { auditProjection } from './audit.ts'
import { type BuilderOptions, startBuilder } from './builder.ts'
import { projections as catalogue } from './catalogue.ts'
import { checkSecondCopy, type MessageAt } from './check-second-copy.ts'
import { type Checkpoint, clearPause, misfitOf, readCheckpoint, readCheckpoints } from './checkpoints.ts'
import type { Database, Sql } from './database.ts'
import {
  type Build,
  type BuildSource,
  dropGenerations,
  pauseBuilds,
  readBuilds,
  readKept,
  requestBuild,
  type Verification,
} from './generations.ts'
import type { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { OtherVersionServes, SequenceOutOfRange, UnknownProjection } from './projection-errors.ts'
import { type ProjectionRunner, runProjection } from './run-projection.ts'
import { createSharedLogReader } from './shared-log-reader.ts'
import { createWaitFor, waitForPosition } from './wait-for-position.ts'

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
  /** Of other times: kept for a while, or being filled. */
  readonly asOf: readonly AsOf[]
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
  rebuild(name: string, source?: BuildSource): Promise<number>
  /** Fills a shadow and compares. @returns its number; the verification bears it. @throws OtherVersionServes. */
  verify(name: string): Promise<number>
  /**
   * Fills one as it was after this message of the log, or at this moment, for `schemaAsOf` to find; dropped by itself a while after
   * it was last read. @throws SequenceOutOfRange, AsOfTooFar, TooManyAsOf; ProjectionBehind when the moment cannot be told yet.
   */
  asOf(name: string, at: Moment): Promise<AsOf>
  /** @returns where its tables lie. @throws AsOfNotFound, ProjectionBehind while it is filled. */
  schemaAsOf(name: string, sequence: number): Promise<string>
  /** @returns the generations of other times that are gone now. */
  dropAsOf(name: string): Promise<readonly number[]>
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

export type Moment = { readonly sequence: number } | { readonly time: string }

export interface ProjectionSetOptions {
  readonly database: Database
  readonly reader: LogReader
  /** False in a process that only serves reads. */
  readonly run: boolean
  /** For the log to be compared with the second copy at start; absent skips it. */
  readonly messageAt?: MessageAt
  /** Rebuilds and verifications under way at once, in all processes together; 0 leaves them to others. Without it 2, or 0 when nothing is run. */
  readonly buildsAtOnce?: number
  /** Of read models of other times. */
  readonly asOf?: AsOfBounds
  /** See `BuilderOptions`. */
  readonly openArchived?: BuilderOptions['openArchived']
  readonly projections?: readonly Projection[]
  readonly maxBatch?: number
  /** See `RunProjectionOptions`. */
  readonly pipe?: Sql | undefined
  readonly onProblem?: (message: string, error: unknown) => void
}

/** How soon what nobody has read for long is dropped. */
const sweepMs = 5_000
/** How long a moment waits for the copy that knows when commits were made. */
const momentMs = 5_000

/** @throws LogRecreated, LogBehindCheckpoint, LogDiffersFromCopy: a read model must never count on over another log. */
export const startProjections = async (options: ProjectionSetOptions): Promise<ProjectionSet> => {
  const { database, projections = catalogue, asOf = defaultAsOfBounds } = options
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
          asOf,
          openArchived: options.openArchived,
          onProblem: options.onProblem ?? (() => undefined),
        })
  const waits = new Map(runners.map((runner) => [runner.projection.name, createWaitFor(runner)]))
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

  const sweeping = options.run
    ? setInterval(() => void dropExpired(database).catch(() => undefined), sweepMs)
    : undefined

  const waitFor: ProjectionSet['waitFor'] = (name, sequence, timeoutMs) =>
    waits.get(name)?.(sequence, timeoutMs) ?? waitElsewhere(name, sequence, timeoutMs)
  const waitElsewhere: ProjectionSet['waitFor'] = async (name, sequence, timeoutMs) => {
    const projection = find(name)
    const position = async (): Promise<LogSequence> => (await readCheckpoint(database, projection)).position
    return waitForPosition(name, position, sequence, timeoutMs)
  }

  return {
    status: async () => {
      const checkpoints = await readCheckpoints(database, projections)
      const builds = await readBuilds(database)
      const kept = await readKept(database)
      const times = await readAsOf(database)
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
          asOf: times.flatMap(({ name: of, ...each }) => (of === name ? [each] : [])),
          verification: ours.find(({ report }) => report !== null)?.report ?? null,
        }
      })
    },
    rebuild: async (name, source) => {
      const generation = await database.transaction((sql) => requestBuild(sql, find(name), 'next', source))
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
    asOf: async (name, at) => {
      const projection = find(name)
      const { sequence: head } = await reader.head()
      if ('time' in at) await waitFor(auditProjection.name, head, momentMs)
      const sequence = 'time' in at ? await sequenceAt(database, at.time) : at.sequence
      if (sequence < 1 || sequence > head) throw new SequenceOutOfRange(sequence, head)
      const asked = await requestAsOf(database, projection, sequence, asOf)
      builder?.wake()
      return asked
    },
    schemaAsOf: async (name, sequence) => schemaAsOf(database, find(name), sequence, asOf),
    dropAsOf: async (name) => dropAsOf(database, find(name)),
    pause: async (name) => pauseBuilds(database, find(name)),
    resume: async (name) => {
      const resumed = await clearPause(database, find(name))
      runnerOf(name)?.refresh()
      builder?.wake()
      return resumed
    },
    cancel: async (name) => (await dropGenerations(database, find(name), ['next', 'shadow'])).length > 0,
    dropOld: async (name) => dropGenerations(database, find(name), ['old']),
    waitFor,
    stop: async () => {
      clearInterval(sweeping)
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

const buildStatus = ({ name: _, ...build }: Build, head: LogSequence): BuildStatus => {
  const end = build.target === null ? head : logSequence.parse(build.target)
  const eta = build.rate > 0 ? Math.ceil(Math.max(0, end - build.position) / build.rate) : null
  return { ...build, head: end, eta }
}

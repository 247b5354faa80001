// Fills one generation from the log: a strict runner of its own, which stops at what it cannot apply and never skips.
import { CasebookError } from '../schemas/casebook-error.ts'
import type { LogSequence } from '../schemas/ids.ts'
import { type BatchWriter, createBatchWriter } from './batch-writer.ts'
import { misfitOf, type ProjectionFailure, type RunBy } from './checkpoints.ts'
import type { Database } from './database.ts'
import { failureAt, failureOfPoison } from './failure-of.ts'
import type { Pace } from './generations.ts'
import { isBadEntry, type LogBatch, type LogReader } from './log-reader.ts'
import { type Manners, noManners } from './manners.ts'
import type { Projection } from './projection.ts'
import { createRateMeter } from './rate-meter.ts'

/** What the filling stops for, to be stored and shown. */
export class BuildStopped extends Error {
  readonly failure: ProjectionFailure

  constructor(failure: ProjectionFailure, cause: unknown) {
    super(failure.message, { cause })
    this.failure = failure
  }
}

export interface Filling {
  readonly position: () => LogSequence
  readonly pace: () => Pace
  readonly standAt: BatchWriter['standAt']
  /** Exactly so far, and no further; `hurries` where others wait for it. @throws BuildStopped, CheckpointMoved, DatabaseUnavailable, or what the log throws. */
  to(target: LogSequence, epoch: string, signal: AbortSignal, hurries?: boolean): Promise<void>
}

export interface FillOptions {
  readonly database: Database
  readonly reader: LogReader
  readonly maxBatch?: number | undefined
  /** Towards those who read meanwhile; without it there are none. */
  readonly manners?: Manners
  readonly onProblem: (message: string, error: unknown) => void
}

/** More than a live runner's: rows that change often are written less often. */
const defaultBatch = 4_000
/** However many entries were asked for: a batch becomes one statement. */
const wholeBytes = 16 * 1024 * 1024
/** While somebody reads. */
const smallBatch = 500

export const createFilling = (
  projection: Projection,
  role: Exclude<RunBy['role'], 'live'>,
  { database, reader, maxBatch = defaultBatch, manners = noManners, onProblem }: FillOptions,
  stopping: AbortSignal,
): Filling => {
  const messages = createRateMeter()
  const events = createRateMeter()
  let seen = 0
  let hurried = false
  const writer = createBatchWriter(projection, {
    database,
    role,
    stopping,
    piece: (work) => (hurried ? work() : manners.piece(work)),
    onMoved: (position) => messages.note(position),
    onProblem,
  })
  /** What will be no better the next time it is read stops the filling. */
  async function* followed(after: LogSequence, signal: AbortSignal): AsyncGenerator<LogBatch> {
    try {
      yield* reader.follow(after, { maxBatch }, signal)
    } catch (error) {
      if (!(error instanceof CasebookError) || error.retryable) throw error
      throw new BuildStopped(failureAt(writer.position(), error), error)
    }
  }
  return {
    position: writer.position,
    pace: () => ({ rate: messages.rate(), eventRate: events.rate() }),
    standAt: writer.standAt,
    to: async (target, epoch, signal, hurries = false) => {
      hurried = hurries
      // Nor is the target beyond the end of the log, or it would be waited for.
      const position = target > writer.position() ? target : writer.position()
      const misfit = misfitOf({ name: projection.name, position, epoch }, await reader.head())
      if (misfit !== null) throw new BuildStopped(failureAt(writer.position(), misfit), misfit)
      if (writer.position() >= target) return
      const most = (): number => (manners.watched() ? Math.min(smallBatch, maxBatch) : maxBatch)
      for await (const batch of whole(followed(writer.position(), signal), most, target)) {
        const poison = await writer.write(batch, epoch, 'catching_up')
        if (poison !== null) throw new BuildStopped(failureOfPoison(poison), poison.error)
        seen += batch.entries.reduce((sum, entry) => sum + (isBadEntry(entry) ? 0 : entry.commit.events.length), 0)
        events.note(seen)
        if (writer.position() >= target || signal.aborted) break
      }
      signal.throwIfAborted()
      if (writer.position() < target) throw new Error(`Reading the log ended before ${target}.`)
    },
  }
}

/**
 * A follower of the log is handed what is there; each batch is a transaction for every projection, and a row that changes
 * in two of them is written twice.
 */
async function* whole(
  batches: AsyncIterable<LogBatch>,
  most: () => number,
  target: LogSequence,
): AsyncGenerator<LogBatch> {
  let gathered: LogBatch['entries'][number][] = []
  let bytes = 0
  for await (const each of batches) {
    const batch = upTo(each, target)
    gathered.push(...batch.entries)
    bytes += batch.entries.reduce((sum, { payload }) => sum + payload.length, 0)
    if (gathered.length < most() && bytes < wholeBytes && batch.last < target) continue
    yield { entries: gathered, last: batch.last }
    gathered = []
    bytes = 0
  }
}

const upTo = ({ entries, last }: LogBatch, target: LogSequence): LogBatch =>
  last <= target ? { entries, last } : { entries: entries.filter(({ sequence }) => sequence <= target), last: target }

// The log in strict mode: nothing counts as appended or read before Postgres has committed its copy of it, too.
import type { EventLog } from '../commands/event-log.ts'
import { CopyBehind } from '../commands/log-errors.ts'
import type { LogSequence } from '../schemas/ids.ts'

/** Resolves when the copy holds every message up to the sequence; rejects when that is not so in time. */
export type AwaitCopy = (sequence: LogSequence) => Promise<void>

/**
 * An append is in the log when its copy is waited for. When that fails, a repeat of the command finds what it wrote
 * (`duplicate`, or by reading on) and waits for the same copy. What is read is waited for as well: else a decision could
 * stand on, and a repeat be answered by, a commit that is lost with the power.
 * @throws CopyBehind (retryable) beside what the log throws.
 */
export const createStrictEventLog = (log: EventLog, awaitCopy: AwaitCopy): EventLog => {
  const copied = (sequence: LogSequence): Promise<void> =>
    awaitCopy(sequence).catch((error: unknown) => {
      throw new CopyBehind(sequence, { cause: error })
    })
  return {
    read: async (stream, after) => {
      const commits = await log.read(stream, after)
      const last = commits.at(-1)
      if (last !== undefined) await copied(last.sequence)
      return commits
    },
    append: async (stream, expected, draft) => {
      const outcome = await log.append(stream, expected, draft)
      if (outcome.kind === 'appended') await copied(outcome.commit.sequence)
      if (outcome.kind === 'duplicate') await copied(outcome.sequence)
      return outcome
    },
  }
}

// What has been done must be told: while the log is away, its result is kept and offered again.
import { setTimeout as delay } from 'node:timers/promises'
import { CasebookError } from '../schemas/casebook-error.ts'
import { shuttingDown } from './abortions.ts'

const longestWaitMs = 2_000

/** @throws what will not pass, or the last failure once the process is to stop. */
export const keepTrying = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  for (let waitMs = 100; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      return await work()
    } catch (error) {
      const passes = error instanceof CasebookError && error.retryable
      if (!passes || signal.reason === shuttingDown) throw error
    }
    // A session that is over must still be told, so its signal does not end the wait.
    await delay(waitMs)
  }
}

// Reading for an open stream while the log is away: the client keeps its stream and its heartbeat, and misses nothing.
import { setTimeout as delay } from 'node:timers/promises'
import { CasebookError } from '../../schemas/casebook-error.ts'

const pauseMs = 500

/** @returns null when the signal fired first. @throws what will not pass. */
export const patiently = async <T>(read: () => Promise<T>, signal: AbortSignal): Promise<T | null> => {
  while (!signal.aborted) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof CasebookError) || !error.retryable) throw error
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  return null
}

// Looks, while the process runs, whether the log is still the one that was begun on and holds all it held.

import { CasebookError } from '../schemas/casebook-error.ts'
import { checkSecondCopy, type MessageAt } from './check-second-copy.ts'
import { misfitOf, readCheckpoints } from './checkpoints.ts'
import type { Database } from './database.ts'
import type { LogReader } from './log-reader.ts'
import type { Projection } from './projection.ts'
import { LogShortened } from './projection-errors.ts'

export interface GuardOptions {
  readonly database: Database
  readonly reader: Pick<LogReader, 'head'>
  readonly messageAt: MessageAt
  readonly projections: readonly Projection[]
  readonly everyMs?: number
}

export interface LogGuard {
  /** Resolves with what is wrong, once something is; never otherwise. */
  readonly lost: Promise<CasebookError>
  stop(): void
}

export const guardLog = ({ database, reader, messageAt, projections, everyMs = 2_000 }: GuardOptions): LogGuard => {
  let reached = 0
  let looking = false

  const look = async (): Promise<void> => {
    // In this order: what is asked for later can only be further on.
    const stored = await readCheckpoints(database, projections)
    const before = reached
    const head = await reader.head()
    reached = Math.max(before, head.sequence)
    if (head.sequence < before) throw new LogShortened(before, head.sequence)
    for (const checkpoint of stored) {
      const misfit = misfitOf(checkpoint, head)
      if (misfit !== null) throw misfit
    }
    await checkSecondCopy(database, messageAt, { window: 1, sample: 0 })
  }

  const { promise: lost, resolve } = Promise.withResolvers<CasebookError>()
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => {
        // Whatever is away comes back, and is asked again.
        if (error instanceof CasebookError && !error.retryable) resolve(error)
      })
      .finally(() => {
        looking = false
      })
  }, everyMs)
  return { lost, stop: () => clearInterval(timer) }
}

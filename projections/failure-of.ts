// What stopped a runner, as it is stored and shown.
import type { Poison } from './batch-writer.ts'
import type { ProjectionFailure } from './checkpoints.ts'
import { isBadEntry } from './log-reader.ts'

export const failureOfPoison = ({ entry, error }: Poison): ProjectionFailure => ({
  sequence: entry.sequence,
  subject: entry.subject,
  eventId: isBadEntry(entry) ? null : (entry.commit.events[0]?.id ?? null),
  ...failureOf(error),
})

/** At a position rather than an entry. */
export const failureAt = (sequence: number, error: unknown): ProjectionFailure => ({
  sequence,
  subject: '',
  eventId: null,
  ...failureOf(error),
})

const failureOf = (error: unknown): Pick<ProjectionFailure, 'code' | 'message' | 'at'> => ({
  code: error instanceof Error && 'code' in error ? String(error.code) : 'apply_failed',
  // Long ones quote what they could not parse.
  message: (error instanceof Error ? error.message : String(error)).slice(0, 2_000),
  at: new Date().toISOString(),
})

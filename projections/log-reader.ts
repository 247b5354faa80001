// The read side's port to the log: every commit in order, from any position on.
import type { Commit } from '../schemas/commit.ts'
import type { LogSequence } from '../schemas/ids.ts'

/** A message of the log as it lies there; `commit` is the decoded form. */
export interface LogEntry {
  readonly sequence: LogSequence
  readonly commit: Commit
  /** Subject, payload and hashes verbatim: what the second copy keeps. */
  readonly subject: string
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
}

/** A message that cannot be decoded: the reader hands it on instead of skipping it. */
export interface BadLogEntry {
  readonly sequence: LogSequence
  readonly subject: string
  readonly payload: string
  readonly headers?: Readonly<Record<string, string>>
  readonly error: { readonly code: string; readonly message: string }
}

export type LogBatch = {
  readonly entries: readonly (LogEntry | BadLogEntry)[]
  /** Last sequence seen, also when it held nothing for us: the checkpoint to store. */
  readonly last: LogSequence
}

export interface LogHead {
  readonly sequence: LogSequence
  /** The stream's creation time: a recreated or restored log has another epoch, and every runner must stop. */
  readonly epoch: string
}

export interface LogReader {
  head(): Promise<LogHead>
  /**
   * Batches after the position, in order, without gaps, going on with new commits until the signal fires.
   * Yields as soon as something is there; at most `maxBatch` entries at a time. Survives reconnections.
   */
  follow(after: LogSequence, options: { readonly maxBatch: number }, signal: AbortSignal): AsyncIterable<LogBatch>
}

export const isBadEntry = (entry: LogEntry | BadLogEntry): entry is BadLogEntry => 'error' in entry

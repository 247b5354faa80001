// The write side's port to the log: read one stream, append one commit. Memory and JetStream pass the same contract.
import type { Commit, CommitDraft, StreamId } from '../schemas/commit.ts'
import { emptyStream, type LogSequence, type StreamVersion, startOfLog } from '../schemas/ids.ts'

/** Where a stream stands: what an append must name to be accepted. */
export interface StreamPosition {
  /** Log sequence of the stream's last commit; 0 when there is none. */
  readonly sequence: LogSequence
  readonly version: StreamVersion
  /** Hash of the last commit; empty when there is none. */
  readonly hash: string
}

/** Of a stream that nothing was appended to; and where to read one from its beginning. */
export const beforeFirst: StreamPosition = { sequence: startOfLog, version: emptyStream, hash: '' }

export type AppendOutcome =
  /** `bytes` is the size of the stored payload. */
  | { readonly kind: 'appended'; readonly commit: Commit; readonly bytes: number }
  /** The log already holds a commit with this command id (its sequence is given); nothing was written. */
  | { readonly kind: 'duplicate'; readonly sequence: LogSequence }
  /** Somebody else appended first, perhaps this very command: read on from the position and decide again. */
  | { readonly kind: 'conflict' }

export interface EventLog {
  /**
   * Commits of one stream after a log sequence, in order, read from the leader (fresh).
   * @throws LogUnavailable (retryable) when the log cannot be reached.
   * @throws CorruptCommit when a stored message is not a commit or breaks the hash chain.
   */
  read(stream: StreamId, after: StreamPosition): Promise<readonly Commit[]>

  /**
   * Appends all events of the draft as one message, if the stream still stands at `expected`.
   * An answer that did not arrive is asked for again with the same command id until it is known.
   * @throws LogUnavailable (retryable), LogFull (retryable), CommitTooLarge.
   */
  append(stream: StreamId, expected: StreamPosition, draft: CommitDraft): Promise<AppendOutcome>
}

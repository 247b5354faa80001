// The archivist's port to the archive: commits appended in the order of their streams, blobs, and how far it has come.
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { Commit, StreamId } from '../../schemas/commit.ts'
import type { LogSequence } from '../../schemas/ids.ts'
import type { LogMessage } from '../../schemas/log-message.ts'
import type { BlobRef } from '../../schemas/stored-text.ts'

/** `commit` is absent when nobody can read the message: it is kept all the same. */
export interface MirroredMessage extends Omit<LogMessage, 'headers'> {
  readonly headers?: LogMessage['headers'] | undefined
  readonly commit?: Pick<Commit, 'stream' | 'version' | 'events'> | undefined
}

export type ArchiveOutcome =
  /** It is there, whoever wrote it. */
  | { readonly kind: 'kept' }
  /** The stream in the archive ends before this commit: what lies between is to be appended first. */
  | { readonly kind: 'behind'; readonly version: number }
  /** Something else is in its place, or it is not taken. */
  | { readonly kind: 'differs'; readonly detail: string }

/**
 * Messages mirrored before the place is moved, as a stretch of sequences. Those of one stretch may lie in the archive in any
 * order, and never after one that is a stretch further: what reads the archive in the log's order counts on it.
 */
export const stretch = 256

/** How far the archive mirrors the log. */
export interface ArchivePlace {
  /** Every message up to it has been mirrored. */
  readonly position: LogSequence
  /** Of the log: its creation time. */
  readonly epoch: string
  /** For the next move: two processes that mirror never both win. */
  readonly mark: bigint
}

/** Each method @throws ArchiveUnavailable. */
export interface Archive {
  /** @returns null when nothing has been mirrored. */
  place(): Promise<ArchivePlace | null>
  /** @returns null when somebody else has moved it. */
  move(from: ArchivePlace | null, position: LogSequence, epoch: string): Promise<ArchivePlace | null>
  append(message: MirroredMessage): Promise<ArchiveOutcome>
  /** Whether this very message is there. */
  holds(message: MirroredMessage): Promise<boolean>
  holdsBlob(ref: BlobRef): Promise<boolean>
  /** Goes on where an earlier try stopped. */
  putBlob(ref: BlobRef, bytes: Uint8Array): Promise<void>
  /** Takes a stream of the log out for good, and every blob it names that is no longer in the store. Repeatable. */
  erase(stream: StreamId, isStored: (sha256: string) => Promise<boolean>): Promise<void>
  close(): Promise<void>
}

export class ArchiveUnavailable extends CasebookError {
  readonly code = 'archive_unavailable'
  readonly retryable = true

  constructor(doing: string, reason: string, options?: { readonly cause?: unknown }) {
    super(
      `The archive does not answer (${doing}): ${reason}. The log is whole; mirroring goes on when it is back.`,
      options,
    )
  }
}

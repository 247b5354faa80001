// The port to the archive for those who read it back: everything in the log's order, and the blobs.
import type { LogMessage } from '../schemas/log-message.ts'

export type ArchiveItem =
  | { readonly kind: 'message'; readonly message: LogMessage }
  /** Something in the streams of the archive that is no commit as it was mirrored; `sequence` is 0 where it names none. */
  | {
      readonly kind: 'odd'
      readonly what: 'changed' | 'added' | 'reordered'
      readonly sequence: number
      readonly stream: string
      readonly detail: string
    }

/** Each method @throws ArchiveUnavailable (retryable). */
export interface ArchiveReader {
  /** Log sequence up to which it is complete, and the creation time of that log; null when it holds nothing. */
  head(): Promise<{ readonly sequence: number; readonly epoch: string } | null>
  /** By log sequence, each once; what is odd stands where its sequence would. */
  items(signal: AbortSignal): AsyncIterable<ArchiveItem>
  blob(sha256: string): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | null>
}

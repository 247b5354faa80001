// The claim check's port: large values by their content's SHA-256.
import type { BlobRef } from '../../schemas/stored-text.ts'

export interface BlobStore {
  /** Stores the bytes once; the same content again is a no-op. @throws LogUnavailable (retryable). */
  put(bytes: Uint8Array, mediaType: string): Promise<BlobRef>
  /** @returns null when there is no such blob. @throws CorruptBlob when the content does not match its name. */
  get(sha256: string): Promise<Uint8Array | null>
}

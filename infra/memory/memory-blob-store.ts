// Blobs in memory, for tests and benches that need no server.
import { createHash } from 'node:crypto'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'

export const createMemoryBlobStore = (): BlobStore => {
  const blobs = new Map<string, Uint8Array>()
  return {
    put: (bytes, mediaType) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      blobs.set(sha256, bytes)
      return Promise.resolve({ sha256, bytes: bytes.byteLength, mediaType })
    },
    get: (sha256) => Promise.resolve(blobs.get(sha256) ?? null),
  }
}

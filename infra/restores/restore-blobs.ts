// Long values that commits refer to, put back from a copy that holds them too; those that are there are left alone.
import type { NatsConnection } from '@nats-io/transport-node'
import type { LogCopy } from '../../projections/log-copy.ts'
import { blobsIn } from '../../schemas/blobs-in.ts'
import { createJetStreamBlobStore } from '../jetstream/jetstream-blob-store.ts'

/** `blobOf` answers null for what the copy does not hold. */
export const restoreBlobs = async (
  connection: NatsConnection,
  copy: LogCopy,
  blobOf: (sha256: string) => Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | null>,
  replicas: number,
): Promise<void> => {
  const blobs = await createJetStreamBlobStore(connection, replicas)
  const seen = new Set<string>()
  for await (const batch of copy.read()) {
    for (const { payload } of batch) {
      for (const { sha256 } of blobsIn(parsed(payload))) {
        if (seen.has(sha256)) continue
        seen.add(sha256)
        const blob = await blobOf(sha256)
        if (blob !== null) await blobs.put(blob.bytes, blob.mediaType)
      }
    }
  }
}

/** A message nobody can read refers to nothing. */
const parsed = (payload: string): unknown => {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}

// Large values that commits name, put back from a copy that holds them too; those that are there are left alone.
import { hash } from 'node:crypto'
import type { NatsConnection } from '@nats-io/transport-node'
import type { LogCopy } from '../../projections/log-copy.ts'
import { blobsNamedIn } from '../../schemas/named-blobs.ts'
import { createJetStreamBlobStore } from '../jetstream/jetstream-blob-store.ts'

/** Null for what the copy does not hold. */
export type BlobOf = (sha256: string) => Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | null>

/** What is not what its name says is left out. */
export const restoreBlobs = async (
  connection: NatsConnection,
  copy: LogCopy,
  blobOf: BlobOf,
  replicas: number,
): Promise<void> => {
  const blobs = await createJetStreamBlobStore(connection, replicas)
  const seen = new Set<string>()
  for await (const batch of copy.read()) {
    for (const { sha256 } of batch.flatMap(({ payload }) => blobsNamedIn(payload))) {
      if (seen.has(sha256)) continue
      seen.add(sha256)
      const blob = await blobOf(sha256)
      if (blob !== null && hash('sha256', blob.bytes, 'hex') === sha256) await blobs.put(blob.bytes, blob.mediaType)
    }
  }
}

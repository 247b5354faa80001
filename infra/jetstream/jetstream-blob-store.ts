// Large values in the JetStream object store, named by their SHA-256 and checked when they come back.
import { createHash } from 'node:crypto'
import { type ObjectStore, Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { CorruptBlob, LogUnavailable } from '../../commands/log-errors.ts'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'

export const blobBucket = 'casebook_blobs'

export const createJetStreamBlobStore = async (connection: NatsConnection, replicas = 1): Promise<BlobStore> => {
  const store = await new Objm(connection).create(blobBucket, { storage: 'file', replicas })
  return {
    put: async (bytes, mediaType) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await unavailable('storing a blob', () => putOnce(store, sha256, bytes, mediaType))
      return { sha256, bytes: bytes.byteLength, mediaType }
    },
    get: async (sha256) => {
      const bytes = await unavailable('reading a blob', () => store.getBlob(sha256))
      if (bytes === null) return null
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new CorruptBlob(sha256)
      return bytes
    },
  }
}

const putOnce = async (store: ObjectStore, name: string, bytes: Uint8Array, description: string): Promise<void> => {
  if ((await store.info(name)) === null) await store.putBlob({ name, description }, bytes)
}

const unavailable = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw new LogUnavailable(doing, { cause: error })
  }
}

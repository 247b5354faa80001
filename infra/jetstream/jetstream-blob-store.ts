// Large values in the JetStream object store, named by their SHA-256 and checked when they come back.
import { createHash } from 'node:crypto'
import { jetstreamManager } from '@nats-io/jetstream'
import { type ObjectInfo, Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { CorruptBlob, LogUnavailable } from '../../commands/log-errors.ts'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'
import { askedTwice } from './asked-twice.ts'

export const blobBucket = 'casebook_blobs'

export const createJetStreamBlobStore = async (connection: NatsConnection, replicas = 1): Promise<BlobStore> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const store = await new Objm(connection).create(blobBucket, { storage: 'file', replicas })

  /** What was erased leaves its name behind. */
  const stored = async (name: string): Promise<ObjectInfo | null> => {
    const info = await store.info(name)
    return info?.deleted === true ? null : info
  }
  const isWhole = async ({ nuid, chunks }: ObjectInfo): Promise<boolean> => {
    const subject = `$O.${blobBucket}.C.${nuid}`
    const { state } = await manager.streams.info(`OBJ_${blobBucket}`, { subjects_filter: subject })
    return (state.subjects?.[subject] ?? 0) >= chunks
  }
  const putOnce = async (name: string, bytes: Uint8Array, description: string): Promise<void> => {
    const info = await stored(name)
    if (info === null || !(await isWhole(info))) await store.putBlob({ name, description }, bytes)
  }
  const getWhole = async (name: string): Promise<Uint8Array | null> => {
    const info = await stored(name)
    if (info === null) return null
    // The client waits for ever for a chunk that is lost.
    if (!(await isWhole(info))) throw new CorruptBlob(name)
    return store.getBlob(name).catch((error: unknown) => {
      // As the client says it; there is no code.
      if (error instanceof Error && error.message.includes('corrupt object')) throw new CorruptBlob(name)
      throw error
    })
  }

  return {
    put: async (bytes, mediaType) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await unavailable('storing a blob', () => putOnce(sha256, bytes, mediaType))
      return { sha256, bytes: bytes.byteLength, mediaType }
    },
    get: async (sha256) => {
      const bytes = await unavailable('reading a blob', () => askedTwice(() => getWhole(sha256)))
      if (bytes === null) return null
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new CorruptBlob(sha256)
      return bytes
    },
  }
}

const unavailable = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CorruptBlob) throw error
    throw new LogUnavailable(doing, { cause: error })
  }
}

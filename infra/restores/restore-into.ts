// A log written back, and what stands on it told so: the steps every restore has, wherever the copy lies.
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { acceptLog, assertHoldsSecondCopy } from '../../projections/accept-log.ts'
import { projections } from '../../projections/catalogue.ts'
import type { LogCopy } from '../../projections/log-copy.ts'
import { logSequence } from '../../schemas/ids.ts'
import { blobsNamedIn } from '../../schemas/named-blobs.ts'
import type { RestoreReport } from '../../schemas/restore-report.ts'
import { blobBucket } from '../jetstream/jetstream-blob-store.ts'
import { type RestoreOptions, restoreLog } from '../jetstream/restore-log.ts'
import { ensureStreams } from '../jetstream/streams.ts'
import { type BlobOf, restoreBlobs } from './restore-blobs.ts'
import type { OpenServers } from './with-servers.ts'

/** `blobOf` where the copy holds large values, too. */
interface Options extends Pick<RestoreOptions, 'onProgress' | 'beforeOpening'> {
  readonly blobOf?: BlobOf
}

/** @throws CopyBehindDatabase, and what `restoreLog` does. */
export const restoreInto = async (
  { connection, database, replicas }: OpenServers,
  copy: LogCopy,
  { blobOf, ...options }: Options = {},
): Promise<RestoreReport> => {
  await assertHoldsSecondCopy(database, copy)
  const bringBlobs = async (): Promise<void> => {
    if (blobOf !== undefined) await restoreBlobs(connection, copy, blobOf, replicas)
  }
  const beforeOpening = options.beforeOpening ?? bringBlobs
  const restored = await restoreLog(connection, copy, { ...options, replicas, beforeOpening })
  const { epoch, sequence, commits, written } = restored
  // A log that was whole was never closed; its blobs may be lost all the same.
  if (written === 0) await bringBlobs()
  await ensureStreams(connection, replicas)
  const head = { epoch, sequence: logSequence.parse(sequence) }
  const { kept, emptied } = await acceptLog(database, projections, copy, head, written)
  const missingBlobs = await countMissingBlobs(connection, copy)
  return { from: copy.name, sequence, commits, written, kept, emptied, missingBlobs }
}

/** Long texts lie in an object store of their own, which may be lost with the log. */
const countMissingBlobs = async (connection: NatsConnection, copy: LogCopy): Promise<number> => {
  const store = await new Objm(connection).create(blobBucket, { storage: 'file' })
  const stored = new Set((await store.list()).filter(({ deleted }) => !deleted).map(({ name }) => name))
  const missing = new Set<string>()
  for await (const batch of copy.read()) {
    for (const { sha256 } of batch.flatMap(({ payload }) => blobsNamedIn(payload))) {
      if (!stored.has(sha256)) missing.add(sha256)
    }
  }
  return missing.size
}

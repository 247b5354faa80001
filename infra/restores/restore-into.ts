// A log written back, and what stands on it told so: the steps every restore has, wherever the copy lies.
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { acceptLog, assertHoldsSecondCopy } from '../../projections/accept-log.ts'
import { projections } from '../../projections/catalogue.ts'
import type { LogCopy } from '../../projections/log-copy.ts'
import { logSequence } from '../../schemas/ids.ts'
import type { RestoreReport } from '../../schemas/restore-report.ts'
import { blobBucket } from '../jetstream/jetstream-blob-store.ts'
import { type RestoreOptions, restoreLog } from '../jetstream/restore-log.ts'
import { ensureStreams } from '../jetstream/streams.ts'
import type { OpenServers } from './with-servers.ts'

/** @throws CopyBehindDatabase, and what `restoreLog` does. */
export const restoreInto = async (
  { connection, database, replicas }: OpenServers,
  copy: LogCopy,
  options: Pick<RestoreOptions, 'onProgress' | 'beforeOpening'> = {},
): Promise<RestoreReport> => {
  await assertHoldsSecondCopy(database, copy)
  const { epoch, sequence, commits, written } = await restoreLog(connection, copy, { ...options, replicas })
  await ensureStreams(connection, replicas)
  const head = { epoch, sequence: logSequence.parse(sequence) }
  const { kept, emptied } = await acceptLog(database, projections, copy, head, written)
  const missingBlobs = await countMissingBlobs(connection, copy)
  return { from: copy.name, sequence, commits, written, kept, emptied, missingBlobs }
}

const named = /"(?:sha256|blob)":"([0-9a-f]{64})"/g

/** Long texts lie in an object store of their own, which may be lost with the log. */
const countMissingBlobs = async (connection: NatsConnection, copy: LogCopy): Promise<number> => {
  const store = await new Objm(connection).create(blobBucket, { storage: 'file' })
  const stored = new Set((await store.list()).filter(({ deleted }) => !deleted).map(({ name }) => name))
  const missing = new Set<string>()
  for await (const batch of copy.read()) {
    for (const { payload } of batch) {
      for (const [, hash = ''] of payload.matchAll(named)) if (!stored.has(hash)) missing.add(hash)
    }
  }
  return missing.size
}

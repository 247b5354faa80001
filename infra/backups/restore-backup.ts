// A backup written into empty servers: first what the log leans on, then the log; it is open when all of it is there.
import { createHash } from 'node:crypto'
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import type { BackupLine } from '../../schemas/backup-line.ts'
import { createJetStreamBlobStore } from '../jetstream/jetstream-blob-store.ts'
import { requestsBucket } from '../jetstream/request-keys.ts'
import { LogNotEmpty } from '../jetstream/restore-errors.ts'
import { markerOf } from '../jetstream/restore-marker.ts'
import { addOrGet, eventsStream, wantedStreams } from '../jetstream/streams.ts'
import { BackupUnusable } from './backup-errors.ts'
import type { Backup } from './read-backup.ts'

/** To be done while the log is marked as unfinished. Done again it changes nothing. @throws BackupUnusable, LogNotEmpty. */
export const restoreOthers = async (connection: NatsConnection, path: string, backup: Backup): Promise<void> => {
  const manager = await jetstreamManager(connection)
  const client = jetstream(connection)
  for (const wanted of wantedStreams(1)) if (wanted.name !== eventsStream) await addOrGet(manager, wanted)
  const requests = await new Kvm(connection).create(requestsBucket, { history: 1, storage: 'file' })
  const blobs = await createJetStreamBlobStore(connection)
  const written = new Map<string, number>()

  const put = async (line: BackupLine): Promise<void> => {
    switch (line.kind) {
      case 'blob': {
        const bytes = Buffer.from(line.content, 'base64')
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        if (sha256 !== line.sha256) throw new BackupUnusable(path, `blob ${line.sha256} is another one`)
        await blobs.put(bytes, line.mediaType)
        return
      }
      case 'entry':
        if (line.bucket === requestsBucket) await requests.put(line.key, line.value)
        return
      case 'message': {
        const nth = (written.get(line.stream) ?? 0) + 1
        written.set(line.stream, nth)
        if (nth <= (await lastOf(manager, line.stream))) return
        const header = headers()
        for (const [name, value] of Object.entries(line.headers)) header.set(name, value)
        await client.publish(line.subject, line.payload, { headers: header })
        return
      }
      case 'consumer':
        await manager.consumers.add(eventsStream, {
          durable_name: line.name,
          ack_policy: 'explicit',
          deliver_policy: 'by_start_sequence',
          opt_start_seq: line.settled + 1,
          filter_subject: line.filter,
          ack_wait: line.ackWaitNanos,
          max_ack_pending: line.maxAckPending,
          max_deliver: -1,
        })
        return
      case 'casebook_backup':
      case 'commit':
      case 'end':
        return
      default:
        line satisfies never
    }
  }
  for await (const line of backup.others()) await put(line)
}

/** Before anything is written: queues that hold something belong to another Casebook. @throws LogNotEmpty. */
export const assertQueuesEmpty = async (connection: NatsConnection): Promise<void> => {
  const manager = await jetstreamManager(connection)
  const events = await manager.streams.info(eventsStream).catch(() => null)
  // What an attempt that broke off has put there is ours.
  if (events !== null && markerOf(events) !== null) return
  for (const { name, storage } of wantedStreams(1)) {
    if (name === eventsStream || storage === 'memory') continue
    if ((await lastOf(manager, name)) > 0) throw new LogNotEmpty(`stream ${name} was used already`)
  }
}

const lastOf = async (manager: JetStreamManager, stream: string): Promise<number> =>
  manager.streams.info(stream).then(
    ({ state }) => state.last_seq,
    () => 0,
  )

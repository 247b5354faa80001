// Everything of a running Casebook as the lines of one file, as it is when the log stands at one position.
import { jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { type BackupHeader, type BackupLine, backupFormat } from '../../schemas/backup-line.ts'
import { startOfLog } from '../../schemas/ids.ts'
import { everyMessage } from '../jetstream/every-message.ts'
import { blobBucket } from '../jetstream/jetstream-blob-store.ts'
import { requestsBucket } from '../jetstream/request-keys.ts'
import { deadStream, eventsStream, intakeStream } from '../jetstream/streams.ts'
import { sealed } from './sealed-lines.ts'

/**
 * `signal` ends it early: the file then lacks its end, and is refused.
 * @throws LogUnavailable at once; later it breaks off.
 */
export const takeBackup = async (
  connection: NatsConnection,
  reader: LogReader,
  signal: AbortSignal,
): Promise<AsyncGenerator<string>> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const requests = await new Kvm(connection).open(requestsBucket)

  // Before the head: whatever has left a queue by then, or was settled, is on the log.
  const before = async (): Promise<{ readonly lines: readonly BackupLine[]; readonly revision: number }> => {
    const lines: BackupLine[] = []
    for (const stream of [intakeStream, deadStream]) for await (const line of messagesOf(stream)) lines.push(line)
    for await (const { name, config, ack_floor } of manager.consumers.list(eventsStream)) {
      const { durable_name, filter_subject: filter = '', ack_wait = 0, max_ack_pending = 0 } = config
      if (durable_name === undefined) continue
      const settled = ack_floor.stream_seq
      lines.push({ kind: 'consumer', name, filter, settled, ackWaitNanos: ack_wait, maxAckPending: max_ack_pending })
    }
    return { lines, revision: (await manager.streams.info(`KV_${requestsBucket}`)).state.last_seq }
  }

  async function* messagesOf(stream: string): AsyncGenerator<BackupLine> {
    for await (const message of everyMessage(manager, stream)) {
      const headers = Object.fromEntries(message.header.keys().map((name) => [name, message.header.get(name)]))
      yield { kind: 'message', stream, subject: message.subject, headers, payload: message.string() }
    }
  }

  async function* commits(upTo: number): AsyncGenerator<BackupLine> {
    if (upTo === 0) return
    const reading = new AbortController()
    for await (const { entries, last } of reader.follow(
      startOfLog,
      { maxBatch: 500 },
      AbortSignal.any([signal, reading.signal]),
    )) {
      for (const { sequence, subject, payload, headers = {} } of entries) {
        if (sequence <= upTo) yield { kind: 'commit', sequence, subject, headers, payload }
      }
      if (last >= upTo) break
    }
    reading.abort()
    signal.throwIfAborted()
  }

  async function* blobs(): AsyncGenerator<BackupLine> {
    const store = await new Objm(connection).open(blobBucket)
    for (const { name, description, deleted } of await store.list()) {
      const bytes = deleted ? null : await store.getBlob(name)
      if (bytes === null) continue
      const content = Buffer.from(bytes).toString('base64')
      yield { kind: 'blob', sha256: name, mediaType: description ?? 'application/octet-stream', content }
    }
  }

  /** An answer that was given after the head may speak of what the backup does not hold: the key stays, the answer goes. */
  async function* keys(answersUpTo: number): AsyncGenerator<BackupLine> {
    for await (const { key, operation, revision, value } of await requests.history()) {
      if (operation !== 'PUT') continue
      const text = new TextDecoder().decode(value)
      const { answer: _, ...kept } = z.looseObject({}).parse(JSON.parse(text))
      const known = revision <= answersUpTo ? text : JSON.stringify(kept)
      yield { kind: 'entry', bucket: requestsBucket, key, value: known }
    }
  }

  const unavailable = (error: unknown): never => {
    throw new LogUnavailable('taking a backup', { cause: error })
  }
  const { lines, revision } = await before().catch(unavailable)
  const { sequence, epoch } = await reader.head()
  const at = new Date().toISOString()
  const header: BackupHeader = { kind: 'casebook_backup', format: backupFormat, at, epoch, upTo: sequence }

  return sealed(async function* () {
    yield header
    yield* commits(sequence)
    yield* blobs()
    yield* keys(revision)
    yield* lines
  })
}

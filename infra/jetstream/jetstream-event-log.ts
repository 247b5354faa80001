// The log on JetStream: one commit is one message, guarded by the subject's last sequence and named by its command id.
import { setTimeout as delay } from 'node:timers/promises'
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node'
import type { AppendOutcome, EventLog, StreamPosition } from '../../commands/event-log.ts'
import { AppendRefused, CommitTooLarge, CorruptCommit, LogFull, LogUnavailable } from '../../commands/log-errors.ts'
import { type Commit, type CommitDraft, commitHeaders, maxCommitBytes, type StreamId } from '../../schemas/commit.ts'
import { chainHash, commitOf, decodeCommit, type EncodedCommit, encodeCommit } from '../../schemas/commit-codec.ts'
import { logSequence } from '../../schemas/ids.ts'
import { type AcknowledgedPublish, createAcknowledgedPublish } from './acknowledged-publish.ts'
import { eventsStream } from './streams.ts'
import { eventSubject } from './subjects.ts'

export interface JetStreamEventLogOptions {
  /** How long an append whose answer is missing is asked for again. */
  readonly unknownOutcomeDeadlineMs?: number
  /** How long one answer is waited for. */
  readonly requestTimeoutMs?: number
}

/** nats-server's error codes, from its errors.json; messages are never compared. */
const codes = {
  wrongLastSequence: 10071,
  /** 2.11+: another write to the subject is in flight. */
  wrongLastSequenceUnknown: 10164,
  duplicateInProcess: 10158,
  storeFailed: 10077,
  insufficientResources: 10023,
  messageTooLarge: 10054,
} as const

export const createJetStreamEventLog = async (
  connection: NatsConnection,
  options: JetStreamEventLogOptions = {},
): Promise<EventLog> => {
  const { unknownOutcomeDeadlineMs = 15_000, requestTimeoutMs = 2_000 } = options
  const client = jetstream(connection, { timeout: requestTimeoutMs })
  const manager = await jetstreamManager(connection, { timeout: requestTimeoutMs, checkAPI: false })
  const publish = createAcknowledgedPublish(connection)

  return {
    read: (stream, after) => readStream(client, manager, stream, after),
    append: async (stream, expected, draft) => {
      const encoded = encodeCommit(stream, expected, draft)
      const bytes = Buffer.byteLength(encoded.payload)
      if (bytes > maxCommitBytes) throw new CommitTooLarge(eventSubject(stream), bytes, maxCommitBytes)
      const deadline = performance.now() + unknownOutcomeDeadlineMs
      return appendUntilKnown(publish, stream, expected, draft, encoded, requestTimeoutMs, deadline)
    },
  }
}

const appendUntilKnown = async (
  publish: AcknowledgedPublish,
  stream: StreamId,
  expected: StreamPosition,
  draft: CommitDraft,
  encoded: EncodedCommit,
  timeoutMs: number,
  deadline: number,
): Promise<AppendOutcome> => {
  const subject = eventSubject(stream)
  const header = toHeaders(encoded.headers, expected)
  for (let attempt = 0; ; attempt++) {
    const ack = await publish(subject, encoded.payload, header, timeoutMs)
    if (ack.kind === 'stored') {
      // A duplicate of a resend is our own write, whose first answer was lost.
      if (ack.duplicate && attempt === 0) return { kind: 'duplicate', sequence: logSequence.parse(ack.sequence) }
      const commit = commitOf(stream, logSequence.parse(ack.sequence), draft, encoded)
      return { kind: 'appended', commit, bytes: encoded.payload.length }
    }
    if (ack.kind === 'refused') {
      switch (ack.code) {
        case codes.wrongLastSequence:
          return { kind: 'conflict' }
        case codes.wrongLastSequenceUnknown:
          await delay(2 + Math.random() * 8)
          return { kind: 'conflict' }
        case codes.storeFailed:
        case codes.insufficientResources:
          throw new LogFull(ack.message)
        case codes.messageTooLarge:
          throw new CommitTooLarge(subject, encoded.payload.length, maxCommitBytes)
        case codes.duplicateInProcess:
          break
        default:
          if (ack.status < 500) throw new AppendRefused(subject, ack.code, ack.message)
      }
    }
    // The outcome is unknown. The same id makes asking again safe.
    if (performance.now() >= deadline) {
      throw new LogUnavailable(`appending to ${subject}`, {
        cause: new Error(ack.kind === 'unknown' ? ack.reason : ack.message),
      })
    }
    await delay(Math.min(1_000, 20 * 2 ** attempt))
  }
}

const toHeaders = (values: Readonly<Record<string, string>>, expected: StreamPosition): MsgHdrs => {
  const result = headers()
  for (const [name, value] of Object.entries(values)) if (value !== '') result.set(name, value)
  result.set('Nats-Expected-Stream', eventsStream)
  result.set('Nats-Expected-Last-Subject-Sequence', String(expected.sequence))
  return result
}

/** Messages fetched one by one before a consumer pays; measured on 2.9. */
const fetchedSingly = 4

const readStream = async (
  client: JetStreamClient,
  manager: JetStreamManager,
  stream: StreamId,
  after: StreamPosition,
): Promise<readonly Commit[]> => {
  const subject = eventSubject(stream)
  try {
    // The leader's word on where the stream ends: what makes this read fresh.
    const last = await manager.streams.getMessage(eventsStream, { last_by_subj: subject })
    if (last === null || last.seq <= after.sequence) return []
    const commits: Commit[] = []
    let { hash, sequence }: { hash: string; sequence: number } = after
    const take = (seq: number, payload: string, header: MsgHdrs): void => {
      const commit = decode(stream, subject, seq, payload, header, hash)
      commits.push(commit)
      hash = commit.hash
      sequence = seq
    }
    while (sequence < last.seq && commits.length < fetchedSingly) {
      // The server has known `next_by_subj` since 2.9; the client's type does not name it for leader reads.
      const query = { seq: sequence + 1, next_by_subj: subject }
      const next = await manager.streams.getMessage(eventsStream, query)
      if (next === null) return commits
      take(next.seq, next.string(), next.header)
    }
    if (sequence < last.seq) await readThrough(client, subject, sequence + 1, last.seq, take)
    return commits
  } catch (error) {
    if (error instanceof CorruptCommit) throw error
    throw new LogUnavailable(`reading ${subject}`, { cause: error })
  }
}

const readThrough = async (
  client: JetStreamClient,
  subject: string,
  from: number,
  until: number,
  take: (seq: number, payload: string, header: MsgHdrs) => void,
): Promise<void> => {
  const consumer = await client.consumers.get(eventsStream, {
    filter_subjects: subject,
    deliver_policy: 'by_start_sequence',
    opt_start_seq: from,
    inactive_threshold: 10_000,
  })
  const messages = await consumer.consume({ max_messages: 500 })
  for await (const message of messages) {
    take(message.seq, message.string(), message.headers ?? headers())
    if (message.seq >= until) break
  }
  void consumer.delete().catch(() => undefined)
}

const decode = (
  stream: StreamId,
  subject: string,
  sequence: number,
  payload: string,
  header: MsgHdrs,
  previousHash: string,
): Commit => {
  const hash = header.get(commitHeaders.hash)
  if (hash !== chainHash(previousHash, payload)) throw new CorruptCommit(subject, sequence, 'its hash does not follow')
  try {
    return decodeCommit(stream, sequence, payload, (name) => header.get(name))
  } catch (error) {
    throw new CorruptCommit(subject, sequence, error instanceof Error ? error.message : String(error))
  }
}

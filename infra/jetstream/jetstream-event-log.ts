// The log on JetStream: one commit is one message, guarded by the subject's last sequence and named by its command id.
import { setTimeout as delay } from 'node:timers/promises'
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node'
import type { AppendOutcome, EventLog, StreamPosition } from '../../commands/event-log.ts'
import { AppendRefused, CommitTooLarge, LogFull, LogUnavailable } from '../../commands/log-errors.ts'
import { type CommitDraft, commitHeaders, maxCommitBytes, type StreamId } from '../../schemas/commit.ts'
import { commitOf, type EncodedCommit, encodeCommit } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import { type AcknowledgedPublish, createAcknowledgedPublish } from './acknowledged-publish.ts'
import { knownCommitsOf } from './known-commits.ts'
import { readChained } from './read-chained.ts'
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
  const known = knownCommitsOf(connection)

  return {
    read: (stream, after) => readChained({ client, manager, stallMs: requestTimeoutMs }, stream, after),
    append: async (stream, expected, draft) => {
      const encoded = encodeCommit(stream, expected, draft)
      const bytes = Buffer.byteLength(encoded.payload)
      if (bytes > maxCommitBytes) throw new CommitTooLarge(eventSubject(stream), bytes, maxCommitBytes)
      const deadline = performance.now() + unknownOutcomeDeadlineMs
      known.expect(encoded.hash, bytes, (sequence) => commitOf(stream, sequence, draft, encoded))
      return appendUntilKnown(
        { publish, manager, timeoutMs: requestTimeoutMs },
        stream,
        expected,
        draft,
        encoded,
        bytes,
        deadline,
      )
    },
  }
}

interface Publishing {
  readonly publish: AcknowledgedPublish
  readonly manager: JetStreamManager
  readonly timeoutMs: number
}

const appendUntilKnown = async (
  { publish, manager, timeoutMs }: Publishing,
  stream: StreamId,
  expected: StreamPosition,
  draft: CommitDraft,
  encoded: EncodedCommit,
  bytes: number,
  deadline: number,
): Promise<AppendOutcome> => {
  const subject = eventSubject(stream)
  const header = toHeaders(encoded.headers, expected)
  for (let attempt = 0; ; attempt++) {
    const ack = await publish(subject, encoded.payload, header, timeoutMs)
    const appended = (sequence: LogSequence): AppendOutcome => ({
      kind: 'appended',
      commit: commitOf(stream, sequence, draft, encoded),
      bytes,
    })
    const find = (query: Parameters<typeof findOurs>[1]) => findOurs(manager, query, subject, encoded.hash)
    if (ack.kind === 'stored') {
      const sequence = logSequence.parse(ack.sequence)
      const ours = !ack.duplicate || (attempt > 0 && (await find({ seq: sequence })) !== null)
      return ours ? appended(sequence) : { kind: 'duplicate', sequence }
    }
    if (ack.kind === 'refused') {
      switch (ack.code) {
        case codes.wrongLastSequence: {
          // Newer servers look at the position before the id: what stands in our way may be our own unanswered write.
          const ours = attempt > 0 ? await find({ last_by_subj: subject }) : null
          return ours === null ? { kind: 'conflict' } : appended(ours)
        }
        case codes.wrongLastSequenceUnknown:
          await delay(2 + Math.random() * 8)
          return { kind: 'conflict' }
        case codes.storeFailed:
        case codes.insufficientResources:
          throw new LogFull(ack.message)
        case codes.messageTooLarge:
          throw new CommitTooLarge(subject, bytes, maxCommitBytes)
        case codes.duplicateInProcess:
          break
        default:
          if (ack.status < 500) throw new AppendRefused(subject, ack.code, ack.message)
      }
    }
    // The outcome is unknown. The same id makes asking again safe.
    if (performance.now() >= deadline) {
      const reason = ack.kind === 'unknown' ? ack.reason : ack.message
      throw new LogUnavailable(`appending to ${subject}`, { cause: new Error(reason) })
    }
    await delay(Math.min(1_000, 20 * 2 ** attempt))
  }
}

/**
 * The sequence of the very commit we sent, if that is what the query finds. A resend answered "duplicate" is usually our own
 * write, but another process may have stored another commit under this command id; taking it for ours would break the chain
 * we go on from.
 */
const findOurs = async (
  manager: JetStreamManager,
  query: { readonly seq: number } | { readonly last_by_subj: string },
  subject: string,
  hash: string,
): Promise<LogSequence | null> => {
  try {
    const stored = await manager.streams.getMessage(eventsStream, query)
    const ours = stored?.subject === subject && stored.header.get(commitHeaders.hash) === hash
    return ours ? logSequence.parse(stored.seq) : null
  } catch (error) {
    throw new LogUnavailable(`appending to ${subject}`, { cause: error })
  }
}

const toHeaders = (values: Readonly<Record<string, string>>, expected: StreamPosition): MsgHdrs => {
  const result = headers()
  for (const [name, value] of Object.entries(values)) if (value !== '') result.set(name, value)
  result.set('Nats-Expected-Stream', eventsStream)
  result.set('Nats-Expected-Last-Subject-Sequence', String(expected.sequence))
  return result
}

// Commits for handlers through a durable consumer; what a handler does not want is settled without being parsed.
import { type JsMsg, jetstreamManager, type StoredMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { CommitSource, CommitSourceOptions, Delivery } from '../../handlers/ports/commit-source.ts'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { type Commit, commitHeaders } from '../../schemas/commit.ts'
import { decodeCommit } from '../../schemas/commit-codec.ts'
import type { ParkedMessage } from '../../schemas/dead-letter.ts'
import { logSequence } from '../../schemas/ids.ts'
import { consumeDurable, iterate } from './durable-messages.ts'
import { type KnownCommits, knownCommitsOf } from './known-commits.ts'
import type { RetriedLetters, TakeRetried } from './retried-letters.ts'
import { eventsStream } from './streams.ts'
import { everyEvent, parseEventSubject } from './subjects.ts'

export const createJetStreamCommitSource = (
  connection: NatsConnection,
  deadLetters: Pick<DeadLetters, 'park'>,
  log: Log,
  retried?: Pick<RetriedLetters, 'listen'>,
): CommitSource => ({
  deliveries: (options, signal) =>
    iterate<Delivery>(async (push) => {
      const wanted = wants(options.types)
      const known = knownCommitsOf(connection)
      /** Hands it on, or parks what is no commit. */
      const offer = (message: JsMsg, stored: StoredCommit, park: Delivery['park']): void => {
        const commit = decode(stored, known)
        if (!(commit instanceof Error)) {
          push(toDelivery(message, commit, park))
          return
        }
        park({ code: 'corrupt_commit', message: commit.message }).catch((error: unknown) => {
          const fields = { consumer: options.consumer, sequence: stored.seq, err: error }
          log.error(fields, 'A bad commit could not be parked.')
        })
      }
      const onMessage = (message: JsMsg): void => {
        // What an import brings was done where it comes from.
        const imported = message.headers?.has(commitHeaders.imported) === true
        if (!imported && wanted(message.headers?.get(commitHeaders.types) ?? ''))
          offer(message, message, parker(message, options.consumer, deadLetters))
        else message.ack()
      }
      const onRetried: TakeRetried = async (letter, message) => {
        const manager = await jetstreamManager(connection, { checkAPI: false })
        const stored = await manager.streams.getMessage(eventsStream, { seq: letter.sequence ?? 0 })
        // Erased in the meantime: there is nothing left to be done about it.
        if (stored === null) return message.ack()
        offer(message, { ...partsOf(stored), headers: stored.header }, async (error) => {
          const attempts = letter.attempts + message.info.deliveryCount
          await deadLetters.park({ ...letter, payload: stored.string(), attempts, error, retryOf: letter.id })
          message.term()
        })
      }
      const silence = retried?.listen(options.consumer, onRetried)
      await consumeDurable(connection, durable(options), onMessage, signal, log)
      silence?.()
    }, signal),
})

type StoredCommit = Pick<JsMsg, 'seq' | 'subject' | 'headers' | 'data' | 'string'>

const partsOf = (stored: StoredMsg) => ({
  seq: stored.seq,
  subject: stored.subject,
  data: stored.data,
  string: () => stored.string(),
})

const durable = ({ consumer, maxInFlight, ackWaitMs }: CommitSourceOptions) => ({
  stream: eventsStream,
  consumer,
  filter: everyEvent,
  maxInFlight,
  ackWaitMs,
})

/** `Casebook-Types` repeats a few values: each is looked at once. */
const wants = (types: ReadonlySet<string>): ((header: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (header) => {
    const answer = known.get(header)
    if (answer !== undefined) return answer
    const fresh = header.split(',').some((type) => types.has(type))
    if (known.size > 10_000) known.clear()
    known.set(header, fresh)
    return fresh
  }
}

const decode = (message: StoredCommit, known: KnownCommits): Commit | Error => {
  const again = known.find(logSequence.parse(message.seq), message.headers?.get(commitHeaders.hash) ?? '')
  if (again !== undefined) return again
  const stream = parseEventSubject(message.subject)
  if (stream === null) return new Error('the subject names no stream')
  try {
    const commit = decodeCommit(stream, message.seq, message.string(), (name) => message.headers?.get(name) ?? '')
    known.add(commit, message.data.length)
    return commit
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

const toDelivery = (message: JsMsg, commit: Commit, park: Delivery['park']): Delivery => ({
  commit,
  deliveries: message.info.deliveryCount,
  done: () => message.ack(),
  later: (delayMs) => message.nak(delayMs),
  working: () => message.working(),
  park,
})

/** Copy first, settle second: a crash in between parks it twice under one id, and never loses it. */
export const parker =
  (message: JsMsg, consumer: string, deadLetters: Pick<DeadLetters, 'park'>): Delivery['park'] =>
  async (error) => {
    await deadLetters.park({ ...letterOf(message, consumer), error })
    // Without a reason: servers before 2.10 understand only the bare word, and would deliver the message for ever.
    message.term()
  }

/** What a dead letter says of the message it comes from. */
export const letterOf = (message: JsMsg, consumer: string): Omit<ParkedMessage, 'error'> => ({
  consumer,
  stream: message.info.stream,
  subject: message.subject,
  sequence: message.seq,
  messageId: messageIdOf(message),
  attempts: message.info.deliveryCount,
  headers: headersOf(message),
  payload: message.string(),
})

/** The same at every redelivery, and in no other stream of that name. */
export const messageIdOf = ({ info, seq }: JsMsg): string => `${info.stream}-${info.timestampNanos}-${seq}`

export const headersOf = ({ headers }: JsMsg): Readonly<Record<string, string>> => byLowerName(headers)

export const storedHeaders = ({ header }: StoredMsg): Readonly<Record<string, string>> => byLowerName(header)

const byLowerName = (headers: JsMsg['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries((headers?.keys() ?? []).map((name) => [name.toLowerCase(), headers?.get(name) ?? '']))

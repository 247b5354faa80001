// Commits for handlers through a durable consumer; what a handler does not want is settled without being parsed.
import type { JsMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { CommitSource, CommitSourceOptions, Delivery } from '../../handlers/ports/commit-source.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { type Commit, commitHeaders } from '../../schemas/commit.ts'
import { decodeCommit } from '../../schemas/commit-codec.ts'
import { logSequence } from '../../schemas/ids.ts'
import type { DeadLetter, DeadLetters } from './dead-letters.ts'
import { consumeDurable, iterate } from './durable-messages.ts'
import { type KnownCommits, knownCommitsOf } from './known-commits.ts'
import { eventsStream } from './streams.ts'
import { everyEvent, parseEventSubject } from './subjects.ts'

export const createJetStreamCommitSource = (
  connection: NatsConnection,
  deadLetters: DeadLetters,
  log: Log,
): CommitSource => ({
  deliveries: (options, signal) =>
    iterate<Delivery>((push) => {
      const wanted = wants(options.types)
      const known = knownCommitsOf(connection)
      const onMessage = (message: JsMsg): void => {
        if (!wanted(message.headers?.get(commitHeaders.types) ?? '')) {
          message.ack()
          return
        }
        const park = parker(message, options.consumer, deadLetters)
        const commit = decode(message, known)
        if (commit instanceof Error) {
          const reason = { code: 'corrupt_commit', message: commit.message }
          park(reason).catch((error: unknown) => {
            log.error(
              { consumer: options.consumer, sequence: message.seq, err: error },
              'A bad commit could not be parked.',
            )
          })
          return
        }
        push(toDelivery(message, commit, park))
      }
      return consumeDurable(connection, durable(options), onMessage, signal, log)
    }, signal),
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

const decode = (message: JsMsg, known: KnownCommits): Commit | Error => {
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
  (message: JsMsg, consumer: string, deadLetters: DeadLetters): Delivery['park'] =>
  async (error) => {
    await deadLetters.park({ ...letterOf(message, consumer), error })
    // Without a reason: servers before 2.10 understand only the bare word, and would deliver the message for ever.
    message.term()
  }

/** What a dead letter says of the message it comes from. */
export const letterOf = (message: JsMsg, consumer: string): Omit<DeadLetter, 'parkedAt' | 'error'> => ({
  consumer,
  subject: message.subject,
  sequence: message.seq,
  attempts: message.info.deliveryCount,
  headers: headersOf(message),
  payload: message.string(),
})

export const headersOf = (message: JsMsg): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (message.headers?.keys() ?? []).map((name) => [name.toLowerCase(), message.headers?.get(name) ?? '']),
  )

// Reads every commit in order through an ordered consumer, which the client recreates whenever it is lost.

import { setTimeout as delay } from 'node:timers/promises'
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogReplaced, LogUnavailable } from '../../commands/log-errors.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { BadLogEntry, LogBatch, LogEntry, LogHead, LogReader } from '../../projections/log-reader.ts'
import { decodeCommit } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import { pullExpiresMs } from './durable-messages.ts'
import { eventsStream } from './streams.ts'
import { parseEventSubject } from './subjects.ts'

/** Held for a slow reader before the server is told to stop; reading then goes on with a new consumer. */
const heldMessages = 5_000
const heldBytes = 64 * 1024 * 1024

export const createJetStreamLogReader = async (connection: NatsConnection, log: Log): Promise<LogReader> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  let firstEpoch: string | null = null

  const head = async (): Promise<LogHead> => {
    const info = await manager.streams.info(eventsStream).catch((error: unknown) => {
      throw new LogUnavailable('asking for the head', { cause: error })
    })
    firstEpoch ??= info.created
    if (info.created !== firstEpoch) throw new LogReplaced(firstEpoch, info.created)
    return { sequence: logSequence.parse(info.state.last_seq), epoch: info.created }
  }
  await head()

  return {
    head,
    async *follow(after, { maxBatch }, signal) {
      let position: LogSequence = after
      while (!signal.aborted) {
        let brokeOff = true
        try {
          await head()
          for await (const batch of consumeFrom(client, position, maxBatch, head, signal)) {
            position = batch.last
            yield batch
          }
          brokeOff = false
        } catch (error) {
          if (signal.aborted) return
          if (error instanceof LogReplaced) {
            // Positions mean nothing in another log: no reader goes on, and health says why.
            log.error({ err: error, position }, error.message)
            return await aborted(signal)
          }
          log.warn({ err: error, position }, 'Reading the log broke off; trying again.')
        }
        if (brokeOff && !signal.aborted) await delay(250, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

/** Ends without an error when the reader was too slow: what was held has been handed on, and the rest is to be asked for. */
async function* consumeFrom(
  client: ReturnType<typeof jetstream>,
  after: LogSequence,
  maxBatch: number,
  head: () => Promise<LogHead>,
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  const consumer = await client.consumers.get(eventsStream, {
    deliver_policy: 'by_start_sequence',
    opt_start_seq: after + 1,
    inactive_threshold: 60_000,
  })
  let waiting: JsMsg[] = []
  let bytes = 0
  let full = false
  let wake: (() => void) | null = null
  let closed: Error | true | null = null
  const notify = (): void => {
    wake?.()
    wake = null
  }
  let last: number = after
  const messages = await consumer.consume({
    max_messages: 2_000,
    expires: pullExpiresMs,
    callback: (message) => {
      // An ordered consumer that was recreated may repeat; a position is never taken twice.
      if (full || message.seq <= last) return
      last = message.seq
      waiting.push(message)
      bytes += message.data.length
      full = waiting.length >= heldMessages || bytes >= heldBytes
      notify()
    },
  })
  void messages.closed().then((error) => {
    closed ??= error instanceof Error ? error : true
    notify()
  })
  /** The client makes a lost consumer anew by itself, in whatever log is there now. */
  const watch = async (): Promise<void> => {
    for await (const { type } of messages.status()) {
      if (type === 'ordered_consumer_recreated') await head()
    }
  }
  watch().catch((error: unknown) => {
    closed = error instanceof Error ? error : new Error(String(error))
    messages.stop()
    notify()
  })
  const onAbort = (): void => {
    messages.stop()
    notify()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (full) messages.stop()
      if (waiting.length > 0) {
        const taken = waiting.slice(0, maxBatch)
        waiting = waiting.slice(maxBatch)
        bytes = waiting.reduce((sum, { data }) => sum + data.length, 0)
        const final = taken.at(-1)
        if (final !== undefined) yield { entries: taken.map(toEntry), last: logSequence.parse(final.seq) }
      } else if (signal.aborted || full) return
      else if (closed === true) throw new Error('the consumer was closed')
      else if (closed !== null) throw closed
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    messages.stop()
    void consumer.delete().catch(() => undefined)
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const toEntry = (message: JsMsg): LogEntry | BadLogEntry => {
  const sequence = logSequence.parse(message.seq)
  const { subject } = message
  const payload = message.string()
  const stream = parseEventSubject(subject)
  if (stream === null) {
    return { sequence, subject, payload, error: { code: 'corrupt_commit', message: 'the subject names no stream' } }
  }
  try {
    const commit = decodeCommit(stream, message.seq, payload, (name) => message.headers?.get(name) ?? '')
    const headers = Object.fromEntries(
      (message.headers?.keys() ?? []).map((name) => [name, message.headers?.get(name) ?? '']),
    )
    return { sequence, commit, subject, payload, headers, bytes: message.data.length }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { sequence, subject, payload, error: { code: 'corrupt_commit', message: text } }
  }
}

// Reads every commit in order through an ordered consumer, which the client recreates whenever it is lost.

import { setTimeout as delay } from 'node:timers/promises'
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { BadLogEntry, LogBatch, LogEntry, LogReader } from '../../projections/log-reader.ts'
import { decodeCommit } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import { eventsStream } from './streams.ts'
import { parseEventSubject } from './subjects.ts'

export const createJetStreamLogReader = async (connection: NatsConnection, log: Log): Promise<LogReader> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })

  return {
    head: async () => {
      try {
        const info = await manager.streams.info(eventsStream)
        return { sequence: logSequence.parse(info.state.last_seq), epoch: info.created }
      } catch (error) {
        throw new LogUnavailable('asking for the head', { cause: error })
      }
    },
    async *follow(after, { maxBatch }, signal) {
      let position: LogSequence = after
      while (!signal.aborted) {
        try {
          for await (const batch of consumeFrom(client, position, maxBatch, signal)) {
            position = batch.last
            yield batch
          }
        } catch (error) {
          if (signal.aborted) return
          log.warn({ err: error, position }, 'Reading the log broke off; trying again.')
        }
        if (!signal.aborted) await delay(250, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

async function* consumeFrom(
  client: ReturnType<typeof jetstream>,
  after: LogSequence,
  maxBatch: number,
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  const consumer = await client.consumers.get(eventsStream, {
    deliver_policy: 'by_start_sequence',
    opt_start_seq: after + 1,
    inactive_threshold: 60_000,
  })
  const waiting: JsMsg[] = []
  let wake: (() => void) | null = null
  let closed: Error | true | null = null
  const notify = (): void => {
    wake?.()
    wake = null
  }
  let last: number = after
  const messages = await consumer.consume({
    max_messages: 2_000,
    callback: (message) => {
      // An ordered consumer that was recreated may repeat; a position is never taken twice.
      if (message.seq <= last) return
      last = message.seq
      waiting.push(message)
      notify()
    },
  })
  void messages.closed().then((error) => {
    closed = error instanceof Error ? error : true
    notify()
  })
  const onAbort = (): void => {
    messages.stop()
    notify()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (waiting.length > 0) {
        const taken = waiting.splice(0, maxBatch)
        const final = taken.at(-1)
        if (final !== undefined) yield { entries: taken.map(toEntry), last: logSequence.parse(final.seq) }
      } else if (signal.aborted || closed === true) return
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

export const toEntry = (message: JsMsg): LogEntry | BadLogEntry => {
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

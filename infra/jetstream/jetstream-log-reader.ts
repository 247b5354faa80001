// Reads every commit in order, for as long as the log is the one it began with: over lost consumers, outages and restarts.

import { setTimeout as delay } from 'node:timers/promises'
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogReplaced, LogUnavailable } from '../../commands/log-errors.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { createTellOnce } from '../../handlers/tell-once.ts'
import type { BadLogEntry, LogEntry, LogHead, LogReader } from '../../projections/log-reader.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { decodeCommit } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import { askedTwice } from './asked-twice.ts'
import { type KnownCommits, knownCommitsOf } from './known-commits.ts'
import { orderedMessages } from './ordered-messages.ts'
import { eventsStream } from './streams.ts'
import { parseEventSubject } from './subjects.ts'

export const createJetStreamLogReader = async (connection: NatsConnection, log: Log): Promise<LogReader> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const known = knownCommitsOf(connection)
  let firstEpoch: string | null = null

  const head = async (): Promise<LogHead> => {
    const info = await askedTwice(() => manager.streams.info(eventsStream)).catch((error: unknown) => {
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
      const tell = createTellOnce(log, {}, 'The log is read again.')
      while (!signal.aborted) {
        let brokeOff = true
        try {
          // Before every new consumer: it would read on in whatever log is there.
          await head()
          tell.success()
          for await (const messages of orderedMessages(client, position, maxBatch, signal)) {
            const last = messages.at(-1)
            if (last === undefined) continue
            position = logSequence.parse(last.seq)
            yield { entries: messages.map((message) => toEntry(message, known)), last: position }
          }
          brokeOff = false
        } catch (error) {
          if (signal.aborted) return
          if (error instanceof LogReplaced) {
            // Positions mean nothing in another log: no reader goes on, and health says why.
            log.error({ err: error, position }, error.message)
            return await aborted(signal)
          }
          tell.trouble('broken off', { err: error, position }, 'Reading the log broke off; trying until it goes on.')
        }
        if (brokeOff && !signal.aborted) await delay(250, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const toEntry = (message: JsMsg, known: KnownCommits): LogEntry | BadLogEntry => {
  const sequence = logSequence.parse(message.seq)
  const { subject } = message
  const payload = message.string()
  const headers = Object.fromEntries(Array.from(message.headers ?? [], ([name, [first = '']]) => [name, first]))
  const header = (name: string): string => headers[name] ?? ''
  const bad = (text: string): BadLogEntry => ({
    sequence,
    subject,
    payload,
    headers,
    error: { code: 'corrupt_commit', message: text },
  })
  const stream = parseEventSubject(subject)
  if (stream === null) return bad('the subject names no stream')
  try {
    const commit =
      known.find(sequence, header(commitHeaders.hash)) ?? decodeCommit(stream, message.seq, payload, header)
    return { sequence, commit, subject, payload, headers, bytes: message.data.length }
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error))
  }
}

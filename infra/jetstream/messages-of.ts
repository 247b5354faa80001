// The messages of one stream, or of many, as they are stored, up to the last there is now.
import { JetStreamApiError, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { StoredCommit } from '../../projections/log-copy.ts'
import { pulls } from './consumer-silence.ts'
import { eventsStream } from './streams.ts'

const stallMs = 10_000

/** `filter` is a subject, or a pattern of subjects. @throws LogUnavailable. */
export async function* messagesOf(connection: NatsConnection, filter: string): AsyncGenerator<StoredCommit> {
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false })
    const last = await manager.streams.getMessage(eventsStream, { last_by_subj: filter }).catch(none)
    if (last === null) return
    const consumer = await jetstream(connection).consumers.get(eventsStream, { filter_subjects: filter })
    const messages = await consumer.consume({ max_messages: 500, ...pulls })
    // It would wait for ever for messages that were erased since.
    const stalled = setTimeout(() => messages.stop(), stallMs)
    let reached = 0
    try {
      for await (const message of messages) {
        stalled.refresh()
        reached = message.seq
        yield storedOf(message)
        if (reached >= last.seq) return
      }
    } finally {
      clearTimeout(stalled)
      messages.stop()
      void consumer.delete().catch(() => undefined)
    }
    throw new Error(`nothing came after message ${reached} of ${last.seq}`)
  } catch (error) {
    throw new LogUnavailable(`reading ${filter}`, { cause: error })
  }
}

const storedOf = (message: JsMsg): StoredCommit => ({
  sequence: message.seq,
  subject: message.subject,
  headers: Object.fromEntries((message.headers?.keys() ?? []).map((name) => [name, message.headers?.get(name) ?? ''])),
  payload: message.string(),
})

const none = (error: unknown): null => {
  if (error instanceof JetStreamApiError && error.status === 404) return null
  throw error
}

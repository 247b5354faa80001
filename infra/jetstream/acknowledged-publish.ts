// Publishes that wait for the stream's acknowledgement, over one inbox: the client's own request path costs twice as much.
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { subscribeGuarded } from './guarded-subscription.ts'
import { type MessageHeaders, messageHeaders } from './message-headers.ts'
import { eventsStream } from './streams.ts'

export type Acknowledgement =
  | { readonly kind: 'stored'; readonly sequence: number; readonly duplicate: boolean }
  /** The stream refused; `code` is nats-server's error code. */
  | { readonly kind: 'refused'; readonly code: number; readonly status: number; readonly message: string }
  /** No answer in time, nobody to answer, or the connection closed: it may or may not be stored. */
  | { readonly kind: 'unknown'; readonly reason: string }

export type AcknowledgedPublish = (
  subject: string,
  payload: string | Uint8Array,
  headers: MessageHeaders,
  timeoutMs: number,
) => Promise<Acknowledgement>

const answer = z.union([
  z.object({ error: z.object({ code: z.int(), err_code: z.int().default(0), description: z.string().default('') }) }),
  z.object({ stream: z.string(), seq: z.int(), duplicate: z.boolean().optional() }),
])
/** Nearly every answer, as all servers write it: read without a parser. */
const plain = new RegExp(`^\\{"stream":"${eventsStream}", ?"seq":(\\d+)\\}$`)

const sweepMs = 100
const noResponders = 503

export const createAcknowledgedPublish = (connection: NatsConnection): AcknowledgedPublish => {
  const inbox = createInbox()
  const waiting = new Map<string, { readonly deadline: number; readonly settle: (ack: Acknowledgement) => void }>()
  let next = 0

  const settle = (token: string, acknowledgement: Acknowledgement): void => {
    const waiter = waiting.get(token)
    waiting.delete(token)
    waiter?.settle(acknowledgement)
  }
  subscribeGuarded(connection, `${inbox}.*`, (message) => {
    settle(message.subject.slice(inbox.length + 1), toAcknowledgement(message))
  })
  const sweep = setInterval(() => {
    const now = performance.now()
    for (const [token, { deadline }] of waiting) {
      if (deadline <= now) settle(token, { kind: 'unknown', reason: 'no acknowledgement in time' })
    }
  }, sweepMs)
  sweep.unref()

  return (subject, payload, values, timeoutMs) =>
    new Promise((resolve) => {
      const headers = messageHeaders(values)
      const token = (next++).toString(36)
      waiting.set(token, { deadline: performance.now() + timeoutMs, settle: resolve })
      try {
        connection.publish(subject, payload, { headers, reply: `${inbox}.${token}` })
      } catch (error) {
        settle(token, { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) })
      }
    })
}

const toAcknowledgement = (message: Msg): Acknowledgement => {
  if (message.headers?.code === noResponders) return { kind: 'unknown', reason: 'JetStream does not answer' }
  const text = message.string()
  const [, sequence] = plain.exec(text) ?? []
  if (sequence !== undefined) return { kind: 'stored', sequence: Number(sequence), duplicate: false }
  const parsed = answer.safeParse(JSON.parse(text))
  if (!parsed.success) return { kind: 'unknown', reason: 'the acknowledgement cannot be read' }
  if ('error' in parsed.data) {
    const { code: status, err_code: code, description } = parsed.data.error
    return { kind: 'refused', code, status, message: description }
  }
  const { stream } = parsed.data
  if (stream !== eventsStream) return { kind: 'unknown', reason: `the stream ${stream} has taken it` }
  return { kind: 'stored', sequence: parsed.data.seq, duplicate: parsed.data.duplicate === true }
}

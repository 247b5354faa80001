// What the server itself gives up, at a consumer's limit of deliveries, becomes a dead letter as well.
import { type JsMsg, jetstreamManager, type StoredMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { consumeDurable } from './durable-messages.ts'
import { storedHeaders } from './jetstream-commit-source.ts'
import { advisoriesStream, intakeStream } from './streams.ts'

/** io.nats.jetstream.advisory.v1.max_deliver */
const advisory = z.object({
  stream: z.string(),
  consumer: z.string(),
  stream_seq: z.int(),
  deliveries: z.int(),
})

export const startGivenUpMessages = (
  connection: NatsConnection,
  deadLetters: Pick<DeadLetters, 'park'>,
  log: Log,
): { stop(): Promise<void> } => {
  const stopping = new AbortController()

  const take = async (message: JsMsg): Promise<void> => {
    const told = advisory.safeParse(message.json())
    if (!told.success) return message.ack()
    const { stream, consumer, stream_seq: sequence, deliveries } = told.data
    const manager = await jetstreamManager(connection, { checkAPI: false })
    const given = await manager.streams.getMessage(stream, { seq: sequence })
    if (given === null) return message.ack()
    await deadLetters.park({ ...originOf(given, stream), consumer, attempts: deliveries, error: reason(deliveries) })
    // A work queue keeps what nobody acknowledged; it comes back by a retry alone.
    if (stream === intakeStream) await manager.streams.deleteMessage(stream, sequence, false)
    message.ack()
  }

  const options = {
    stream: advisoriesStream,
    consumer: 'given-up',
    filter: '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>',
    maxInFlight: 8,
    ackWaitMs: 4_000,
  }
  const onMessage = (message: JsMsg): void => {
    take(message).catch((error: unknown) => {
      log.warn(
        { err: error, subject: message.subject },
        'What the server gave up could not be parked yet; trying again.',
      )
      message.nak(2_000)
    })
  }
  const running = consumeDurable(connection, options, onMessage, stopping.signal, log)
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

const originOf = (message: StoredMsg, stream: string) => ({
  stream,
  subject: message.subject,
  sequence: message.seq,
  messageId: `${stream}-${message.time.getTime()}-${message.seq}`,
  headers: storedHeaders(message),
  payload: message.string(),
})

const reason = (deliveries: number) => ({
  code: 'max_deliveries',
  message: `The server delivered it ${deliveries} times, and nobody settled it.`,
})

// Brings what people retry back to where it was parked: an intake's message to its queue, a commit to that one handler.
import { type JsMsg, jetstream } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { type DeadLetterView, deadLetterDecision } from '../../schemas/dead-letter.ts'
import { consumeDurable } from './durable-messages.ts'
import { commandConsumer, deadStream, intakeConsumer } from './streams.ts'
import { everyDecided } from './subjects.ts'

/** Settles the message that stands for the retry when the handler is done with the letter. */
export type TakeRetried = (letter: DeadLetterView, message: JsMsg) => Promise<void>

export interface RetriedLetters {
  /** @returns how to listen no more. */
  listen(consumer: string, take: TakeRetried): () => void
  stop(): Promise<void>
}

const ackWaitMs = 4_000
/** Deliveries without anybody of that name, two seconds apart, before the letter is parked again. */
const patience = 30

export const startRetriedLetters = (
  connection: NatsConnection,
  deadLetters: Pick<DeadLetters, 'find' | 'park'>,
  log: Log,
): RetriedLetters => {
  const client = jetstream(connection)
  const handlers = new Map<string, TakeRetried>()
  const stopping = new AbortController()

  /** Under its own key where it came as it is: whoever took it before, unseen by us, knows it again. */
  const queueAgain = async (letter: DeadLetterView): Promise<void> => {
    const header = headers()
    for (const [name, value] of Object.entries(letter.headers)) {
      if (!/^(nats-|idempotency-key$)/.test(name))
        header.set(name, name === 'content-type' ? alone(letter, value) : value)
    }
    const key = letter.headers['idempotency-key'] ?? letter.headers['nats-msg-id'] ?? letter.messageId ?? letter.id
    header.set('Idempotency-Key', letter.masked === true || letter.entry !== undefined ? `${key}:${letter.id}` : key)
    await client.publish(letter.subject, letter.payload, { headers: header, msgID: letter.id })
  }

  const take = async (message: JsMsg): Promise<void> => {
    const decision = deadLetterDecision.safeParse(message.json())
    const letter =
      decision.data?.what === 'retried' ? await deadLetters.find(message.subject.split('.')[3] ?? '') : null
    if (letter === null) return message.ack()
    if (letter.consumer === intakeConsumer || letter.consumer === commandConsumer) {
      await queueAgain(letter)
      return message.ack()
    }
    const handler = handlers.get(letter.consumer)
    if (handler !== undefined) return handler(letter, message)
    if (message.info.deliveryCount < patience) return message.nak(2_000)
    const error = { code: 'no_such_handler', message: `No handler ${letter.consumer} has taken it.` }
    await deadLetters.park({ ...letter, error, retryOf: letter.id })
    message.ack()
  }

  const options = { stream: deadStream, consumer: 'retries', filter: everyDecided, maxInFlight: 32, ackWaitMs }
  const onMessage = (message: JsMsg): void => {
    take(message).catch((error: unknown) => {
      log.warn({ err: error, subject: message.subject }, 'A dead letter could not be brought back yet; trying again.')
      message.nak(2_000)
    })
  }
  const running = consumeDurable(connection, options, onMessage, stopping.signal, log)

  return {
    listen: (consumer, handler) => {
      handlers.set(consumer, handler)
      return () => {
        handlers.delete(consumer)
      }
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** One entry of a batch goes back by itself. */
const alone = ({ entry }: DeadLetterView, contentType: string): string =>
  entry === undefined ? contentType : contentType.replace('cloudevents-batch', 'cloudevents')

// A message of the intake stream as its handler sees it.
import type { JsMsg } from '@nats-io/jetstream'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { QueuedMessage } from '../../handlers/ports/queued-message.ts'
import { headersOf, messageIdOf, parker } from './jetstream-commit-source.ts'

export const toQueuedMessage = (message: JsMsg, consumer: string, deadLetters: DeadLetters): QueuedMessage => ({
  payload: message.string(),
  headers: headersOf(message),
  queuedAt: new Date(message.info.timestampNanos / 1e6),
  id: messageIdOf(message),
  deliveries: message.info.deliveryCount,
  done: () => message.ack(),
  later: (delayMs) => message.nak(delayMs),
  working: () => message.working(),
  park: parker(message, consumer, deadLetters),
})

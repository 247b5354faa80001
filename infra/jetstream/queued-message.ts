// A message of the intake stream as its handler sees it.
import type { JsMsg } from '@nats-io/jetstream'
import type { QueuedMessage } from '../../handlers/ports/queued-message.ts'
import type { DeadLetters } from './dead-letters.ts'
import { headersOf, parker } from './jetstream-commit-source.ts'
import { intakeStream } from './streams.ts'

export const toQueuedMessage = (message: JsMsg, consumer: string, deadLetters: DeadLetters): QueuedMessage => ({
  payload: message.string(),
  headers: headersOf(message),
  queuedAt: new Date(message.info.timestampNanos / 1e6),
  id: `${intakeStream}-${message.info.timestampNanos}-${message.seq}`,
  deliveries: message.info.deliveryCount,
  done: () => message.ack(),
  later: (delayMs) => message.nak(delayMs),
  working: () => message.working(),
  park: parker(message, consumer, deadLetters),
})

// A core subscription whose handler may fail: an exception in the client's callback would end its read loop, and the connection with it.
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node'

export interface GuardedOptions {
  /** Processes of one queue group share the messages. */
  readonly queue?: string
  /** Told of every message whose handling threw; absent means such messages are dropped. */
  readonly onFailure?: (error: unknown, subject: string) => void
}

export const subscribeGuarded = (
  connection: NatsConnection,
  subject: string,
  handle: (message: Msg) => void,
  { queue, onFailure = () => undefined }: GuardedOptions = {},
): Subscription =>
  connection.subscribe(subject, {
    ...(queue !== undefined && { queue }),
    callback: (error, message) => {
      if (error !== null) return
      try {
        handle(message)
      } catch (failure) {
        onFailure(failure, message.subject)
      }
    },
  })

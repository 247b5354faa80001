// The durable queue of alerts: what is put here is acknowledged by the server before anybody is told "accepted".
import { jetstream } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { AlertQueue, QueuedAlert } from '../../handlers/ports/alert-queue.ts'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { OrgId } from '../../schemas/ids.ts'
import { consumeDurable, iterate } from './durable-messages.ts'
import { letterOf, parker } from './jetstream-commit-source.ts'
import { toQueuedMessage } from './queued-message.ts'
import { intakeConsumer, intakeStream } from './streams.ts'
import { alertSubject, everyAlert, orgOfSubject } from './subjects.ts'

export interface AlertIntake extends AlertQueue {
  /**
   * Durable when it resolves; the same id within ten minutes is taken for a repeat.
   * @throws LogUnavailable (retryable).
   */
  publish(
    org: OrgId,
    id: string,
    payload: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<{ readonly duplicate: boolean }>
}

const consumer = intakeConsumer
const ackWaitMs = 4_000

export const createAlertIntake = (connection: NatsConnection, deadLetters: DeadLetters, log: Log): AlertIntake => {
  const client = jetstream(connection, { timeout: 3_000 })
  return {
    publish: async (org, id, payload, fields) => {
      const header = headers()
      for (const [name, value] of Object.entries(fields)) header.set(name, value)
      try {
        const ack = await client.publish(alertSubject(org), payload, { msgID: id, headers: header, retries: 2 })
        return { duplicate: ack.duplicate }
      } catch (error) {
        throw new LogUnavailable('queueing an alert', { cause: error })
      }
    },
    deliveries: (signal) =>
      iterate<QueuedAlert>((push) => {
        const options = { stream: intakeStream, consumer, filter: everyAlert, maxInFlight: 128, ackWaitMs }
        return consumeDurable(
          connection,
          options,
          (message) => {
            const org = orgOfSubject(message.subject)
            if (org === null) {
              const reason = { code: 'unreadable_alert', message: `${message.subject} names no org` }
              void parker(
                message,
                consumer,
                deadLetters,
              )(reason).catch((error: unknown) => log.error({ err: error }, 'A bad alert could not be parked.'))
              return
            }
            push({
              ...toQueuedMessage(message, consumer, deadLetters),
              org,
              parkEntry: ({ index, text, message: reason }, code) =>
                deadLetters.park({
                  ...letterOf(message, consumer),
                  entry: index,
                  payload: text,
                  error: { code, message: reason },
                }),
            })
          },
          signal,
          log,
        )
      }, signal),
  }
}

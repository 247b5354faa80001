// The durable queue of commands: whoever publishes there has the server's word that it is kept until it is decided.
import type { NatsConnection } from '@nats-io/transport-node'
import type { CommandQueue, QueuedCommand } from '../../handlers/ports/command-queue.ts'
import type { DeadLetters } from '../../handlers/ports/dead-letters.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { consumeDurable, iterate } from './durable-messages.ts'
import { toQueuedMessage } from './queued-message.ts'
import { commandConsumer, intakeStream } from './streams.ts'
import { everyCommand } from './subjects.ts'

const consumer = commandConsumer
const options = {
  stream: intakeStream,
  consumer,
  filter: everyCommand,
  maxInFlight: 1,
  inOrder: true,
  ackWaitMs: 4_000,
}

export const createCommandQueue = (connection: NatsConnection, deadLetters: DeadLetters, log: Log): CommandQueue => ({
  deliveries: (signal) =>
    iterate<QueuedCommand>((push) => {
      const take = (message: Parameters<typeof toQueuedMessage>[0]): void => {
        const [, , org = '', name = ''] = message.subject.split('.')
        push({ ...toQueuedMessage(message, consumer, deadLetters), org, name })
      }
      return consumeDurable(connection, options, take, signal, log)
    }, signal),
})

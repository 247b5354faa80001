// One message of the log by its sequence, from the leader.
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { MessageAt } from '../../projections/check-second-copy.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { askedTwice } from './asked-twice.ts'
import { eventsStream } from './streams.ts'

export const createMessageAt = async (connection: NatsConnection): Promise<MessageAt> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  return async (seq) => {
    try {
      const message = await askedTwice(() => manager.streams.getMessage(eventsStream, { seq }))
      if (message === null) return null
      return { subject: message.subject, payload: message.string(), hash: message.header.get(commitHeaders.hash) }
    } catch (error) {
      if (error instanceof JetStreamApiError && error.status === 404) return null
      throw new LogUnavailable(`reading message ${seq}`, { cause: error })
    }
  }
}

// After which silence of a process its work is given to another: what makes a takeover quick, read off the server instead of off a clock.
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { eventsStream } from '../../infra/jetstream/streams.ts'

/** Of every handler's consumer on the log, the longest, in milliseconds. */
export const offeredAgainAfterMs = async (connection: NatsConnection): Promise<number> => {
  const manager = await jetstreamManager(connection)
  const waits: number[] = []
  for await (const { config } of manager.consumers.list(eventsStream)) {
    if (config.durable_name !== undefined) waits.push((config.ack_wait ?? Number.POSITIVE_INFINITY) / 1_000_000)
  }
  if (waits.length === 0) throw new Error('no handler has a consumer')
  return Math.max(...waits)
}

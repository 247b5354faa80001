// One connection to NATS that never gives up: the process waits out an outage and goes on.
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Log } from '../../handlers/ports/log.ts'
import { natsAddress } from './nats-address.ts'

/**
 * `url` may carry credentials (`nats://user:password@host`); they are never logged. Without `reconnect` a connection that
 * breaks stays broken: what was sent over it has arrived in order, up to some message and none after.
 */
export const connectNats = async (
  url: string,
  name: string,
  log: Log,
  { reconnect = true }: { readonly reconnect?: boolean } = {},
): Promise<NatsConnection> => {
  const connection = await connect({
    ...natsAddress(url),
    name,
    reconnect,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    // A server that is frozen, or behind a network that swallows everything, counts as away after a quarter of a minute.
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 5_000,
    waitOnFirstConnect: true,
    // The client otherwise captures a stack for every request: a fifth of the time of an append.
    noAsyncTraces: true,
    ignoreAuthErrorAbort: true,
  })
  watch(connection, log).catch((error: unknown) =>
    log.error({ err: error }, 'The state of NATS is no longer reported.'),
  )
  return connection
}

const watch = async (connection: NatsConnection, log: Log): Promise<void> => {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log.warn({ nats: status.server }, 'NATS is away; waiting for it.')
    if (status.type === 'reconnect') log.info({ nats: status.server }, 'NATS is back.')
    if (status.type === 'error') log.warn({ err: status.error }, 'NATS reported an error.')
  }
}

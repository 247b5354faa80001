// A real nats-server with Casebook's streams, and as many connections as a test wants, each its own process in effect.
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { ensureStreams } from '../../infra/jetstream/streams.ts'
import { quiet, startNats } from './servers.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** For a log whose server is killed: on a busy machine it takes its time to come back. */
export const untilItIsBack = { unknownOutcomeDeadlineMs: 60_000 }

export const startLogWorld = async () => {
  const nats = await startNats()
  const connections: NatsConnection[] = []
  const proxies: TcpProxy[] = []
  const open = async (url: string): Promise<NatsConnection> => {
    const connection = await connectNats(url, 'test', quiet)
    connections.push(connection)
    return connection
  }
  const connection = await open(nats.url)
  await ensureStreams(connection)
  return {
    connection,
    manager: await jetstreamManager(connection),
    connect: () => open(nats.url),
    /** A connection whose network the test can break. */
    connectThroughProxy: async () => {
      const url = new URL(nats.url)
      const proxy = await startTcpProxy(Number(url.port))
      proxies.push(proxy)
      url.port = String(proxy.port)
      return { connection: await open(url.href), proxy }
    },
    /** As the machine would: no goodbye. Its supervisor starts it again. */
    killServer: (): void => {
      const pid = nats.pid()
      if (pid === null) throw new Error('nats-server is not running')
      process.kill(pid, 'SIGKILL')
    },
    stop: async (): Promise<void> => {
      await Promise.all(connections.map((each) => each.close()))
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await nats.stop()
    },
  }
}

export type LogWorld = Awaited<ReturnType<typeof startLogWorld>>

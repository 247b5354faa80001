// A TCP proxy that can lose what the server answers, or cut every connection: outages a test decides about.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** From now on nothing of what the server sends arrives; what clients send still does. */
  dropAnswers(): void
  /** Drops nothing any more; connections whose answers were dropped are cut, since their stream of bytes has a hole. */
  heal(): void
  /** Cuts every connection and refuses new ones until `heal`. */
  cut(): void
  isCut(): boolean
  close(): Promise<void>
}

export const startTcpProxy = async (targetPort: number): Promise<TcpProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  let dropping = false
  let refusing = false

  const server = createServer((client) => {
    if (refusing) {
      client.destroy()
      return
    }
    const upstream = connect(targetPort, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of pair) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
    client.on('data', (chunk) => upstream.write(chunk))
    upstream.on('data', (chunk) => {
      if (!dropping) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const endAll = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    dropAnswers: () => {
      dropping = true
    },
    heal: () => {
      if (dropping) endAll()
      dropping = false
      refusing = false
    },
    cut: () => {
      refusing = true
      endAll()
    },
    isCut: () => refusing,
    close: async () => {
      endAll()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

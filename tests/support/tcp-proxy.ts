// A TCP proxy that can lose what the server answers, or cut every connection: outages a test decides about.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** From now on nothing of what the server sends arrives; what clients send still does. `onDropped` sees what is lost. */
  dropAnswers(onDropped?: (chunk: Buffer) => void): void
  /** From now on only so many bytes of what clients send get through, whoever sends them; the rest waits until `heal`. */
  passAtMost(bytes: number): void
  /** Drops and holds nothing any more; connections whose answers were dropped are cut, since their stream of bytes has a hole. */
  heal(): void
  /** Cuts every connection and refuses new ones until `heal`. */
  cut(): void
  isCut(): boolean
  close(): Promise<void>
}

export const startTcpProxy = async (targetPort: number): Promise<TcpProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  let dropping = false
  let dropped: (chunk: Buffer) => void = () => undefined
  let refusing = false
  /** Of what clients send, the bytes that may still pass, and what waits because they may not. */
  let left = Number.POSITIVE_INFINITY
  let waiting: (() => void)[] = []

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
    client.on('data', (chunk) => {
      const now = chunk.subarray(0, left)
      left -= now.length
      upstream.write(now)
      if (now.length < chunk.length) waiting.push(() => upstream.write(chunk.subarray(now.length)))
    })
    upstream.on('data', (chunk) => {
      if (dropping) dropped(chunk)
      else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const endAll = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    dropAnswers: (onDropped = () => undefined) => {
      dropping = true
      dropped = onDropped
    },
    passAtMost: (bytes) => {
      left = bytes
    },
    heal: () => {
      left = Number.POSITIVE_INFINITY
      for (const pass of waiting) pass()
      waiting = []
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

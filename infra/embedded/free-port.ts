// A free loopback port that stays free while its server is away: outside the range from which systems give ports to connections.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below 32768, where Linux begins, and 49152, where others do: from there any connection may take a port that is free for a moment. */
const lowest = 20_000
const highest = 32_000
const attempts = 50

export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  return listenOnce(0)
}

/** Whether a server could listen on it now. */
export const isFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  )

const listenOnce = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

// Stopping waits for answers under way, not for connections that ask nothing.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long answers under way may take once the process stops. */
const graceMs = 5_000

/** @returns the way to begin: call it when the server starts to close; what it returns is called when it has. */
export const createConnectionCloser = (server: Server): (() => () => void) => {
  // Node counts a connection that has not yet asked anything as busy, and browsers open such in advance.
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  for (const asked of ['request', 'upgrade']) {
    server.on(asked, ({ socket }: IncomingMessage) => unused.delete(socket))
  }
  return () => {
    for (const socket of unused) socket.destroy()
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    return () => clearTimeout(cut)
  }
}

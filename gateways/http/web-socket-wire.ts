// The same stream over a WebSocket: each frame is one JSON message.
import type { Socket } from 'node:net'
import type { WebSocket } from '@fastify/websocket'
import type { Ending, Frame, StreamWire } from './stream-wire.ts'

/** RFC 6455 and its registry: going away, try again later, internal error. */
const closeCodes: Readonly<Record<Ending, number>> = { stopping: 1001, lagged: 1013, broken: 1011 }

/** `connection` is the one the socket was upgraded on: it tells what the client has taken. */
export const createWebSocketWire = (socket: WebSocket, connection: Socket): StreamWire => {
  const send = (frame: Frame): void => {
    // Sending on a socket that closes would throw; who listens is told by `onClosed`.
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
  }
  return {
    resume: 'after',
    send: ({ event, id, data }) => send({ event, ...(id !== undefined && { id }), data }),
    // A message and no ping: browsers do not show pings to their pages.
    beat: () => send({ event: 'heartbeat', data: {} }),
    waiting: () => socket.bufferedAmount,
    full: () => connection.writableNeedDrain,
    close: (why, graceMs) => {
      socket.close(closeCodes[why], why)
      const cut = setTimeout(() => socket.terminate(), graceMs)
      socket.once('close', () => clearTimeout(cut))
    },
    onTaken: (listener) => void connection.on('drain', listener),
    onClosed: (listener) => void socket.on('close', listener).on('error', listener),
  }
}

// Server-sent events on an HTTP response.
import type { ServerResponse } from 'node:http'
import type { Frame, StreamWire } from './stream-wire.ts'

/** Takes over the response; `headers` are those the framework had gathered. */
export const createSseWire = (
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): StreamWire => {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, typeof value === 'object' ? [...value] : value)
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // A stream that ends takes its connection with it: nobody waits on an idle socket.
    connection: 'close',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  // What comes at once goes out at once: sixty-four agents write a thousand pieces a second, and a packet each is work on both sides.
  const together = (text: string): void => {
    if (response.writableCorked === 0) {
      response.cork()
      setImmediate(() => response.uncork())
    }
    response.write(text)
  }
  return {
    resume: 'Last-Event-ID',
    send: (frame) => together(frameText(frame)),
    beat: () => void response.write(': hb\n\n'),
    waiting: () => response.writableLength,
    full: () => response.writableNeedDrain,
    close: (_why, graceMs) => {
      response.end()
      // A client that never reads would hold the socket for ever.
      const cut = setTimeout(() => response.destroy(), graceMs)
      response.once('close', () => clearTimeout(cut))
    },
    onTaken: (listener) => void response.on('drain', listener),
    onClosed: (listener) => void response.on('close', listener).on('error', listener),
  }
}

const frameText = ({ event, data, id }: Frame): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

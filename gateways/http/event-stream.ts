// Server-sent events to one client: frames, a heartbeat, and a bound on how far behind the client may be.
import type { ServerResponse } from 'node:http'

export interface Frame {
  readonly event: string
  readonly data: unknown
  /** Only frames a client may resume from carry one. */
  readonly id?: number | undefined
}

export interface EventStream {
  /** False once the stream has ended; then sending does nothing. */
  readonly open: boolean
  /** Never waits: a client that is too far behind is told `lagged` and closed. */
  send(frame: Frame): void
  /** Resolves when the client has taken what was sent, or the stream has ended. */
  drained(): Promise<void>
  end(): void
  /** Aborted when the stream has ended, whoever ended it. */
  readonly ended: AbortSignal
}

export interface EventStreamOptions {
  readonly heartbeatMs: number
  readonly bufferBytes: number
  /** How long a client may take nothing at all before it is closed. */
  readonly stalledMs?: number
}

export const frameText = ({ event, data, id }: Frame): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** Takes over the response; `headers` are those the framework had gathered. */
export const openEventStream = (
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  { heartbeatMs, bufferBytes, stalledMs = 30_000 }: EventStreamOptions,
): EventStream => {
  const ending = new AbortController()
  const heartbeat = setInterval(() => write(': hb\n\n'), heartbeatMs)
  let wake: (() => void) | null = null
  let stalled: NodeJS.Timeout | null = null

  const stop = (): void => {
    if (ending.signal.aborted) return
    clearInterval(heartbeat)
    if (stalled !== null) clearTimeout(stalled)
    ending.abort()
    wake?.()
  }
  const end = (graceMs = 2_000): void => {
    if (ending.signal.aborted) return
    stop()
    response.end()
    // A client that never reads would hold the socket for ever.
    const cut = setTimeout(() => response.destroy(), graceMs)
    response.once('close', () => clearTimeout(cut))
  }
  const lagged = (): void => {
    if (ending.signal.aborted) return
    response.write(
      frameText({ event: 'lagged', data: { behindBytes: response.writableLength, resume: 'Last-Event-ID' } }),
    )
    end(10_000)
  }
  const taken = (): void => {
    if (stalled !== null) clearTimeout(stalled)
    stalled = null
    wake?.()
    wake = null
  }
  const write = (text: string): void => {
    if (ending.signal.aborted) return
    // What is waiting counts, not what comes: one large frame is no sign of a slow client.
    if (response.writableLength > bufferBytes) lagged()
    else if (!response.write(text)) stalled ??= setTimeout(lagged, stalledMs)
  }

  response.on('drain', taken)
  response.on('close', stop)
  response.on('error', stop)
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
  write('retry: 1000\n\n')

  return {
    get open() {
      return !ending.signal.aborted
    },
    ended: ending.signal,
    send: (frame) => write(frameText(frame)),
    end: () => end(),
    drained: () =>
      ending.signal.aborted || !response.writableNeedDrain
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve
          }),
  }
}

// Events to one client: frames, a heartbeat, and a bound on how far behind the client may be.
import type { Ending, Frame, StreamWire } from './stream-wire.ts'

export interface EventStream {
  /** Never waits: a client that is too far behind is told `lagged` and closed. Does nothing once the stream has ended. */
  send(frame: Frame): void
  /** Resolves when the client has taken what was sent, or the stream has ended. */
  drained(): Promise<void>
  end(why: Ending): void
  /** Aborted when the stream has ended, whoever ended it. */
  readonly ended: AbortSignal
}

export interface EventStreamOptions {
  readonly heartbeatMs: number
  readonly bufferBytes: number
  /** How long a client may take nothing at all before it is closed. */
  readonly stalledMs?: number
}

export const openEventStream = (
  wire: StreamWire,
  { heartbeatMs, bufferBytes, stalledMs = 30_000 }: EventStreamOptions,
): EventStream => {
  const ending = new AbortController()
  const heartbeat = setInterval(() => write(() => wire.beat()), heartbeatMs)
  let wake: (() => void) | null = null
  let stalled: NodeJS.Timeout | null = null

  const stop = (): void => {
    if (ending.signal.aborted) return
    clearInterval(heartbeat)
    if (stalled !== null) clearTimeout(stalled)
    ending.abort()
    wake?.()
  }
  const end = (why: Ending, graceMs = 2_000): void => {
    if (ending.signal.aborted) return
    stop()
    wire.close(why, graceMs)
  }
  const lagged = (): void => {
    if (ending.signal.aborted) return
    wire.send({ event: 'lagged', data: { behindBytes: wire.waiting(), resume: wire.resume } })
    end('lagged', 10_000)
  }
  const taken = (): void => {
    if (stalled !== null) clearTimeout(stalled)
    stalled = null
    wake?.()
    wake = null
  }
  const write = (put: () => void): void => {
    if (ending.signal.aborted) return
    // What is waiting counts, not what comes: one large frame is no sign of a slow client.
    if (wire.waiting() > bufferBytes) {
      lagged()
      return
    }
    put()
    if (wire.full()) stalled ??= setTimeout(lagged, stalledMs)
  }

  wire.onTaken(taken)
  wire.onClosed(stop)

  return {
    ended: ending.signal,
    send: (frame) => write(() => wire.send(frame)),
    end: (why) => end(why),
    drained: () =>
      ending.signal.aborted || !wire.full()
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve
          }),
  }
}

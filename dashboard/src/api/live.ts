// The one live connection of this tab: what happens in the org, and all of the session that is looked at.
import { createEventSource, type EventSourceClient } from 'eventsource-client'
import { callerHeaders } from './caller-headers.ts'
import { type CommitFrame, type DeltaFrame, isCommitFrame, isDeltaFrame } from './live-frames.ts'

export type ConnectionState = 'connecting' | 'live' | 'offline'

/** A short break heals unseen: whoever looks is told after this long. */
const tolerated = 10_000

export interface Live {
  state(): ConnectionState
  onState(listener: () => void): () => void
  /** Each time the stream is there, also after a break too short to be told of. */
  onConnect(listener: () => void): () => void
  onCommit(listener: (commit: CommitFrame) => void): () => void
  onDelta(listener: (delta: DeltaFrame) => void): () => void
  /** Resolves with a sequence after which nothing is missed. */
  position(): Promise<number>
  /** The last sequence that came, if any did: what is read `after` it is not behind what was told. */
  seen(): number | undefined
  /** This session's commits come whole from now on, and its text as it is written; null for none. */
  watch(sessionId: string | null): void
  close(): void
}

/** `session`: watched from the start. */
export const createLive = (origin: string, session: string | null = null): Live => {
  const states = new Set<() => void>()
  const connections = new Set<() => void>()
  const commits = new Set<(commit: CommitFrame) => void>()
  const deltas = new Set<(delta: DeltaFrame) => void>()
  const opened = Promise.withResolvers<number>()
  let source: EventSourceClient | null = null
  let state: ConnectionState = 'connecting'
  let last: string | undefined
  let watched = session
  let patience: ReturnType<typeof setTimeout> | null = null

  const become = (next: ConnectionState): void => {
    if (patience !== null) clearTimeout(patience)
    patience = null
    if (next === state) return
    state = next
    for (const listener of states) listener()
  }
  const wait = (): void => {
    patience ??= setTimeout(() => become('offline'), tolerated)
  }

  const take = (event: string | undefined, id: string | undefined, text: string): void => {
    become('live')
    const data: unknown = JSON.parse(text)
    if (id !== undefined) {
      last = id
      opened.resolve(Number(id))
    }
    if (event === 'commit' && isCommitFrame(data)) for (const listener of commits) listener(data)
    if (event === 'delta' && isDeltaFrame(data)) for (const listener of deltas) listener(data)
  }

  const connect = (): void => {
    source?.close()
    const session = watched
    const url = new URL('/v1/stream', origin)
    url.searchParams.set('brief', 'true')
    if (session !== null) url.searchParams.set('session', session)
    // Its page reads its past by itself.
    url.searchParams.set('snapshot', 'false')
    wait()
    source = createEventSource({
      url,
      headers: { ...callerHeaders() },
      fetch: async (...request) => {
        const response = await fetch(...request)
        if (response.ok) return response
        // Its page says that it is not there; everything else goes on.
        if (session !== null && (response.status === 404 || response.status === 410)) {
          watched = null
          connect()
        }
        // What answers in the place of Casebook is no stream.
        throw new Error(`The stream was refused with ${response.status}.`)
      },
      ...(last !== undefined && { initialLastEventId: last }),
      onConnect: () => {
        become('live')
        for (const listener of connections) listener()
      },
      onDisconnect: wait,
      onScheduleReconnect: wait,
      onMessage: ({ event, id, data }) => take(event, id, data),
    })
  }
  connect()

  const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    state: () => state,
    onState: (listener) => subscribe(states, listener),
    onConnect: (listener) => subscribe(connections, listener),
    onCommit: (listener) => subscribe(commits, listener),
    onDelta: (listener) => subscribe(deltas, listener),
    position: async () => {
      const first = await opened.promise
      return last === undefined ? first : Number(last)
    },
    seen: () => (last === undefined ? undefined : Number(last)),
    watch: (sessionId) => {
      if (watched === sessionId) return
      watched = sessionId
      connect()
    },
    close: () => source?.close(),
  }
}

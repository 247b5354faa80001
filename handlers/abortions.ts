// Cancels local work when its session ends, or its agent is cancelled, wherever that was accepted.
import type { Commit, StreamId } from '../schemas/commit.ts'
import type { EventData } from '../schemas/events.ts'
import type { ExecutionId } from '../schemas/ids.ts'
import type { CommitFeed } from './ports/commit-feed.ts'

/** Reason of a signal that fired because the session, or the agent, came to its end: nobody waits for the work. */
export const sessionOver = new DOMException('The session has ended.', 'AbortError')
/** Reason of a signal that fired because this process stops: the work is for another one. */
export const shuttingDown = new DOMException('The process is stopping.', 'AbortError')

export interface Abortion {
  readonly signal: AbortSignal
  close(): void
}

/** What the work is for: an end before it is none to it, for a session that has ended may still be asked. */
type Cause = Pick<Commit, 'stream' | 'sequence'>

export interface Abortions {
  /** A signal for the work a commit calls for; close it when the work is over. */
  open(commit: Cause): Abortion
  /** The same for the work of one agent: `signal` fires when either of the two comes to its end. */
  openFor(commit: Cause, executionId: ExecutionId): Abortion
  abortAll(reason: DOMException): void
  stop(): void
}

/** Ends remembered, so that work opened just after its session ended is aborted, too. */
const rememberedEnds = 10_000

export const createAbortions = (feed: CommitFeed): Abortions => {
  const open = new Map<string, Set<AbortController>>()
  /** The log sequence of each end. */
  const over = new Map<string, number>()
  const keyOf = (stream: StreamId): string => `${stream.org}/${stream.id}`
  const end = (key: string, sequence: number): void => {
    over.set(key, sequence)
    if (over.size > rememberedEnds)
      for (const oldest of [...over.keys()].slice(0, rememberedEnds / 2)) over.delete(oldest)
    for (const controller of open.get(key) ?? []) controller.abort(sessionOver)
  }
  const onCommit = ({ stream, events, sequence }: Commit): void => {
    for (const event of events) {
      if (event.type === 'session.ended') end(keyOf(stream), sequence)
      // An agent that ends by its own reply has no work left to abort.
      if (event.type === 'session.execution_ended' && wasCutShort(event.data)) {
        end(`${keyOf(stream)}/${event.data.executionId}`, sequence)
      }
    }
  }
  /** One controller under every key that may end it: linking signals to signals costs more than the rest of a step. */
  const openUnder = (since: number, ...keys: readonly string[]): Abortion => {
    const controller = new AbortController()
    for (const key of keys) {
      const controllers = open.get(key) ?? new Set()
      controllers.add(controller)
      open.set(key, controllers)
    }
    if (keys.some((key) => (over.get(key) ?? -1) >= since)) controller.abort(sessionOver)
    return {
      signal: controller.signal,
      close: () => {
        for (const key of keys) {
          const controllers = open.get(key)
          controllers?.delete(controller)
          if (controllers?.size === 0) open.delete(key)
        }
      },
    }
  }
  const unsubscribe = feed.subscribe(onCommit)

  return {
    open: ({ stream, sequence }) => openUnder(sequence, keyOf(stream)),
    openFor: ({ stream, sequence }, executionId) =>
      openUnder(sequence, keyOf(stream), `${keyOf(stream)}/${executionId}`),
    abortAll: (reason) => {
      for (const controllers of open.values()) for (const controller of controllers) controller.abort(reason)
    },
    stop: unsubscribe,
  }
}

/** Swallows whatever broke off because the session has ended: there is nobody left to tell. */
export const unlessOver = async (work: Promise<void>, signal: AbortSignal): Promise<void> => {
  try {
    await work
  } catch (error) {
    if (signal.reason !== sessionOver) throw error
  }
}

const wasCutShort = ({ status, cause }: EventData<'session.execution_ended'>): boolean =>
  status === 'cancelled' || cause?.code === 'timed_out'

// Cancels local work when its session ends, wherever the cancellation was accepted.
import type { Commit, StreamId } from '../schemas/commit.ts'
import type { CommitFeed } from './ports/commit-feed.ts'

/** Reason of a signal that fired because the session came to its end. */
export const sessionOver = new DOMException('The session has ended.', 'AbortError')
/** Reason of a signal that fired because this process stops: the work is for another one. */
export const shuttingDown = new DOMException('The process is stopping.', 'AbortError')

export interface Abortions {
  /** A signal for one piece of work on a stream; close it when the work is over. */
  open(stream: StreamId): { readonly signal: AbortSignal; close(): void }
  abortAll(reason: DOMException): void
  stop(): void
}

/** Ends remembered, so that work opened just after its session ended is aborted, too. */
const rememberedEnds = 10_000

export const createAbortions = (feed: CommitFeed): Abortions => {
  const open = new Map<string, Set<AbortController>>()
  const over = new Set<string>()
  const keyOf = (stream: StreamId): string => `${stream.org}/${stream.id}`
  const onCommit = (commit: Commit): void => {
    if (!commit.events.some(({ type }) => type === 'session.ended')) return
    const key = keyOf(commit.stream)
    over.add(key)
    if (over.size > rememberedEnds) for (const oldest of [...over].slice(0, rememberedEnds / 2)) over.delete(oldest)
    for (const controller of open.get(key) ?? []) controller.abort(sessionOver)
  }
  const unsubscribe = feed.subscribe(onCommit)

  return {
    open: (stream) => {
      const key = keyOf(stream)
      const controller = new AbortController()
      const controllers = open.get(key) ?? new Set()
      controllers.add(controller)
      open.set(key, controllers)
      if (over.has(key)) controller.abort(sessionOver)
      return {
        signal: controller.signal,
        close: () => {
          controllers.delete(controller)
          if (controllers.size === 0) open.delete(key)
        },
      }
    },
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

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

export const createAbortions = (feed: CommitFeed): Abortions => {
  const open = new Map<string, Set<AbortController>>()
  const keyOf = (stream: StreamId): string => `${stream.org}/${stream.id}`
  const onCommit = (commit: Commit): void => {
    const controllers = open.get(keyOf(commit.stream))
    if (controllers === undefined) return
    // A session that completes has no work left but that of the commit itself; only an early end aborts.
    const early = commit.events.some(({ type }) => type === 'session.ended')
    if (early) for (const controller of controllers) controller.abort(sessionOver)
  }
  const unsubscribe = feed.subscribe(onCommit)

  return {
    open: (stream) => {
      const key = keyOf(stream)
      const controller = new AbortController()
      const controllers = open.get(key) ?? new Set()
      controllers.add(controller)
      open.set(key, controllers)
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

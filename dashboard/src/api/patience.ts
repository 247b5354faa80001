// How the dashboard goes on while Casebook is away or behind: all it reads is asked for again without end, and at once when the stream is back.
import type { QueryClient } from '@tanstack/react-query'
import { ApiProblem, Unreachable } from './problem.ts'

/** Casebook is away, or what it reads from is behind: asked again, it may answer. */
export const mayPass = (problem: unknown): boolean =>
  problem instanceof Unreachable || (problem instanceof ApiProblem && problem.status >= 500)

/** From the nth failure, counted from zero, to the next attempt. */
export const pauseMs = (failures: number): number => Math.min(1_000 * 2 ** failures, 5_000)

/** What is shown and had no answer is asked for now. */
export const askNow = (client: QueryClient): void => {
  const waiting = client
    .getQueryCache()
    .findAll({ type: 'active', predicate: ({ state }) => mayPass(state.fetchFailureReason) })
  for (const query of waiting) {
    // Silently: who awaits the answer gets that of the new question, which of a list is for the same page.
    void query.cancel({ silent: true })
    query.fetch(undefined, { meta: query.state.fetchMeta ?? {} }).catch(() => undefined)
  }
}

/** A page's code. Without it the router loads all anew, which while Casebook is away would leave the dashboard: that waits until it is back. */
export const whenThere =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    try {
      return await load()
    } catch (problem) {
      for (let failures = 0; !(await isThere()); failures++) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs(failures)))
      }
      throw problem
    }
  }

const isThere = (): Promise<boolean> =>
  fetch(window.location.origin).then(
    ({ ok }) => ok,
    () => false,
  )

/** With something to read, a short absence heals unseen. */
const tolerated = 3

interface Asked {
  readonly data: unknown
  readonly error: Error | null
  readonly failureReason: Error | null
  readonly failureCount: number
}

/** Why there is no answer, also while it is asked for again. */
export const problemOf = ({ data, error, failureReason, failureCount }: Asked): Error | null =>
  error ?? (data === undefined || failureCount > tolerated ? failureReason : null)

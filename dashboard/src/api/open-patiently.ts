// Opens what a page folds by itself, again and again while Casebook is away or behind.
import type { Live } from './live.ts'
import { mayPass, pauseMs } from './patience.ts'

/** @returns what gives it up; no problem is told after that. */
export const openPatiently = (
  live: Live,
  open: () => Promise<void>,
  onProblem: (problem: Error) => void,
): (() => void) => {
  let givenUp = false
  let failures = 0
  let retrying: ReturnType<typeof setTimeout> | undefined
  const attempt = (): void => {
    clearTimeout(retrying)
    retrying = undefined
    open().catch((problem: unknown) => {
      if (givenUp) return
      onProblem(problem instanceof Error ? problem : new Error(String(problem)))
      if (mayPass(problem)) retrying = setTimeout(attempt, pauseMs(failures++))
    })
  }
  attempt()
  const stop = live.onConnect(() => {
    if (retrying !== undefined) attempt()
  })
  return () => {
    givenUp = true
    clearTimeout(retrying)
    stop()
  }
}

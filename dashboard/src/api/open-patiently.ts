// Opens what a page shows of a session, again and again while Casebook is away or behind.
import { mayPass } from './problem.ts'

/** Between two attempts. */
const patienceMs = 1_000

/** @returns what gives it up; no problem is told after that. */
export const openPatiently = (open: () => Promise<void>, onProblem: (problem: Error) => void): (() => void) => {
  let givenUp = false
  let retrying: ReturnType<typeof setTimeout> | undefined
  const attempt = (): void => {
    open().catch((problem: unknown) => {
      if (givenUp) return
      onProblem(problem instanceof Error ? problem : new Error(String(problem)))
      if (mayPass(problem)) retrying = setTimeout(attempt, patienceMs)
    })
  }
  attempt()
  return () => {
    givenUp = true
    clearTimeout(retrying)
  }
}

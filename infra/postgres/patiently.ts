// What a start asks of Postgres is asked again while that does not answer: every part that runs waits for it, too.
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable } from '../../projections/database.ts'

const patienceMs = 60_000

/** For work that may be done again. @throws what does not pass, or that Postgres has been away for a minute. */
export const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || performance.now() > deadline) throw error
    }
    await delay(500)
  }
}

// A log that is an array: it can hold what a real one never should, and be cut, replaced or tampered with.
import type { BadLogEntry, LogEntry, LogReader } from '../../projections/log-reader.ts'
import { logSequence } from '../../schemas/ids.ts'

export interface ArrayLog extends LogReader {
  readonly entries: (LogEntry | BadLogEntry)[]
  push(...entries: readonly (LogEntry | BadLogEntry)[]): void
  /** Another stream under the same name, as after a deletion: whoever follows now sees nothing of it. */
  recreate(): void
}

export const createArrayLog = (initial: readonly (LogEntry | BadLogEntry)[] = []): ArrayLog => {
  const entries = [...initial]
  const wakers = new Set<() => void>()
  let generation = 1
  const last = () => logSequence.parse(entries.at(-1)?.sequence ?? 0)
  const wakeAll = (): void => {
    for (const wake of wakers) wake()
  }
  return {
    entries,
    push: (...more) => {
      entries.push(...more)
      wakeAll()
    },
    recreate: () => {
      generation++
      entries.length = 0
      wakeAll()
    },
    head: () => Promise.resolve({ sequence: last(), epoch: `generation ${generation}` }),
    async *follow(after, { maxBatch }, signal) {
      let position: number = after
      const own = generation
      while (!signal.aborted) {
        const there = generation === own ? entries : []
        const batch = there.filter(({ sequence }) => sequence > position).slice(0, maxBatch)
        const final = batch.at(-1)
        if (final !== undefined) {
          position = final.sequence
          yield { entries: batch, last: final.sequence }
          continue
        }
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            wakers.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          wakers.add(wake)
          signal.addEventListener('abort', wake, { once: true })
        })
      }
    },
  }
}

/** What a message that nobody can decode looks like to a reader. */
export const badEntry = (sequence: number, subject: string, payload = 'not json'): BadLogEntry => ({
  sequence: logSequence.parse(sequence),
  subject,
  payload,
  error: { code: 'corrupt_commit', message: 'it is not JSON' },
})

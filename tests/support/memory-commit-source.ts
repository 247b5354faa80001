// Deliveries of a log in memory, settled as a handler says and delivered again when a test or the handler wants it.
import type { CommitSource, Delivery } from '../../handlers/ports/commit-source.ts'
import type { MemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import type { Commit } from '../../schemas/commit.ts'

export type Settled = { readonly consumer: string; readonly sequence: number; readonly deliveries: number } & (
  | { readonly how: 'done' }
  | { readonly how: 'later'; readonly delayMs: number }
  | { readonly how: 'parked'; readonly code: string; readonly message: string }
)

export interface MemoryCommitSource extends CommitSource {
  readonly settled: readonly Settled[]
  /** Words that a delivery is still worked on, by sequence. */
  readonly beats: ReadonlyMap<number, number>
  /** Delivers a commit once more, as the server does when a process fell silent. */
  again(consumer: string, sequence: number): void
  /** Makes it look as if a commit had been delivered so often before. */
  deliveredBefore(consumer: string, sequence: number, times: number): void
  /** From now on settling and heartbeats throw, as on a closed connection. */
  breakConnection(): void
}

interface Consumer {
  readonly push: (commit: Commit) => void
}

export interface MemoryCommitSourceOptions {
  /** What is put off comes again at once; otherwise only when the test says so. */
  readonly redeliver?: boolean
  /** Every commit is delivered twice, whatever was said of it. */
  readonly twice?: boolean
}

export const createMemoryCommitSource = (
  log: MemoryEventLog,
  { redeliver = true, twice = false }: MemoryCommitSourceOptions = {},
): MemoryCommitSource => {
  const settled: Settled[] = []
  const beats = new Map<number, number>()
  const counts = new Map<string, number>()
  const consumers = new Map<string, Consumer>()
  let broken = false

  const commitAt = (sequence: number): Commit => {
    const entry = log.entries[sequence - 1]
    if (entry === undefined) throw new Error(`the log has no commit ${sequence}`)
    return entry.commit
  }
  const again = (consumer: string, sequence: number): void => consumers.get(consumer)?.push(commitAt(sequence))

  const toDelivery = (consumer: string, commit: Commit): Delivery => {
    const { sequence } = commit
    const key = `${consumer}/${sequence}`
    const deliveries = (counts.get(key) ?? 0) + 1
    counts.set(key, deliveries)
    const settle = (
      how: { how: 'done' } | { how: 'later'; delayMs: number } | { how: 'parked'; code: string; message: string },
    ): void => {
      if (broken) throw new Error('the connection is closed')
      settled.push({ consumer, sequence, deliveries, ...how })
    }
    return {
      commit,
      deliveries,
      done: () => {
        settle({ how: 'done' })
        if (twice && deliveries === 1) again(consumer, sequence)
      },
      later: (delayMs) => {
        settle({ how: 'later', delayMs })
        if (redeliver) setImmediate(() => again(consumer, sequence))
      },
      working: () => {
        beats.set(sequence, (beats.get(sequence) ?? 0) + 1)
        if (broken) throw new Error('the connection is closed')
      },
      park: (reason) => {
        settle({ how: 'parked', ...reason })
        return Promise.resolve()
      },
    }
  }

  return {
    settled,
    beats,
    again,
    deliveredBefore: (consumer, sequence, times) => {
      counts.set(`${consumer}/${sequence}`, times)
    },
    breakConnection: () => {
      broken = true
    },
    async *deliveries({ consumer, types }, signal) {
      const waiting: Commit[] = []
      let wake: () => void = () => undefined
      const push = (commit: Commit): void => {
        if (!commit.events.some(({ type }) => types.has(type))) return
        waiting.push(commit)
        wake()
      }
      consumers.set(consumer, { push })
      for (const { commit } of log.entries) push(commit)
      const stop = log.subscribe(push)
      signal.addEventListener('abort', () => wake(), { once: true })
      try {
        while (!signal.aborted) {
          const commit = waiting.shift()
          if (commit !== undefined) yield toDelivery(consumer, commit)
          else {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        }
      } finally {
        stop()
      }
    },
  }
}

// What people are told of the queue: places in line, whether it is full, how many are at work. Read seldom, however many ask.
import { lineOf } from '../domain/queue/admit.ts'
import { hasLimits } from '../domain/queue/queue-limits.ts'
import { emptyQueue, type QueueState } from '../domain/queue/queue-state.ts'
import { priority } from '../schemas/priority.ts'
import type { QueueStore } from './ports/queue-store.ts'
import type { Settings } from './ports/settings.ts'

export interface QueueView {
  /** By session id, 1 for who is next. As of half a second ago; empty while the queue cannot be read. */
  positions(): Promise<ReadonlyMap<string, number>>
  /** Whether no more may wait; never without limits. */
  isFull(): Promise<boolean>
  counts(): Promise<{ readonly running: number; readonly waiting: Readonly<Record<string, number>> }>
}

const maxAgeMs = 500

export const createQueueView = (store: QueueStore, settings: Settings): QueueView => {
  const limits = () => settings.current().configuration.defaults.queue
  const read = async () => {
    const state: QueueState = (await store.read().catch(() => null))?.state ?? emptyQueue
    const line = lineOf(state, limits(), Date.now())
    return { state, positions: new Map<string, number>(line.map(({ id }, index) => [id, index + 1])) }
  }
  let known: ReturnType<typeof read> | null = null
  let readAt = 0
  const current = (): ReturnType<typeof read> => {
    const now = performance.now()
    if (known === null || now - readAt > maxAgeMs) {
      known = read()
      readAt = now
    }
    return known
  }
  return {
    positions: async () => (await current()).positions,
    isFull: async () => {
      if (!hasLimits(limits())) return false
      return (await current()).state.waiting.length >= limits().max_waiting
    },
    counts: async () => {
      const { running, waiting } = (await current()).state
      return {
        running: running.length,
        waiting: Object.fromEntries(
          priority.options.map((lane) => [lane, waiting.filter((each) => each.lane === lane).length]),
        ),
      }
    },
  }
}

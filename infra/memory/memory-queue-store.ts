// The queue of sessions in memory: the contract in its shortest form.
import type { QueueStore, StoredQueue } from '../../handlers/ports/queue-store.ts'

export const createMemoryQueueStore = (): QueueStore => {
  let stored: StoredQueue | null = null
  return {
    read: () => Promise.resolve(stored),
    write: (state, revision) => {
      if ((stored?.revision ?? null) !== revision) return Promise.resolve('conflict')
      stored = { state, revision: (revision ?? 0) + 1 }
      return Promise.resolve('written')
    },
  }
}

// The port to where the queue of sessions stands between processes: one value, changed only by who read it last.
import type { QueueState } from '../../domain/queue/queue-state.ts'

export interface StoredQueue {
  readonly state: QueueState
  /** What a write must name. */
  readonly revision: number
}

export type QueueWrite = 'written' | 'conflict' | 'too_large'

export interface QueueStore {
  /** @returns null where there is none: never written, or lost. @throws LogUnavailable (retryable). */
  read(): Promise<StoredQueue | null>
  /**
   * Takes effect only if the value still stands at `revision` (null: is not there).
   * @throws LogUnavailable (retryable); whether it took effect is then known by reading.
   */
  write(state: QueueState, revision: number | null): Promise<QueueWrite>
}

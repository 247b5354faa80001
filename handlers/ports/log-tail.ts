// A handler's port to the whole log in order: for one that needs every message as it lies there, and not only commits it reacts to.
import type { LogSequence } from '../../schemas/ids.ts'

export interface LogTail<M> {
  head(): Promise<{ readonly sequence: LogSequence; readonly epoch: string }>
  /** Everything after a position, without gaps, going on with what comes until the signal fires. */
  follow(
    after: LogSequence,
    options: { readonly maxBatch: number },
    signal: AbortSignal,
  ): AsyncIterable<{ readonly entries: readonly M[]; readonly last: LogSequence }>
}

// The reactor's port to a durable consumer: commits delivered at least once, to any one of many processes.
import type { Commit } from '../../schemas/commit.ts'

export interface Delivery {
  readonly commit: Commit
  /** 1 the first time. */
  readonly deliveries: number
  /** Settled: never delivered again. */
  done(): void
  /** Delivered again after the delay. */
  later(delayMs: number): void
  /** Still being worked on: resets the acknowledgement deadline. */
  working(): void
  /** Copies the message to the dead letters with the reason, then settles it. */
  park(reason: { readonly code: string; readonly message: string }): Promise<void>
}

export interface CommitSourceOptions {
  /** Durable name: the handler's name. */
  readonly consumer: string
  /** Deliveries outstanding at once, over all processes of this consumer it is bounded by the server. */
  readonly maxInFlight: number
  /** A delivery neither settled nor reported as working for this long is given to another process. */
  readonly ackWaitMs: number
  /** Commits that hold none of these types are settled without being delivered. */
  readonly types: ReadonlySet<string>
}

export interface CommitSource {
  /** Ends when the signal fires; goes on by itself over reconnections. A message that is no commit is parked. */
  deliveries(options: CommitSourceOptions, signal: AbortSignal): AsyncIterable<Delivery>
}

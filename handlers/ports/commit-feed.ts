// Every commit as it lands, to every process: what cancels local work and feeds live streams. Not durable: the log is.
import type { Commit } from '../../schemas/commit.ts'

export interface CommitFeed {
  /** Calls the listener for each commit after the subscription, in log order. @returns the way to stop. */
  subscribe(listener: (commit: Commit) => void): () => void
}

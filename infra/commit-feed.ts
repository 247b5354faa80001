// One reader of the log's tail for the whole process: cancels work and feeds every live stream.
import type { CommitFeed } from '../handlers/ports/commit-feed.ts'
import { isBadEntry, type LogReader } from '../projections/log-reader.ts'
import type { Commit } from '../schemas/commit.ts'

export interface RunningCommitFeed extends CommitFeed {
  stop(): Promise<void>
}

/** Follows from the head as it is now. */
export const startCommitFeed = async (reader: LogReader): Promise<RunningCommitFeed> => {
  const listeners = new Set<(commit: Commit) => void>()
  const stopping = new AbortController()
  const { sequence } = await reader.head()
  const follow = async (): Promise<void> => {
    for await (const batch of reader.follow(sequence, { maxBatch: 256 }, stopping.signal)) {
      for (const entry of batch.entries) {
        if (!isBadEntry(entry)) for (const listener of listeners) listener(entry.commit)
      }
    }
  }
  const following = follow()
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => {
      stopping.abort()
      await following
    },
  }
}

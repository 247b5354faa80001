// The commits this process itself appended: what it may count, since of several processes exactly one appends each.
import type { EventLog } from '../commands/event-log.ts'
import type { CommitFeed } from '../handlers/ports/commit-feed.ts'
import type { Commit } from '../schemas/commit.ts'

export interface OwnCommits extends CommitFeed {
  /** The log to write through; it tells the listeners what it has stored. */
  readonly log: EventLog
}

export const observeAppends = (log: EventLog): OwnCommits => {
  const listeners = new Set<(commit: Commit) => void>()
  return {
    log: {
      read: (stream, after) => log.read(stream, after),
      append: async (stream, expected, draft) => {
        const outcome = await log.append(stream, expected, draft)
        if (outcome.kind === 'appended') for (const listener of listeners) listener(outcome.commit)
        return outcome
      },
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

// From a position in the log to its live end without losing or doubling a commit, whatever lands in between.
import { setTimeout as delay } from 'node:timers/promises'
import type { CommitFeed } from '../../handlers/ports/commit-feed.ts'
import type { Commit } from '../../schemas/commit.ts'
import type { LogSequence } from '../../schemas/ids.ts'

export interface TailOptions {
  readonly feed: CommitFeed
  readonly wanted: (commit: Commit) => boolean
  /** Wanted commits of the log after a sequence, at least up to what the feed has shown when it is called; then it ends. */
  readonly read: (after: LogSequence, shown: LogSequence) => AsyncIterable<Commit>
  /** False when the commit does not follow on the one before: the tail then reads the log again. */
  readonly follows: (commit: Commit) => boolean
  readonly emit: (commit: Commit) => void
  /** Reading the log goes at the client's pace; live commits do not wait. */
  readonly drained: () => Promise<void>
}

/**
 * Runs until the signal fires. While it reads the log, the feed only tells how far it must read; so nothing is
 * buffered, and the switch to live happens in the one moment when both agree.
 */
export const tailCommits = async (
  after: LogSequence,
  { feed, wanted, read, follows, emit, drained }: TailOptions,
  signal: AbortSignal,
): Promise<void> => {
  let sent: LogSequence = after
  let shown: LogSequence = after
  let live = false
  let wake: () => void = () => undefined

  const take = (commit: Commit): void => {
    sent = commit.sequence
    emit(commit)
  }
  const stopListening = feed.subscribe((commit) => {
    if (signal.aborted || !wanted(commit) || commit.sequence <= sent) return
    if (live && follows(commit)) return take(commit)
    if (commit.sequence > shown) shown = commit.sequence
    live = false
    wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })

  try {
    while (!signal.aborted) {
      for await (const commit of read(sent, shown)) {
        if (signal.aborted) return
        if (commit.sequence <= sent) continue
        take(commit)
        await drained()
      }
      if (shown > sent) {
        // The feed was ahead of a read that should have held it; asking again at once would only spin.
        await delay(20, undefined, { signal }).catch(() => undefined)
        continue
      }
      live = true
      await new Promise<void>((resolve) => {
        wake = resolve
        if (!live || signal.aborted) resolve()
      })
    }
  } finally {
    stopListening()
  }
}

// Hands projections the first commit of a fork with the history it shares: they read no other stream themselves.
import { setTimeout as delay } from 'node:timers/promises'
import type { EventLog } from '../../commands/event-log.ts'
import { inheritedBy } from '../../commands/inheritance.ts'
import { ForkSourceChanged } from '../../commands/log-errors.ts'
import { type BadLogEntry, isBadEntry, type LogEntry, type LogReader } from '../../projections/log-reader.ts'

/** A source that is not there any more as it was is shared no more: the fork is shown by what it did itself. */
export const createInheritingLogReader = (reader: LogReader, log: Pick<EventLog, 'read'>): LogReader => {
  const whole = async (entry: LogEntry | BadLogEntry, signal: AbortSignal): Promise<LogEntry | BadLogEntry> => {
    if (isBadEntry(entry) || entry.commit.events[0]?.type !== 'session.forked') return entry
    for (;;) {
      try {
        const inherited = await inheritedBy(log, entry.commit)
        return inherited === undefined ? entry : { ...entry, commit: { ...entry.commit, inherited } }
      } catch (error) {
        if (error instanceof ForkSourceChanged) return entry
        await delay(250, undefined, { signal })
      }
    }
  }
  return {
    head: reader.head,
    async *follow(after, options, signal) {
      for await (const { entries, last } of reader.follow(after, options, signal)) {
        const forks = entries.some((entry) => !isBadEntry(entry) && entry.commit.events[0]?.type === 'session.forked')
        yield { entries: forks ? await Promise.all(entries.map((entry) => whole(entry, signal))) : entries, last }
      }
    },
  }
}

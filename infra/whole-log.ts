// Every commit there is now, in order, and then the end: for what is made anew from the log.
import { isBadEntry, type LogReader } from '../projections/log-reader.ts'
import type { Commit } from '../schemas/commit.ts'
import { startOfLog } from '../schemas/ids.ts'

export async function* readWholeLog(reader: LogReader): AsyncGenerator<Commit> {
  const { sequence } = await reader.head()
  if (sequence === startOfLog) return
  const reading = new AbortController()
  try {
    for await (const { entries, last } of reader.follow(startOfLog, { maxBatch: 1_000 }, reading.signal)) {
      for (const entry of entries) if (!isBadEntry(entry)) yield entry.commit
      if (last >= sequence) return
    }
  } finally {
    reading.abort()
  }
}

// Reads and decodes the log once for all who stand near each other in it, without one holding up or breaking another.
import type { LogSequence } from '../schemas/ids.ts'
import type { LogReader } from './log-reader.ts'
import { createSharedReading, type SharedReading, type SharedReadingOptions } from './shared-reading.ts'

export type SharedLogReaderOptions = Partial<Pick<SharedReadingOptions, 'held' | 'patienceMs'>>

/**
 * Entries are the same objects for every follower. A follower that is elsewhere, or was left behind, reads by itself
 * and joins the others where it meets them. What all have seen is not kept: whoever goes back reads the log as it is by
 * then, without what was purged.
 */
export const createSharedLogReader = (reader: LogReader, options: SharedLogReaderOptions = {}): LogReader => {
  const { held = { entries: 4_000, bytes: 16 * 1024 * 1024 }, patienceMs = 2_000 } = options
  const readings = new Set<SharedReading>()

  const open = (after: LogSequence, maxBatch: number): SharedReading => {
    const reading = createSharedReading(reader, { after, maxBatch, held, patienceMs })
    readings.add(reading)
    return reading
  }

  const foremostAt = (position: LogSequence): SharedReading | undefined =>
    [...readings].filter((reading) => reading.covers(position)).sort((a, b) => b.last() - a.last())[0]

  return {
    head: reader.head,
    async *follow(after, { maxBatch }, signal) {
      const place = { position: after }
      let reading: SharedReading | null = null
      const leave = (): void => {
        if (reading?.leave(place) === 0) readings.delete(reading)
        reading = null
      }
      try {
        while (!signal.aborted) {
          const next = foremostAt(place.position) ?? open(place.position, maxBatch)
          if (next !== reading) leave()
          reading = next
          // Also when it is the same: whoever was too slow has been dropped from it.
          next.join(place)
          const batch = next.take(place, maxBatch)
          if (batch !== null) yield batch
          else if (!(await next.more(signal))) return
        }
      } finally {
        leave()
      }
    },
  }
}

// A stretch of the log in memory: appended at one end, cut off at the other, read from any position in between.
import type { LogSequence } from '../schemas/ids.ts'
import { type BadLogEntry, isBadEntry, type LogBatch, type LogEntry } from './log-reader.ts'

export interface Size {
  readonly entries: number
  readonly bytes: number
}

export interface HeldEntries {
  /** What is held comes after this one. */
  first(): LogSequence
  last(): LogSequence
  append(batch: LogBatch): void
  sizeAfter(position: LogSequence): Size
  /** Null when nothing is held after the position. A batch holds at least one entry, whatever its size. */
  batchAfter(position: LogSequence, most: Size): LogBatch | null
  /** Forgets what lies up to the position. */
  forget(upTo: LogSequence): void
}

interface Held {
  readonly entry: LogEntry | BadLogEntry
  /** Bytes of everything ever held, this entry included. */
  readonly bytesSoFar: number
}

export const createHeldEntries = (after: LogSequence): HeldEntries => {
  const held: Held[] = []
  let first = after
  let last = after
  let bytesForgotten = 0

  const bytesBefore = (index: number): number => held[index - 1]?.bytesSoFar ?? bytesForgotten
  const bytesIn = (from: number, to: number): number => bytesBefore(to) - bytesBefore(from)

  /** Of the first entry after the position. */
  const indexAfter = (position: LogSequence): number => {
    let [low, high] = [0, held.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const at = held[middle]
      if (at !== undefined && at.entry.sequence <= position) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    first: () => first,
    last: () => last,
    append: (batch) => {
      for (const entry of batch.entries) {
        const bytes = isBadEntry(entry) ? entry.payload.length : entry.bytes
        held.push({ entry, bytesSoFar: bytesBefore(held.length) + bytes })
      }
      last = batch.last
    },
    sizeAfter: (position) => {
      const from = indexAfter(position)
      return { entries: held.length - from, bytes: bytesIn(from, held.length) }
    },
    batchAfter: (position, most) => {
      if (position >= last) return null
      const from = indexAfter(position)
      let to = Math.min(held.length, from + most.entries)
      while (to > from + 1 && bytesIn(from, to) > most.bytes) to--
      const entries = held.slice(from, to).map(({ entry }) => entry)
      // A reader may have seen further than the last entry that is for us.
      return { entries, last: to === held.length ? last : (entries.at(-1)?.sequence ?? last) }
    },
    forget: (upTo) => {
      const forgotten = held.splice(0, indexAfter(upTo)).at(-1)
      bytesForgotten = forgotten?.bytesSoFar ?? bytesForgotten
      first = upTo
    },
  }
}

// One pass along the log that several follow: what the hindmost still needs is held, within bounds.
import { setImmediate as letOthersRun } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
import { createBell } from './bell.ts'
import { createHeldEntries, type Size } from './held-entries.ts'
import type { LogBatch, LogReader } from './log-reader.ts'

/** Where one follower stands: the last sequence handed to it. */
export interface Place {
  position: LogSequence
}

export interface SharedReading {
  /** The last sequence read. */
  last(): LogSequence
  /** Whether a follower that stands there finds here what comes next. */
  covers(position: LogSequence): boolean
  join(place: Place): void
  /** @returns how many still follow; the reading stops with the last. */
  leave(place: Place): number
  /** What comes next for the place, which is moved on; null when it is still to be read. */
  take(place: Place, maxBatch: number): LogBatch | null
  /** Resolves when there may be more, or the signal fires; false when the log has ended. @throws what reading it threw. */
  more(signal: AbortSignal): Promise<boolean>
}

export interface SharedReadingOptions {
  readonly after: LogSequence
  readonly maxBatch: number
  /** How far the foremost may be ahead of the hindmost. */
  readonly held: Size
  /** How long the foremost then waits for the hindmost to move at all. */
  readonly patienceMs: number
}

/** However many entries were asked for: a batch becomes one statement. */
const maxBatchBytes = 8 * 1024 * 1024
/** Few, so that the process does not stand still while many are decoded. */
const decodedAtOnce = 100

export const createSharedReading = (reader: LogReader, options: SharedReadingOptions): SharedReading => {
  const { after, maxBatch, patienceMs } = options
  const stopping = new AbortController()
  const source = reader
    .follow(after, { maxBatch: Math.min(maxBatch, decodedAtOnce) }, stopping.signal)
    [Symbol.asyncIterator]()
  const held = createHeldEntries(after)
  const places = new Set<Place>()
  const arrived = createBell()
  const moved = createBell()
  let reading = false
  let end: { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: unknown } | null = null

  const hindmost = (): LogSequence =>
    [...places].reduce((least, { position }) => (position < least ? position : least), held.last())

  const foremost = (): LogSequence =>
    [...places].reduce((most, { position }) => (position > most ? position : most), held.first())

  const isFull = (): boolean => {
    const { entries, bytes } = held.sizeAfter(hindmost())
    return entries >= options.held.entries || bytes >= options.held.bytes
  }

  /** Those who have not moved when patience ends are dropped; they read on by themselves once what they need is forgotten. */
  const makeRoom = async (): Promise<void> => {
    const slow = hindmost()
    const enough = AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)])
    while (isFull() && hindmost() === slow && !enough.aborted) await moved.rung(enough)
    if (hindmost() !== slow) return
    for (const place of places) if (place.position === slow) places.delete(place)
    held.forget(hindmost())
  }

  /** One batch beyond the foremost, so that decoding goes on while Postgres works. */
  const readAhead = async (): Promise<void> => {
    if (reading) return
    reading = true
    try {
      while (end === null && !stopping.signal.aborted) {
        const { entries: ahead } = held.sizeAfter(foremost())
        if (ahead >= maxBatch || (isFull() && ahead > 0)) break
        if (isFull()) {
          await makeRoom()
          continue
        }
        const next = await source.next()
        if (next.done === true) end = { kind: 'ended' }
        else held.append(next.value)
        arrived.ring()
        await letOthersRun()
      }
    } catch (error) {
      end = { kind: 'failed', error }
      arrived.ring()
    }
    reading = false
  }

  return {
    last: held.last,
    covers: (position) => position >= held.first() && (end === null ? position <= held.last() : position < held.last()),
    join: (place) => places.add(place),
    leave: (place) => {
      places.delete(place)
      // What only it still needed: coming back, it reads the log as it is by then.
      held.forget(hindmost())
      moved.ring()
      if (places.size > 0) return places.size
      stopping.abort()
      source.return?.().catch(() => undefined)
      return 0
    },
    take: (place, most) => {
      const batch = held.batchAfter(place.position, { entries: most, bytes: maxBatchBytes })
      if (batch === null) return null
      place.position = batch.last
      held.forget(hindmost())
      moved.ring()
      void readAhead()
      return batch
    },
    more: async (signal) => {
      void readAhead()
      await arrived.rung(signal)
      if (end?.kind === 'failed') throw end.error
      return end === null
    },
  }
}

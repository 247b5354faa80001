// How fillings share a machine with those who read: as fast as they can while nobody does, else one piece at a time, with rests.
import { setTimeout as delay } from 'node:timers/promises'

export interface Manners {
  /** Whether somebody has read lately: pieces are to be small. */
  readonly watched: () => boolean
  /** While somebody reads no two pieces are done at once, and each is followed by a rest: the longer, the more read. */
  piece<T>(work: () => Promise<T>): Promise<T>
  /** While somebody reads: until no piece is under way, and a moment longer. */
  pause(): Promise<void>
}

/** Where nobody is to be considered. */
export const noManners: Manners = { watched: () => false, piece: (work) => work(), pause: async () => undefined }

/** How old what is known of readers may be. */
const lookMs = 100
/** With more, a long log would take days. */
const mostRests = 4
/** A rest is never longer, however long the machine took for a piece. */
const longestRestMs = 50 * mostRests
/** For each reader, after a hundred entries were decoded, which takes about as long. */
const pauseMs = 3

/** `readers`: how many have read lately, where several at once each count. */
export const createManners = (readers: () => Promise<number>): Manners => {
  /** How many times as long as the work a rest is; 0 while nobody reads. */
  let rests = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<number> = Promise.resolve(0)
  let last: Promise<unknown> = Promise.resolve()

  const look = (): Promise<number> => {
    if (performance.now() - lookedAt < lookMs) return looking
    lookedAt = performance.now()
    looking = readers()
      // A server that does not answer has no readers.
      .catch(() => 0)
      .then((count) => {
        rests = Math.min(mostRests, count)
        return rests
      })
    return looking
  }

  return {
    watched: () => rests > 0,
    piece: async (work) => {
      if ((await look()) === 0) return work()
      const began = last.then(() => performance.now())
      const done = began.then(work)
      const rested = async (): Promise<void> =>
        delay(Math.min(longestRestMs, rests * (performance.now() - (await began))))
      last = done.then(rested, rested)
      return done
    },
    pause: async () => {
      if ((await look()) === 0) return
      await last
      await delay(pauseMs * rests)
    },
  }
}

// How fillings share a machine with those who read: as fast as they can while nobody does, else one piece at a time, with rests.
import { setTimeout as delay } from 'node:timers/promises'

export interface Manners {
  /** Whether somebody has read lately: pieces are to be small. */
  readonly watched: () => boolean
  /** While somebody reads no two pieces are done at once, and each is followed by a rest as long as it took. */
  piece<T>(work: () => Promise<T>): Promise<T>
  /** While somebody reads: until no piece is under way, and a moment longer. */
  pause(): Promise<void>
}

/** Where nobody is to be considered. */
export const noManners: Manners = { watched: () => false, piece: (work) => work(), pause: async () => undefined }

/** How old what is known of readers may be. */
const lookMs = 100
/** A rest is never longer, however long the machine took for a piece. */
const longestRestMs = 50
/** After a hundred entries were decoded, which takes about as long. */
const pauseMs = 3

export const createManners = (readLately: () => Promise<boolean>): Manners => {
  let watched = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<boolean> = Promise.resolve(false)
  let last: Promise<unknown> = Promise.resolve()

  const look = (): Promise<boolean> => {
    if (performance.now() - lookedAt < lookMs) return looking
    lookedAt = performance.now()
    looking = readLately()
      // A server that does not answer has no readers.
      .catch(() => false)
      .then((read) => {
        watched = read
        return read
      })
    return looking
  }

  return {
    watched: () => watched,
    piece: async (work) => {
      if (!(await look())) return work()
      const began = last.then(() => performance.now())
      const done = began.then(work)
      const rested = async (): Promise<void> => delay(Math.min(longestRestMs, performance.now() - (await began)))
      last = done.then(rested, rested)
      return done
    },
    pause: async () => {
      if (!(await look())) return
      await last
      await delay(pauseMs)
    },
  }
}

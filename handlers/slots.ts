// A counting semaphore: bounds how much is done at once, first come, first served.

export interface Slots {
  /** Resolves with the way to give the slot back. */
  take(): Promise<() => void>
}

export const createSlots = (count: number): Slots => {
  let free = count
  const waiting: (() => void)[] = []
  const release = (): void => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  return {
    take: () => {
      if (free > 0) {
        free--
        return Promise.resolve(release)
      }
      return new Promise((resolve) => {
        waiting.push(() => resolve(release))
      })
    },
  }
}

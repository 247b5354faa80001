// Wakes everybody who waits for something to happen.

export interface Bell {
  ring(): void
  /** Resolves at the next ring, or when the signal fires. */
  rung(signal: AbortSignal): Promise<void>
}

export const createBell = (): Bell => {
  const sleepers = new Set<() => void>()
  return {
    ring: () => {
      for (const wake of sleepers) wake()
    },
    rung: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        if (signal.aborted) return resolve()
        sleepers.add(wake)
        signal.addEventListener('abort', wake, { once: true })
      }),
  }
}

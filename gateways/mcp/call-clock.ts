// The time a call may take: progress begins it anew, and it stands still while people are asked something.

export interface CallClock {
  /** Fires when the time is up. */
  readonly signal: AbortSignal
  progress(): void
  /** Stops the time; it begins anew when everybody who stopped it has let go. @returns the way to let go. */
  hold(): () => void
  stop(): void
}

/** @param longestMs in all, whatever progress is told. */
export const startCallClock = ({
  timeoutMs,
  longestMs,
}: Readonly<Record<'timeoutMs' | 'longestMs', number>>): CallClock => {
  const controller = new AbortController()
  let sinceProgress = 0
  let inAll = 0
  let from = performance.now()
  let holders = 0
  let timer: NodeJS.Timeout | undefined

  const run = (): void => {
    from = performance.now()
    const left = Math.min(timeoutMs - sinceProgress, longestMs - inAll)
    timer = setTimeout(() => controller.abort('Request timed out'), left)
  }
  const halt = (): void => {
    clearTimeout(timer)
    const passed = performance.now() - from
    sinceProgress += passed
    inAll += passed
  }
  run()

  return {
    signal: controller.signal,
    progress: () => {
      if (holders > 0) return
      halt()
      sinceProgress = 0
      run()
    },
    hold: () => {
      if (holders++ === 0) halt()
      let held = true
      return () => {
        if (!held) return
        held = false
        sinceProgress = 0
        if (--holders === 0) run()
      }
    },
    stop: () => {
      clearTimeout(timer)
      // Whoever lets go later must not start it again.
      holders = Number.POSITIVE_INFINITY
    },
  }
}

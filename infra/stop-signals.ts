// SIGINT and SIGTERM: before anybody waits for them they end the process at once, then the first asks and the second insists.

export interface StopSignals {
  /** Resolves with the next signal. */
  asked(): Promise<void>
}

/** Ctrl-C under npm comes twice, from the terminal and handed on by npm: so close together they are one. */
const sameRequestMs = 500

/** Said, not left to Node: as the first process of a container it would not hear a signal without a listener. */
export const listenForStop = (): StopSignals => {
  // A start may take long; what it has begun ends with us, for the guardians see to the servers.
  const endAtOnce = (signal: NodeJS.Signals): void => process.exit(signal === 'SIGINT' ? 130 : 143)
  let onSignal = endAtOnce
  // The listeners stay: one taken away for another loses the signal that has just arrived.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => onSignal(signal))
  // Started by an older Node (scripts/run.mjs), the process stops when that one is gone.
  process.once('disconnect', () => onSignal('SIGTERM'))
  process.channel?.unref()
  return {
    asked: () =>
      new Promise((resolve) => {
        onSignal = () => {
          const asked = performance.now()
          onSignal = (signal) => {
            if (performance.now() - asked > sameRequestMs) endAtOnce(signal)
          }
          resolve()
        }
      }),
  }
}

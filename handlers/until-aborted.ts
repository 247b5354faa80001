// Stops waiting for work that goes on for others.

/** @throws the reason of the abort, at once. */
export const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    return work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

// Waits for a moment that an event named, and gives up at once when the work is aborted.
import { setTimeout as delay } from 'node:timers/promises'

/** @throws the signal's reason when it fires first. */
export const waitUntil = async (moment: string, signal: AbortSignal): Promise<void> => {
  const ms = new Date(moment).getTime() - Date.now()
  if (ms <= 0) return
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}

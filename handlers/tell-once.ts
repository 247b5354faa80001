// A trouble that comes back with every try is told once, and its end once: a log that repeats itself hides what is new.
import type { Log } from './ports/log.ts'

export interface TellOnce {
  /** Told unless it was told since the last success. */
  trouble(kind: string, fields: Readonly<Record<string, unknown>>, message: string): void
  /** Something succeeded. */
  success(): void
}

export const createTellOnce = (log: Log, fields: Readonly<Record<string, unknown>>, restored: string): TellOnce => {
  const told = new Set<string>()
  return {
    trouble: (kind, more, message) => {
      if (told.has(kind)) return
      told.add(kind)
      log.warn({ ...fields, ...more }, message)
    },
    success: () => {
      if (told.size === 0) return
      told.clear()
      log.info(fields, restored)
    },
  }
}

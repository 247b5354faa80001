// One subscription to model deltas for all streams of this process, however many follow.

import type { OrgId } from '../../schemas/ids.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import type { LiveSource } from './dependencies.ts'

export interface LiveFanOut {
  /** What is still held of a session, oldest first. */
  sofar(org: OrgId, session: string): Promise<readonly LiveDelta[]>
  /** New deltas of one session. @returns the way to stop. */
  follow(org: OrgId, session: string, listener: (delta: LiveDelta) => void): () => void
}

export const createLiveFanOut = (source: LiveSource): LiveFanOut => {
  const listeners = new Map<string, Set<(delta: LiveDelta) => void>>()
  let stop: (() => void) | null = null
  return {
    sofar: (org, session) => source.sofar(org, session),
    follow: (org, session, listener) => {
      const key = `${org}/${session}`
      const own = listeners.get(key) ?? new Set()
      listeners.set(key, own.add(listener))
      stop ??= source.follow((from, delta) => {
        for (const each of listeners.get(`${from}/${delta.sessionId}`) ?? []) each(delta)
      })
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(key) === own) listeners.delete(key)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
  }
}

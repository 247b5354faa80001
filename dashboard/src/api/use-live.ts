// The live connection where components need it: its state, and what it tells.
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import type { ConnectionState, Live } from './live.ts'
import type { CommitFrame } from './live-frames.ts'

export const LiveContext = createContext<Live | null>(null)

export const useLive = (): Live => {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('useLive stands outside of LiveContext')
  return live
}

export const useConnection = (): ConnectionState => {
  const live = useLive()
  return useSyncExternalStore(live.onState, live.state)
}

/** Calls `listener` for each commit that comes; give it a stable one. */
export const useCommits = (listener: (commit: CommitFrame) => void): void => {
  const live = useLive()
  useEffect(() => live.onCommit(listener), [live, listener])
}

/** Calls `listener` with the sequence that the stream began after, if it had not yet: what was read before may be behind it. */
export const useStreamStart = (listener: (began: number) => void): void => {
  const live = useLive()
  useEffect(() => {
    if (live.seen() !== undefined) return
    let gone = false
    void live.position().then((began) => {
      if (!gone) listener(began)
    })
    return () => {
      gone = true
    }
  }, [live, listener])
}

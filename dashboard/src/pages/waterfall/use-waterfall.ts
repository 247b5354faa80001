// The bars of a session: read once, then folded on with what comes live, at most once a frame.
import { useEffect, useState } from 'react'
import { createWaterfall, type WaterfallFold } from '../../../../projections/waterfall.ts'
import { type Waterfall, waterfall } from '../../../../projections/waterfall-view.ts'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { openPatiently } from '../../api/open-patiently.ts'
import { useLive } from '../../api/use-live.ts'
import { readEvent } from '../session/read-event.ts'

export interface WaterfallReading {
  readonly shown: Waterfall | null
  readonly error: Error | null
}

export const useWaterfall = (sessionId: string): WaterfallReading => {
  const live = useLive()
  const [shown, setShown] = useState<Waterfall | null>(null)
  const [error, setError] = useState<Error | null>(null)

  useEffect(() => {
    let gone = false
    let drawing = 0
    let fold: WaterfallFold | null = null
    let version = 0
    const waiting: CommitFrame[] = []
    const draw = (): void => {
      drawing = 0
      if (fold === null) return
      for (const { sequence, events } of waiting.splice(0)) {
        for (const event of events) {
          // History and live may overlap.
          if (event.version === undefined || event.time === undefined || event.version <= version) continue
          version = event.version
          fold.take(readEvent(event), event.time, sequence)
        }
      }
      setShown(fold.read())
    }
    const stop = live.onCommit((commit) => {
      if (commit.stream.id !== sessionId || commit.brief === true) return
      waiting.push(commit)
      if (fold !== null && drawing === 0) drawing = requestAnimationFrame(draw)
    })
    live.watch(sessionId)

    const open = async (): Promise<void> => {
      const after = await live.position()
      const params = { path: { id: sessionId }, query: { after } }
      const read = waterfall.parse(await answerOf(api.GET('/v1/sessions/{id}/waterfall', { params })))
      if (gone) return
      version = read.version
      fold = createWaterfall(read)
      setError(null)
      draw()
    }
    const giveUp = openPatiently(live, open, setError)
    return () => {
      gone = true
      giveUp()
      cancelAnimationFrame(drawing)
      stop()
      live.watch(null)
      setShown(null)
    }
  }, [live, sessionId])

  return { shown, error }
}

// Opens a session on its last events, follows it live, and reads older events when they are asked for.
import { useCallback, useEffect, useRef, useState } from 'react'
import { sessionView } from '../../../../projections/session-view.ts'
import type { CommitFrame, DeltaFrame } from '../../api/live-frames.ts'
import { openPatiently } from '../../api/open-patiently.ts'
import { followSession, takeOpening } from '../../api/session-opening.ts'
import { useLive } from '../../api/use-live.ts'
import { emptyBoard } from './board.ts'
import { noLiveText, withDelta } from './live-text.ts'
import { latestFirst, type Older, readBoard, readOlderPage } from './read-history.ts'
import { type Story, withBoard, withCommit } from './story.ts'

/** Commits of each older page: more than it opens with, as scrolling does not wait. */
const olderPage = 100

/** Between two drawings of texts being written: as often as one reads along, and time to read Markdown in between. */
const paceMs = 100

export interface StoryReading {
  readonly story: Story | null
  readonly error: Error | null
  /** @returns true when there is more. */
  readonly readOlder: () => Promise<boolean>
}

export const useStory = (sessionId: string): StoryReading => {
  const live = useLive()
  const [story, setStory] = useState<Story | null>(null)
  const [error, setError] = useState<Error | null>(null)

  useEffect(() => {
    let gone = false
    // What comes before the history is read waits for it; more than one in a frame is drawn once.
    let waiting: (CommitFrame | DeltaFrame)[] = []
    let drawing = 0
    let opened = false
    let drawnAt = 0
    let pacing: ReturnType<typeof setTimeout> | undefined
    const draw = (): void => {
      drawing = 0
      drawnAt = performance.now()
      const frames = waiting
      waiting = []
      setStory((before) => before && frames.reduce(withFrame, before))
    }
    const drawSoon = (): void => {
      clearTimeout(pacing)
      pacing = undefined
      if (!opened || drawing !== 0) return
      // What comes after a pause need not wait for a frame to begin.
      if (!document.hidden && performance.now() - drawnAt > paceMs) draw()
      else drawing = requestAnimationFrame(draw)
    }
    const take = (frame: CommitFrame | DeltaFrame): void => {
      waiting.push(frame)
      if ('executionId' in frame) pacing ??= setTimeout(drawSoon, drawnAt + paceMs - performance.now())
      else drawSoon()
    }
    const stop = followSession(live, sessionId, take)

    const open = async (): Promise<void> => {
      // Watched from the position the stream stands at, and read at least up to there: nothing falls in between.
      const after = await live.position()
      if (gone) return
      live.watch(sessionId)
      let { opening, missed } = takeOpening(live, sessionId, after)
      // What came in both is taken twice, which changes nothing.
      waiting.unshift(...missed)
      let [view, page] = await Promise.all([opening.view, opening.page])
      // Begun a moment ago: it was read from the log, and its events from what had not heard of it, nor of what it goes on from.
      if (page.items.length === 0) {
        opening = takeOpening(live, sessionId, view.sequence).opening
        ;[view, page] = await Promise.all([opening.view, opening.page])
      }
      if (gone) return
      setError(null)
      setStory({
        view: sessionView.parse(view),
        ...latestFirst({ sessionId }, page),
        board: emptyBoard,
        boardVersion: 0,
        live: noLiveText,
      })
      opened = true
      drawing = requestAnimationFrame(draw)
      // It takes longer than the latest events do in a long session, and the story can be read without it.
      const { board, boardVersion } = await readBoard(sessionId, await opening.board)
      if (!gone) setStory((before) => before && withBoard(before, board, boardVersion))
    }
    const giveUp = openPatiently(live, open, setError)
    return () => {
      gone = true
      giveUp()
      clearTimeout(pacing)
      cancelAnimationFrame(drawing)
      stop()
      live.watch(null)
      setStory(null)
    }
  }, [live, sessionId])

  const older = useRef(story?.older ?? null)
  older.current = story?.older ?? null
  const reading = useRef<Promise<boolean> | null>(null)
  const readOlder = useCallback(() => {
    const read = async (from: Older): Promise<boolean> => {
      const page = await readOlderPage(sessionId, from, olderPage)
      older.current = page.older
      setStory((before) =>
        before?.older === from ? { ...before, events: [...page.events, ...before.events], older: page.older } : before,
      )
      return page.older !== null
    }
    if (older.current === null) return Promise.resolve(false)
    reading.current ??= read(older.current).finally(() => {
      reading.current = null
    })
    return reading.current
  }, [sessionId])

  return { story, error, readOlder }
}

const withFrame = (story: Story, frame: CommitFrame | DeltaFrame): Story =>
  'executionId' in frame ? { ...story, live: withDelta(story.live, frame) } : withCommit(story, frame)

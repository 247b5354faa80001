// Opens a session on its last events, follows it live, and reads older events when they are asked for.
import { useCallback, useEffect, useState } from 'react'
import { sessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame, DeltaFrame } from '../../api/live-frames.ts'
import { useLive } from '../../api/use-live.ts'
import { readEvent } from './read-event.ts'
import { type Story, type StoryEvent, withCommit, withDelta } from './story.ts'

/** Commits a page of history holds. */
const pageSize = 50

export interface StoryReading {
  readonly story: Story | null
  readonly error: Error | null
  readonly readOlder: () => Promise<void>
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
    const draw = (): void => {
      drawing = 0
      const frames = waiting
      waiting = []
      setStory((before) => before && frames.reduce(withFrame, before))
    }
    const take = (frame: CommitFrame | DeltaFrame): void => {
      waiting.push(frame)
      if (opened && drawing === 0) drawing = requestAnimationFrame(draw)
    }
    const stops = [
      live.onCommit((commit) => {
        if (commit.stream.id === sessionId && commit.brief !== true) take(commit)
      }),
      live.onDelta(take),
    ]
    live.watch(sessionId)

    const open = async (): Promise<void> => {
      // After the position the stream stands at: nothing falls between history and live.
      const after = await live.position()
      const [view, page] = await Promise.all([
        answerOf(api.GET('/v1/sessions/{id}', { params: { path: { id: sessionId }, query: { after } } })),
        readPage(sessionId, { after }),
      ])
      if (gone) return
      const newest = page.events.at(-1)?.event.version ?? 0
      setError(null)
      setStory({ view: { ...sessionView.parse(view), version: Math.min(view.version, newest) }, ...page, live: [] })
      opened = true
      drawing = requestAnimationFrame(draw)
    }
    open().catch(
      (problem: unknown) => !gone && setError(problem instanceof Error ? problem : new Error(String(problem))),
    )
    return () => {
      gone = true
      cancelAnimationFrame(drawing)
      for (const stop of stops) stop()
      live.watch(null)
      setStory(null)
    }
  }, [live, sessionId])

  const older = story?.older ?? null
  const readOlder = useCallback(async () => {
    if (older === null) return
    const page = await readPage(sessionId, { cursor: older })
    setStory((before) =>
      before?.older === older ? { ...before, events: [...page.events, ...before.events], older: page.older } : before,
    )
  }, [older, sessionId])

  return { story, error, readOlder }
}

const withFrame = (story: Story, frame: CommitFrame | DeltaFrame): Story =>
  'executionId' in frame ? withDelta(story, frame) : withCommit(story, frame)

interface HistoryPage {
  readonly events: readonly StoryEvent[]
  readonly older: string | null
}

const readPage = async (
  id: string,
  query: { readonly after?: number; readonly cursor?: string },
): Promise<HistoryPage> => {
  const { items, next } = await answerOf(
    api.GET('/v1/sessions/{id}/events', {
      params: { path: { id }, query: { ...query, order: 'desc', limit: pageSize } },
    }),
  )
  const events = items.map((item) => ({
    event: readEvent({ ...item, version: Number(item.sequence) }),
    at: item.time,
    sequence: item.logsequence,
  }))
  // Commits come the latest first, the events of each in their order.
  return { events: events.sort((a, b) => a.event.version - b.event.version), older: next }
}

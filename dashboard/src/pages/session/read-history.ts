// The past of a session, read as it is needed: its latest commits, older ones page by page, and what stands beside the story.
import { renaming } from '../../../../domain/session/inherit.ts'
import { askEvents, boardTypes, type EventsPage } from '../../api/session-opening.ts'
import { type Board, emptyBoard, evolveBoard } from './board.ts'
import { readEvent } from './read-event.ts'
import type { StoryEvent } from './story.ts'

/** Where older events go on: in the session's own stream, or in that of a session whose beginning it shares. */
export interface Older {
  readonly sessionId: string
  /** Absent: from the latest one. */
  readonly cursor?: string
  /** The version up to which it is shared; absent in the session's own stream. */
  readonly at?: number
}

export interface HistoryPage {
  readonly events: readonly StoryEvent[]
  /** Null when the first of all is known. */
  readonly older: Older | null
}

/** Commits from there back; what a fork shares comes under the fork's own ids. */
export const readOlderPage = async (id: string, older: Older, limit: number): Promise<HistoryPage> => {
  const { sessionId, ...from } = older
  const page = latestFirst(older, await askEvents(sessionId, { ...from, limit, order: 'desc' }))
  if (sessionId === id) return page
  const rename = renaming(sessionId, id)
  const events = page.events.map((each) => ({ ...each, event: rename(each.event), inheritedFrom: sessionId }))
  return { ...page, events }
}

/** Commits come the latest first, the events of each in their order. */
export const latestFirst = (from: Older, { items, next }: EventsPage): HistoryPage => {
  const events = items.map(storyEvent).toSorted((a, b) => a.event.version - b.event.version)
  return { events, older: next === null ? sourceOf(events) : { ...from, cursor: next } }
}

/** Of events from the first one on. */
const sourceOf = ([first]: readonly StoryEvent[]): { readonly sessionId: string; readonly at: number } | null =>
  first?.event.type === 'session.forked'
    ? { sessionId: first.event.data.from.sessionId, at: first.event.data.from.at }
    : null

/** With what a fork shares, under the fork's own ids. */
export const readBoard = async (
  id: string,
  first: EventsPage,
): Promise<{ readonly board: Board; readonly boardVersion: number }> => {
  const events = await boardEvents(id, boardQuery, first)
  return {
    board: events.reduce((board, { event }) => evolveBoard(board, event), emptyBoard),
    boardVersion: events.at(-1)?.event.version ?? 0,
  }
}

const boardQuery = { type: boardTypes.join(','), limit: 200 }

const boardEvents = async (
  id: string,
  query: typeof boardQuery & { readonly at?: number },
  opening?: EventsPage,
): Promise<readonly StoryEvent[]> => {
  const events: StoryEvent[] = []
  for (let page = opening ?? (await askEvents(id, query)); ; ) {
    events.push(...page.items.map(storyEvent))
    if (page.next === null) break
    page = await askEvents(id, { ...query, cursor: page.next })
  }
  const source = sourceOf(events)
  if (source === null) return events
  const rename = renaming(source.sessionId, id)
  const shared = await boardEvents(source.sessionId, { ...boardQuery, at: source.at })
  return [...shared.map((each) => ({ ...each, event: rename(each.event) })), ...events]
}

const storyEvent = (item: EventsPage['items'][number]): StoryEvent => ({
  event: readEvent({ ...item, version: Number(item.sequence) }),
  at: item.time,
  sequence: item.logsequence,
})

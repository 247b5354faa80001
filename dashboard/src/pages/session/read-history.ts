// The past of a session, read as it is needed: its latest commits, older ones page by page, and what stands beside the story.
import { renaming } from '../../../../domain/session/inherit.ts'
import { askEvents, boardTypes, type EventsPage, type EventsQuery } from '../../api/session-opening.ts'
import { type Board, emptyBoard, evolveBoard } from './board.ts'
import { readEvent } from './read-event.ts'
import type { StoryEvent } from './story.ts'

export interface HistoryPage {
  readonly events: readonly StoryEvent[]
  readonly older: string | null
}

/** The latest commits before the cursor, in their order. */
export const readPage = async (id: string, query: EventsQuery): Promise<HistoryPage> =>
  latestFirst(await askEvents(id, { ...query, order: 'desc' }))

/** Commits come the latest first, the events of each in their order. */
export const latestFirst = ({ items, next }: EventsPage): HistoryPage => ({
  events: items.map(storyEvent).toSorted((a, b) => a.event.version - b.event.version),
  older: next,
})

/** With what a fork shares, under the fork's own ids. */
export const readBoard = async (
  id: string,
  first: EventsPage,
): Promise<{ readonly board: Board; readonly boardVersion: number }> => {
  const events = await boardEvents(id, first)
  return {
    board: events.reduce((board, { event }) => evolveBoard(board, event), emptyBoard),
    boardVersion: events.at(-1)?.event.version ?? 0,
  }
}

const boardEvents = async (id: string, opening?: EventsPage): Promise<readonly StoryEvent[]> => {
  const query = { type: boardTypes.join(','), limit: 200 }
  const events: StoryEvent[] = []
  for (let page = opening ?? (await askEvents(id, query)); ; ) {
    events.push(...page.items.map(storyEvent))
    if (page.next === null) break
    page = await askEvents(id, { ...query, cursor: page.next })
  }
  const first = events[0]?.event
  if (first?.type !== 'session.forked') return events
  const { sessionId, at } = first.data.from
  const rename = renaming(sessionId, id)
  const shared = (await boardEvents(sessionId)).filter(({ event }) => event.version <= at)
  return [...shared.map((each) => ({ ...each, event: rename(each.event) })), ...events]
}

const storyEvent = (item: EventsPage['items'][number]): StoryEvent => ({
  event: readEvent({ ...item, version: Number(item.sequence) }),
  at: item.time,
  sequence: item.logsequence,
})

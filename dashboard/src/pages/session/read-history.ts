// The past of a session, read as it is needed: its latest commits, older ones page by page, and what stands beside the story.
import { renaming } from '../../../../domain/session/inherit.ts'
import { answerOf, api } from '../../api/client.ts'
import { type Board, boardTypes, emptyBoard, evolveBoard } from './board.ts'
import { readEvent } from './read-event.ts'
import type { StoryEvent } from './story.ts'

export interface HistoryPage {
  readonly events: readonly StoryEvent[]
  readonly older: string | null
}

interface PageQuery {
  readonly after?: number
  readonly cursor?: string
  /** Commits of the page. */
  readonly limit: number
}

/** The latest commits before the cursor, in their order. */
export const readPage = async (id: string, query: PageQuery): Promise<HistoryPage> => {
  const { items, next } = await eventsOf(id, { ...query, order: 'desc' })
  // Commits come the latest first, the events of each in their order.
  return { events: items.toSorted((a, b) => a.event.version - b.event.version), older: next }
}

/** With what a fork shares, under the fork's own ids. */
export const readBoard = async (
  id: string,
  after: number,
): Promise<{ readonly board: Board; readonly boardVersion: number }> => {
  const events = await boardEvents(id, after)
  return {
    board: events.reduce((board, { event }) => evolveBoard(board, event), emptyBoard),
    boardVersion: events.at(-1)?.event.version ?? 0,
  }
}

const boardEvents = async (id: string, after?: number): Promise<readonly StoryEvent[]> => {
  const events: StoryEvent[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof eventsOf>> = await eventsOf(id, {
      ...(after !== undefined && { after }),
      ...(cursor !== '' && { cursor }),
      type: boardTypes.join(','),
      limit: 200,
    })
    events.push(...page.items)
    cursor = page.next
  }
  const first = events[0]?.event
  if (first?.type !== 'session.forked') return events
  const { sessionId, at } = first.data.from
  const rename = renaming(sessionId, id)
  const shared = (await boardEvents(sessionId)).filter(({ event }) => event.version <= at)
  return [...shared.map((each) => ({ ...each, event: rename(each.event) })), ...events]
}

const eventsOf = async (
  id: string,
  query: PageQuery & { readonly order?: 'asc' | 'desc'; readonly type?: string },
): Promise<{ readonly items: readonly StoryEvent[]; readonly next: string | null }> => {
  const { items, next } = await answerOf(api.GET('/v1/sessions/{id}/events', { params: { path: { id }, query } }))
  return {
    items: items.map((item) => ({
      event: readEvent({ ...item, version: Number(item.sequence) }),
      at: item.time,
      sequence: item.logsequence,
    })),
    next,
  }
}

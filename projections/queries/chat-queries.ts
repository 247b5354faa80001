// The chat about a session, as the API serves it: questions and answers in their order.
import type { Kysely } from 'kysely'
import { type ChatView, chatView } from '../chat-view.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, type Page, pageOf, sequenceCursor } from './cursor.ts'
import type { PageRequest } from './history-queries.ts'

export const listChat = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string,
  page: PageRequest,
): Promise<Page<ChatView>> => {
  let query = db.selectFrom('chat').selectAll().where('org', '=', org).where('session_id', '=', toText(sessionId))
  if (page.cursor !== undefined) query = query.where('number', '>', decodeCursor(page.cursor, sequenceCursor)[0])
  const rows = await query
    .orderBy('number')
    .limit(page.limit + 1)
    .execute()
  return pageOf(
    rows,
    page.limit,
    ({ document }) => chatView.parse(document),
    ({ number }) => [number],
  )
}

// Sessions, listed and whole, as the history API serves them.
import type { Kysely } from 'kysely'
import { toText } from '../postgres-text.ts'
import { type ListedSession, listedSession, type SessionView, sessionView } from '../session-view.ts'
import type { Tables } from '../tables.ts'
import { earlierThan } from './conditions.ts'
import { type Page, pageOf } from './cursor.ts'
import { type SessionFilter, sessionsLike } from './session-filter.ts'

export interface SessionPageRequest extends SessionFilter {
  readonly limit: number
  readonly cursor?: string | undefined
}

export const listSessions = async (db: Kysely<Tables>, filter: SessionPageRequest): Promise<Page<ListedSession>> => {
  let query = db.selectFrom('sessions').select(['id', 'started_at', 'document']).where(sessionsLike(filter))
  if (filter.cursor !== undefined) query = query.where(earlierThan('started_at', filter.cursor))
  const rows = await query
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(
    rows,
    filter.limit,
    ({ document }) => listedSession.parse(document),
    ({ started_at, id }) => [started_at, id],
  )
}

export const getSession = async (db: Kysely<Tables>, org: string, id: string): Promise<SessionView | null> => {
  const row = await db
    .selectFrom('sessions')
    .select('document')
    .where('org', '=', org)
    .where('id', '=', toText(id))
    .executeTakeFirst()
  return row === undefined ? null : sessionView.parse(row.document)
}

export const countSessions = async (db: Kysely<Tables>, org: string): Promise<Readonly<Record<string, number>>> => {
  const rows = await db
    .selectFrom('sessions')
    .select(['status', (expression) => expression.fn.countAll<number>().as('count')])
    .where('org', '=', org)
    .groupBy('status')
    .execute()
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
}

/** Ids, the latest session first. */
export const listSessionIds = async (
  db: Kysely<Tables>,
  filter: SessionFilter,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where(sessionsLike(filter))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

// Sessions, listed and whole, as the history API serves them.
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { toJsonb, toText } from '../postgres-text.ts'
import { type SessionView, sessionView } from '../session-view.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, type Page, pageOf, timeCursor } from './cursor.ts'

export interface SessionFilter {
  readonly org: string
  /** Any of these; none means all. */
  readonly status?: readonly string[] | undefined
  readonly outcome?: SessionView['outcome'] | undefined
  readonly chain?: string | undefined
  /** All of these. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** As people type it: words, "phrases", -without, or. */
  readonly text?: string | undefined
  /** Started at this moment or later, and before `to`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly alertId?: string | undefined
  /** Any of these; absent leaves out replays. */
  readonly kinds?: readonly SessionKind[] | undefined
  /** Forks and replays of this session. */
  readonly forkOf?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Replays are experiments: they are no part of what happened. */
export const sessionKind = z.enum(['investigation', 'fork', 'replay'])
export type SessionKind = z.infer<typeof sessionKind>

/** A session in a list: everything but the long texts. */
export type SessionListItem = Omit<
  SessionView,
  'input' | 'executions' | 'helpers' | 'finalAnalysis' | 'findings' | 'stages'
>

export const listSessions = async (db: Kysely<Tables>, filter: SessionFilter): Promise<Page<SessionListItem>> => {
  let query = db.selectFrom('sessions').select(['id', 'started_at', 'document']).where('org', '=', filter.org)
  if (filter.status !== undefined && filter.status.length > 0)
    query = query.where('status', 'in', filter.status.map(toText))
  const kinds = filter.kinds ?? ['investigation', 'fork']
  query = query.where(sql<boolean>`COALESCE(document #>> '{fork,kind}', 'investigation') = ANY(${kinds})`)
  if (filter.forkOf !== undefined) {
    query = query.where(sql<boolean>`document #>> '{fork,sessionId}' = ${toText(filter.forkOf)}`)
  }
  if (filter.outcome != null) query = query.where('outcome', '=', filter.outcome)
  if (filter.chain !== undefined) query = query.where('chain', '=', toText(filter.chain))
  if (filter.alertId !== undefined) query = query.where('alert_id', '=', toText(filter.alertId))
  if (filter.from !== undefined) query = query.where('started_at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('started_at', '<', filter.to)
  if (filter.labels !== undefined && Object.keys(filter.labels).length > 0) {
    query = query.where(sql<boolean>`labels @> ${toJsonb(filter.labels)}::jsonb`)
  }
  if (filter.text !== undefined) {
    query = query.where(sql<boolean>`search @@ websearch_to_tsquery('simple', ${toText(filter.text)})`)
  }
  if (filter.cursor !== undefined) {
    const [startedAt, id] = decodeCursor(filter.cursor, timeCursor)
    query = query.where(sql<boolean>`(started_at, id) < (${startedAt}::timestamptz, ${id})`)
  }
  const rows = await query
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(
    rows,
    filter.limit,
    ({ document }) => {
      const {
        input: _,
        executions: __,
        helpers: ______,
        finalAnalysis: ___,
        stages: ____,
        findings: _____,
        ...item
      } = sessionView.parse(document)
      return item
    },
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

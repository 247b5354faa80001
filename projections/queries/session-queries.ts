// Sessions, their timelines, tool calls and raw events, as the history API serves them.
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { cloudEventBatch } from '../../schemas/commit.ts'
import { type SessionView, sessionView } from '../session-view.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, type Page, pageOf } from './cursor.ts'

export interface SessionFilter {
  readonly org: string
  readonly status?: readonly string[] | undefined
  readonly chain?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly alertId?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** A session in a list: everything but the long texts. */
export type SessionListItem = Omit<SessionView, 'input' | 'executions' | 'finalAnalysis' | 'stages'>

const sessions = 'sessions_v1.sessions'

export const listSessions = async (db: Kysely<Tables>, filter: SessionFilter): Promise<Page<SessionListItem>> => {
  let query = db.selectFrom(sessions).select(['id', 'started_at', 'document']).where('org', '=', filter.org)
  if (filter.status !== undefined) query = query.where('status', 'in', [...filter.status])
  if (filter.chain !== undefined) query = query.where('chain', '=', filter.chain)
  if (filter.alertId !== undefined) query = query.where('alert_id', '=', filter.alertId)
  if (filter.from !== undefined) query = query.where('started_at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('started_at', '<', filter.to)
  if (filter.labels !== undefined && Object.keys(filter.labels).length > 0) {
    query = query.where(sql<boolean>`labels @> ${JSON.stringify(filter.labels)}::jsonb`)
  }
  if (filter.text !== undefined) {
    query = query.where(sql<boolean>`search @@ websearch_to_tsquery('simple', ${filter.text})`)
  }
  if (filter.cursor !== undefined) {
    const [startedAt, id] = decodeCursor(filter.cursor, [z.iso.datetime(), z.string()])
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
      const { input: _, executions: __, finalAnalysis: ___, stages: ____, ...item } = sessionView.parse(document)
      return item
    },
    ({ started_at, id }) => [started_at, id],
  )
}

export const getSession = async (db: Kysely<Tables>, org: string, id: string): Promise<SessionView | null> => {
  const row = await db
    .selectFrom(sessions)
    .select('document')
    .where('org', '=', org)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : sessionView.parse(row.document)
}

export const countSessions = async (db: Kysely<Tables>, org: string): Promise<Readonly<Record<string, number>>> => {
  const rows = await db
    .selectFrom(sessions)
    .select(['status', (expression) => expression.fn.countAll<number>().as('count')])
    .where('org', '=', org)
    .groupBy('status')
    .execute()
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface TimelineItem {
  readonly sequence: number
  readonly index: number
  readonly at: string
  readonly kind: string
  readonly title: string
  readonly text: string
  readonly data: unknown
}

export const getTimeline = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string,
  page: PageRequest,
): Promise<Page<TimelineItem>> => {
  let query = db
    .selectFrom('timeline_v1.timeline')
    .select(['sequence', 'index', 'at', 'kind', 'title', 'text', 'data'])
    .where('org', '=', org)
    .where('session_id', '=', sessionId)
  if (page.cursor !== undefined) {
    const [sequence, index] = decodeCursor(page.cursor, [z.int(), z.int()])
    query = query.where(sql<boolean>`(sequence, index) > (${sequence}, ${index})`)
  }
  const rows = await query
    .orderBy('sequence')
    .orderBy('index')
    .limit(page.limit + 1)
    .execute()
  return pageOf(
    rows,
    page.limit,
    (row) => row,
    ({ sequence, index }) => [sequence, index],
  )
}

export interface ToolCallItem {
  readonly id: string
  readonly executionId: string
  readonly turn: number
  readonly name: string
  readonly server: string | null
  readonly tool: string | null
  readonly effect: string | null
  readonly status: string
  readonly arguments: unknown
  readonly result: unknown
  readonly attempts: number
  readonly requestedAt: string
  readonly begunAt: string | null
  readonly settledAt: string | null
  readonly durationMs: number | null
  readonly late: boolean
}

export const listToolCalls = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string,
  page: PageRequest,
): Promise<Page<ToolCallItem>> => {
  let query = db
    .selectFrom('tool_calls_v1.tool_calls')
    .selectAll()
    .where('org', '=', org)
    .where('session_id', '=', sessionId)
  if (page.cursor !== undefined) {
    const [requestedAt, id] = decodeCursor(page.cursor, [z.iso.datetime(), z.string()])
    query = query.where(sql<boolean>`(requested_at, id) > (${requestedAt}::timestamptz, ${id})`)
  }
  const rows = await query
    .orderBy('requested_at')
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
  return pageOf(
    rows,
    page.limit,
    (row) => ({
      id: row.id,
      executionId: row.execution_id,
      turn: row.turn,
      name: row.name,
      server: row.server,
      tool: row.tool,
      effect: row.effect,
      status: row.status,
      arguments: row.arguments,
      result: row.result,
      attempts: row.attempts,
      requestedAt: row.requested_at,
      begunAt: row.begun_at,
      settledAt: row.settled_at,
      durationMs: row.duration_ms,
      late: row.late,
    }),
    ({ requested_at, id }) => [requested_at, id],
  )
}

/** A raw event as it lies in the log, with the log sequence of its commit. */
export type StoredCloudEvent = z.infer<typeof cloudEventBatch>[number] & { readonly logsequence: number }

export const listEvents = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string | null,
  page: PageRequest,
): Promise<Page<StoredCloudEvent>> => {
  let query = db
    .selectFrom('audit_v1.commits')
    .select(['sequence', 'payload'])
    .where('org', '=', org)
    .where('error', 'is', null)
  if (sessionId !== null) query = query.where('subject', '=', `casebook.events.${org}.session.${sessionId}`)
  if (page.cursor !== undefined) {
    const [sequence] = decodeCursor(page.cursor, [z.int()])
    query = query.where('sequence', '>', sequence)
  }
  const rows = await query
    .orderBy('sequence')
    .limit(page.limit + 1)
    .execute()
  const commits = pageOf(
    rows,
    page.limit,
    (row) => row,
    ({ sequence }) => [sequence],
  )
  return {
    next: commits.next,
    items: commits.items.flatMap(({ sequence, payload }) =>
      cloudEventBatch.parse(JSON.parse(payload)).map((event) => ({ ...event, logsequence: sequence })),
    ),
  }
}

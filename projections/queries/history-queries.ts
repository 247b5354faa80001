// What happened in sessions: timelines, tool calls and raw events, as the history API serves them.
import { type Kysely, type Selectable, sql } from 'kysely'
import type { CloudEvent } from '../../schemas/commit.ts'
import { cloudEventsOf } from '../../schemas/commit-codec.ts'
import type { EventType } from '../../schemas/events.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, eventCursor, type Page, pageOf, sequenceCursor, timeCursor } from './cursor.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface EventPageRequest extends PageRequest {
  /** `desc`: the latest commit first. */
  readonly order?: 'asc' | 'desc' | undefined
  /** Only events of these types, such as `session.plan_adopted`, and only commits that hold one. */
  readonly types?: readonly EventType[] | undefined
  /** Only up to this version of the session. */
  readonly at?: number | undefined
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
    .selectFrom('timeline')
    .select(['sequence', 'index', 'at', 'kind', 'title', 'text', 'data'])
    .where('org', '=', org)
    .where('session_id', '=', toText(sessionId))
  if (page.cursor !== undefined) {
    const [sequence, index] = decodeCursor(page.cursor, eventCursor)
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

/** The same pages, of a timeline at hand. */
export const pageOfTimeline = (items: readonly TimelineItem[], { limit, cursor }: PageRequest): Page<TimelineItem> => {
  const [sequence, index] = cursor === undefined ? [0, 0] : decodeCursor(cursor, eventCursor)
  const isAfter = (item: TimelineItem): boolean =>
    item.sequence > sequence || (item.sequence === sequence && item.index > index)
  return pageOf(
    items.filter(isAfter).slice(0, limit + 1),
    limit,
    (item) => item,
    (item) => [item.sequence, item.index],
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
  let query = db.selectFrom('tool_calls').selectAll().where('org', '=', org).where('session_id', '=', toText(sessionId))
  if (page.cursor !== undefined) {
    const [requestedAt, id] = decodeCursor(page.cursor, timeCursor)
    query = query.where(sql<boolean>`(requested_at, id) > (${requestedAt}::timestamptz, ${id})`)
  }
  const rows = await query
    .orderBy('requested_at')
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
  return pageOf(rows, page.limit, toolCallOf, ({ requested_at, id }) => [requested_at, id])
}

export const getToolCall = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string,
  id: string,
): Promise<ToolCallItem | null> => {
  const row = await db
    .selectFrom('tool_calls')
    .selectAll()
    .where('org', '=', org)
    .where('session_id', '=', toText(sessionId))
    .where('id', '=', toText(id))
    .executeTakeFirst()
  return row === undefined ? null : toolCallOf(row)
}

const toolCallOf = (row: Selectable<Tables['tool_calls']>): ToolCallItem => ({
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
})

/** A raw event as it lies in the log, with the log sequence of its commit. */
export type StoredCloudEvent = CloudEvent & { readonly logsequence: number }

export const listEvents = async (
  db: Kysely<Tables>,
  org: string,
  sessionId: string | null,
  page: EventPageRequest,
): Promise<Page<StoredCloudEvent>> => {
  const { order = 'asc', types, at } = page
  let query = db.selectFrom('commits').select(['sequence', 'payload']).where('org', '=', org).where('error', 'is', null)
  if (sessionId !== null) query = query.where('category', '=', 'session').where('stream', '=', toText(sessionId))
  if (sessionId !== null && at !== undefined) query = query.where(upTo(db, org, sessionId, at))
  if (types !== undefined) query = query.where(sql<boolean>`types && ${[...types]}::text[]`)
  const stored = types && new Set(types.map((type) => `casebook.${type}`))
  if (page.cursor !== undefined) {
    const [sequence] = decodeCursor(page.cursor, sequenceCursor)
    query = query.where('sequence', order === 'asc' ? '>' : '<', sequence)
  }
  const rows = await query
    .orderBy('sequence', order)
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
      cloudEventsOf(payload)
        // Whatever version of its type it was stored as.
        .filter(({ type }) => stored?.has(type.replace(/\.v\d+$/, '')) ?? true)
        .filter(({ sequence: version }) => at === undefined || Number(version) <= at)
        .map((event) => ({ ...event, logsequence: sequence })),
    ),
  }
}

/** The commit that holds the version, and those before it; of a session that has not come so far all of them. */
export const upTo = (db: Kysely<Tables>, org: string, sessionId: string, at: number) => {
  const holding = db
    .selectFrom('commits')
    .select(({ fn }) => fn.min('sequence').as('sequence'))
    .where('org', '=', org)
    .where('category', '=', 'session')
    .where('stream', '=', toText(sessionId))
    .where('version', '>=', at)
  return sql<boolean>`sequence <= coalesce((${holding}), ${maxSequence})`
}

const maxSequence = '9223372036854775807'

// Tasks as the API serves them, the latest first.
import { type Kysely, sql } from 'kysely'
import { toJsonb, toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { type TaskView, taskView } from '../task-view.ts'
import { decodeCursor, type Page, pageOf, timeCursor } from './cursor.ts'

export interface TaskFilter {
  readonly org: string
  /** Any of these; none means all. */
  readonly status?: readonly string[] | undefined
  /** All of these must match. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export const listTasks = async (db: Kysely<Tables>, filter: TaskFilter): Promise<Page<TaskView>> => {
  let query = db.selectFrom('tasks').selectAll().where('org', '=', filter.org)
  if (filter.status !== undefined && filter.status.length > 0)
    query = query.where('status', 'in', filter.status.map(toText))
  if (filter.labels !== undefined) {
    query = query.where(sql<boolean>`labels @> ${toJsonb(filter.labels)}::jsonb`)
  }
  if (filter.cursor !== undefined) {
    const [createdAt, id] = decodeCursor(filter.cursor, timeCursor)
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id})`)
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(
    rows,
    filter.limit,
    ({ document }) => taskView.parse(document),
    ({ created_at, id }) => [created_at, id],
  )
}

export const getTask = async (db: Kysely<Tables>, org: string, id: string): Promise<TaskView | null> => {
  const row = await db
    .selectFrom('tasks')
    .select('document')
    .where('org', '=', org)
    .where('id', '=', toText(id))
    .executeTakeFirst()
  return row === undefined ? null : taskView.parse(row.document)
}

// Tasks as the API serves them, the latest first.
import { type Kysely, sql } from 'kysely'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { type TaskView, taskView } from '../task-view.ts'
import { allOf, earlierThan, hasLabels } from './conditions.ts'
import { type Page, pageOf } from './cursor.ts'

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
  const { status = [], labels, cursor } = filter
  const rows = await db
    .selectFrom('tasks')
    .selectAll()
    .where(
      allOf([
        sql`org = ${filter.org}`,
        status.length > 0 && sql`status = ANY(${status.map(toText)})`,
        hasLabels(labels),
        cursor !== undefined && earlierThan('created_at', cursor),
      ]),
    )
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

// One row per task: columns to filter and order by, and the whole task as people read it.
import type { Sql } from './database.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { commitsOf, type Projection } from './projection.ts'
import { evolveTaskView, type TaskView, taskView } from './task-view.ts'

export const tasksProjection: Projection = {
  name: 'tasks',
  version: 1,
  tableNames: ['tasks'],
  sessionColumn: {},
  tables: `
    CREATE TABLE IF NOT EXISTS tasks (
      org text NOT NULL,
      id text NOT NULL,
      status text NOT NULL,
      labels jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      last_sequence int8 NOT NULL,
      document jsonb NOT NULL,
      PRIMARY KEY (org, id)
    );`,
  indexes: `
    CREATE INDEX IF NOT EXISTS tasks_newest ON tasks (org, created_at DESC, id DESC);
    CREATE INDEX IF NOT EXISTS tasks_by_label ON tasks USING gin (labels jsonb_path_ops);`,
  apply: async (sql, entries) => {
    const commits = commitsOf(entries, 'task')
    if (commits.length === 0) return
    const views = await load(sql, [
      ...new Map(commits.map(({ commit: { stream } }) => [keyOf(stream), stream])).values(),
    ])
    for (const { commit } of commits) {
      const key = keyOf(commit.stream)
      const before = views.get(key) ?? null
      if (before !== null && commit.sequence <= before.sequence) continue
      const after = commit.events.reduce<TaskView | null>((view, event) => evolveTaskView(view, event, commit), before)
      if (after !== null) views.set(key, after)
    }
    await store(sql, [...views.values()])
  },
}

type Key = Pick<TaskView, 'org' | 'id'>

const keyOf = ({ org, id }: Key): string => `${org}/${id}`

const load = async (sql: Sql, keys: readonly Key[]): Promise<Map<string, TaskView>> => {
  const rows = await sql.query(
    `SELECT document FROM tasks JOIN unnest($1::text[], $2::text[]) AS wanted (o, i) ON org = o AND id = i`,
    [keys.map(({ org }) => org), keys.map(({ id }) => id)],
  )
  const views = rows.map(({ document }) => taskView.parse(document))
  return new Map(views.map((view) => [keyOf(view), view]))
}

const store = async (sql: Sql, views: readonly TaskView[]): Promise<void> => {
  const rows = views.map((view) => ({
    org: view.org,
    id: view.id,
    status: view.status,
    labels: view.labels,
    created_at: toTimestamp(view.createdAt),
    last_sequence: view.sequence,
    document: view,
  }))
  await sql.query(
    `INSERT INTO tasks (org, id, status, labels, created_at, last_sequence, document)
     SELECT org, id, status, labels, created_at, last_sequence, document
     FROM jsonb_to_recordset($1::jsonb) AS row (org text, id text, status text, labels jsonb, created_at timestamptz,
       last_sequence int8, document jsonb)
     ON CONFLICT (org, id) DO UPDATE SET status = EXCLUDED.status, last_sequence = EXCLUDED.last_sequence,
       document = EXCLUDED.document`,
    [toJsonb(rows)],
  )
}

// One row per session: columns to filter and search by, and the whole session as people read it.
import type { Sql } from './database.ts'
import { viewAfter } from './evolve-session-view.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { commitsOf, type Projection } from './projection.ts'
import { type SessionView, sessionView } from './session-view.ts'
import { textColumns } from './text-columns.ts'

export const sessionsProjection: Projection = {
  name: 'sessions',
  version: 4,
  tableNames: ['sessions'],
  sessionColumn: { sessions: 'id' },
  tables: `
    CREATE TABLE IF NOT EXISTS sessions (
      org text NOT NULL,
      id text NOT NULL,
      status text NOT NULL,
      title text NOT NULL,
      outcome text,
      chain text,
      alert_id text,
      severity text,
      kind text NOT NULL,
      waiting boolean NOT NULL,
      labels jsonb NOT NULL,
      started_at timestamptz NOT NULL,
      first_finding_at timestamptz,
      ended_at timestamptz,
      version int8 NOT NULL,
      last_sequence int8 NOT NULL,
      document jsonb NOT NULL,
      search tsvector NOT NULL,
      PRIMARY KEY (org, id)
    );`,
  indexes: `
    CREATE INDEX IF NOT EXISTS sessions_newest ON sessions (org, started_at DESC, id DESC);
    CREATE INDEX IF NOT EXISTS sessions_by_status ON sessions (org, status, started_at DESC);
    CREATE INDEX IF NOT EXISTS sessions_by_outcome ON sessions (org, outcome, started_at DESC) WHERE outcome IS NOT NULL;
    CREATE INDEX IF NOT EXISTS sessions_waiting ON sessions (org, started_at DESC) WHERE waiting;
    CREATE INDEX IF NOT EXISTS sessions_by_label ON sessions USING gin (labels jsonb_path_ops);
    CREATE INDEX IF NOT EXISTS sessions_forks ON sessions (org, (document #>> '{fork,sessionId}')) WHERE document #>> '{fork,sessionId}' IS NOT NULL;
    CREATE INDEX IF NOT EXISTS sessions_search ON sessions USING gin (search);`,
  apply: async (sql, entries) => {
    const commits = commitsOf(entries, 'session')
    if (commits.length === 0) return
    const views = await load(sql, [...new Set(commits.map(({ commit }) => keyOf(commit.stream)))])
    for (const { commit } of commits) {
      const key = keyOf(commit.stream)
      const before = views.get(key) ?? null
      if (before !== null && commit.sequence <= before.sequence) continue
      const after = viewAfter(before, commit)
      if (after !== null) views.set(key, after)
    }
    await store(sql, [...views.values()])
  },
}

const keyOf = ({ org, id }: { readonly org: string; readonly id: string }): string => `${org}/${id}`

const load = async (sql: Sql, keys: readonly string[]): Promise<Map<string, SessionView>> => {
  const rows = await sql.query(
    `SELECT document FROM sessions JOIN unnest($1::text[], $2::text[]) AS wanted (o, i) ON org = o AND id = i`,
    [keys.map((key) => key.slice(0, key.indexOf('/'))), keys.map((key) => key.slice(key.indexOf('/') + 1))],
  )
  const views = rows.map(({ document }) => sessionView.parse(document))
  return new Map(views.map((view) => [keyOf(view), view]))
}

const store = async (sql: Sql, views: readonly SessionView[]): Promise<void> => {
  const rows = views.map((view) => ({
    org: view.org,
    id: view.id,
    status: view.status,
    title: view.title,
    outcome: view.outcome,
    chain: view.chain,
    alert_id: view.alertId,
    severity: view.severity,
    kind: view.fork?.kind ?? 'investigation',
    waiting: String(view.waitingFor.length > 0),
    labels: toJsonb(view.labels),
    started_at: toTimestamp(view.startedAt),
    first_finding_at: firstFindingAt(view),
    ended_at: view.endedAt === null ? null : toTimestamp(view.endedAt),
    version: view.version,
    last_sequence: view.sequence,
    document: toJsonb(view),
    words: searchable(view),
  }))
  const { select, values } = textColumns(columnTypes, rows)
  await sql.query(
    `INSERT INTO sessions (org, id, status, title, outcome, chain, alert_id, severity, kind, waiting, labels, started_at, first_finding_at, ended_at, version, last_sequence, document, search)
     SELECT org, id, status, title, outcome, chain, alert_id, severity, kind, waiting, labels, started_at, first_finding_at, ended_at, version, last_sequence, document,
            to_tsvector('simple', words)
     FROM (${select}) AS row
     ON CONFLICT (org, id) DO UPDATE SET status = EXCLUDED.status, outcome = EXCLUDED.outcome, chain = EXCLUDED.chain, kind = EXCLUDED.kind,
       waiting = EXCLUDED.waiting, first_finding_at = EXCLUDED.first_finding_at, ended_at = EXCLUDED.ended_at,
       version = EXCLUDED.version, last_sequence = EXCLUDED.last_sequence, document = EXCLUDED.document, search = EXCLUDED.search`,
    values,
  )
}

const columnTypes = {
  org: 'text',
  id: 'text',
  status: 'text',
  title: 'text',
  outcome: 'text',
  chain: 'text',
  alert_id: 'text',
  severity: 'text',
  kind: 'text',
  waiting: 'boolean',
  labels: 'jsonb',
  started_at: 'timestamptz',
  first_finding_at: 'timestamptz',
  ended_at: 'timestamptz',
  version: 'int8',
  last_sequence: 'int8',
  document: 'jsonb',
  words: 'text',
}

/** When an agent first concluded with something found; of a fork, in its own time alone. */
const firstFindingAt = ({ executions, startedAt }: SessionView): string | null => {
  const found = executions
    .flatMap(({ findings, endedAt }) => (findings.length > 0 && endedAt !== null ? [toTimestamp(endedAt)] : []))
    .filter((at) => at >= toTimestamp(startedAt))
  return found.sort()[0] ?? null
}

/** What a person may look for; cut, since Postgres refuses a text index entry over 1 MiB. */
const searchable = (view: SessionView): string =>
  [
    view.id,
    view.title,
    view.alertType ?? '',
    view.chain ?? '',
    view.summary ?? '',
    // jsonb gives keys back in an order of its own, and a rebuilt row is to be the same as one kept current.
    ...Object.entries(view.labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
    view.input.text.slice(0, 20_000),
    view.finalAnalysis?.text ?? '',
  ]
    .join(' ')
    .slice(0, 100_000)

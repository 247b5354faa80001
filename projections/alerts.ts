// One row per alert: how often it was heard of, whether it fires, and which session looks into it.
import { z } from 'zod'
import { alertSeverity, normalisedAlert } from '../schemas/alert.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { arrivalIndexes, arrivalTables, storeArrivals } from './alert-arrivals.ts'
import type { Sql } from './database.ts'
import type { LogEntry } from './log-reader.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { commitsOf, type Projection } from './projection.ts'

export const alertView = z.object({
  org: z.string(),
  id: z.string(),
  status: z.enum(['firing', 'resolved']),
  severity: alertSeverity,
  title: z.string(),
  source: z.string(),
  fingerprint: z.string(),
  occurrences: z.int(),
  episode: z.int(),
  sessionId: z.string().nullable(),
  sessionStatus: z.string().nullable(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  sequence: z.int(),
  alert: normalisedAlert,
})
export type AlertView = Readonly<z.infer<typeof alertView>>

export const alertsProjection: Projection = {
  name: 'alerts',
  version: 2,
  tableNames: ['alerts', 'alert_arrivals'],
  sessionColumn: {},
  tables: `
    CREATE TABLE IF NOT EXISTS alerts (
      org text NOT NULL,
      id text NOT NULL,
      status text NOT NULL,
      severity text NOT NULL,
      title text NOT NULL,
      source text NOT NULL,
      fingerprint text NOT NULL,
      occurrences int8 NOT NULL,
      episode int8 NOT NULL,
      session_id text,
      session_status text,
      first_seen timestamptz NOT NULL,
      last_seen timestamptz NOT NULL,
      last_sequence int8 NOT NULL,
      alert jsonb NOT NULL,
      labels jsonb NOT NULL,
      search tsvector NOT NULL,
      PRIMARY KEY (org, id)
    );
    ${arrivalTables}`,
  indexes: `
    CREATE INDEX IF NOT EXISTS alerts_latest ON alerts (org, last_seen DESC, id DESC);
    CREATE INDEX IF NOT EXISTS alerts_by_label ON alerts USING gin (labels jsonb_path_ops);
    CREATE INDEX IF NOT EXISTS alerts_search ON alerts USING gin (search);
    ${arrivalIndexes}`,
  apply: async (sql, entries) => {
    const commits = commitsOf(entries, 'alert')
    if (commits.length === 0) return
    const views = await load(sql, commits)
    for (const { commit } of commits) {
      const key = keyOf(commit.stream)
      const before = views.get(key) ?? null
      if (before !== null && commit.sequence <= before.sequence) continue
      const after = commit.events.reduce<AlertView | null>((view, event) => evolve(view, event, commit), before)
      if (after !== null) views.set(key, after)
    }
    await store(sql, [...views.values()])
    await storeArrivals(sql, commits)
  },
}

const keyOf = ({ org, id }: { readonly org: string; readonly id: string }): string => `${org}/${id}`

const evolve = (view: AlertView | null, event: RecordedEvent, commit: Commit): AlertView | null => {
  const { sequence } = commit
  switch (event.type) {
    case 'alert.fired': {
      const { alert, episode, sessionId, receivedAt } = event.data
      return {
        ...seen(view, commit, alert, receivedAt),
        status: 'firing',
        episode,
        sessionId,
        sessionStatus: 'running',
      }
    }
    case 'alert.repeated':
      if (view === null) return null
      return { ...seen(view, commit, view.alert, event.data.receivedAt), status: 'firing' }
    case 'alert.resolved':
      return { ...seen(view, commit, event.data.alert, event.data.receivedAt), status: 'resolved' }
    case 'alert.investigated':
      return view === null ? null : { ...view, sessionStatus: event.data.status, sequence }
    default:
      return view
  }
}

const seen = (view: AlertView | null, commit: Commit, alert: AlertView['alert'], receivedAt: string): AlertView => ({
  org: commit.stream.org,
  id: commit.stream.id,
  status: alert.status,
  severity: alert.severity,
  title: alert.title,
  source: alert.source,
  fingerprint: alert.fingerprint,
  occurrences: (view?.occurrences ?? 0) + 1,
  episode: view?.episode ?? 0,
  sessionId: view?.sessionId ?? null,
  sessionStatus: view?.sessionStatus ?? null,
  firstSeen: view?.firstSeen ?? toTimestamp(receivedAt),
  lastSeen: toTimestamp(receivedAt),
  sequence: commit.sequence,
  alert,
})

const alertColumns =
  'org, id, status, severity, title, source, fingerprint, occurrences, episode, session_id AS "sessionId", session_status AS "sessionStatus", first_seen AS "firstSeen", last_seen AS "lastSeen", last_sequence AS sequence, alert'

const load = async (sql: Sql, entries: readonly LogEntry[]): Promise<Map<string, AlertView>> => {
  const streams = [...new Map(entries.map(({ commit }) => [keyOf(commit.stream), commit.stream])).values()]
  const rows = await sql.query(
    `SELECT ${alertColumns} FROM alerts JOIN unnest($1::text[], $2::text[]) AS wanted (o, i) ON org = o AND id = i`,
    [streams.map(({ org }) => org), streams.map(({ id }) => id)],
  )
  return new Map(rows.map((row) => alertView.parse(row)).map((view) => [keyOf(view), view]))
}

const store = async (sql: Sql, views: readonly AlertView[]): Promise<void> => {
  const rows = views.map(({ sessionId, sessionStatus, firstSeen, lastSeen, sequence, ...view }) => ({
    ...view,
    session_id: sessionId,
    session_status: sessionStatus,
    first_seen: firstSeen,
    last_seen: lastSeen,
    last_sequence: sequence,
    labels: view.alert.labels,
    words: searchable(view),
  }))
  await sql.query(
    `INSERT INTO alerts
     SELECT org, id, status, severity, title, source, fingerprint, occurrences, episode, session_id, session_status, first_seen,
       last_seen, last_sequence, alert, labels, to_tsvector('simple', words)
     FROM jsonb_to_recordset($1::jsonb) AS row (org text, id text, status text, severity text, title text, source text,
       fingerprint text, occurrences int8, episode int8, session_id text, session_status text, first_seen timestamptz,
       last_seen timestamptz, last_sequence int8, alert jsonb, labels jsonb, words text)
     ON CONFLICT (org, id) DO UPDATE SET status = EXCLUDED.status, severity = EXCLUDED.severity, title = EXCLUDED.title,
       occurrences = EXCLUDED.occurrences, episode = EXCLUDED.episode, session_id = EXCLUDED.session_id,
       session_status = EXCLUDED.session_status, last_seen = EXCLUDED.last_seen, last_sequence = EXCLUDED.last_sequence,
       alert = EXCLUDED.alert, labels = EXCLUDED.labels, search = EXCLUDED.search`,
    [toJsonb(rows)],
  )
}

const searchable = ({
  id,
  title,
  source,
  fingerprint,
  alert,
}: Pick<AlertView, 'id' | 'title' | 'source' | 'fingerprint' | 'alert'>): string =>
  [id, title, source, fingerprint, alert.alertType ?? '', ...Object.entries(alert.labels).sort(byName).flat()]
    .join(' ')
    .slice(0, 100_000)

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)

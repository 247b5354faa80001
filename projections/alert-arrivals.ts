// One row for each time an alert was heard of, and what came of it: what the overview counts.
import type { Sql } from './database.ts'
import type { LogEntry } from './log-reader.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'

export const arrivalTables = `CREATE TABLE IF NOT EXISTS alert_arrivals (
      org text NOT NULL,
      sequence int8 NOT NULL,
      index int4 NOT NULL,
      alert_id text NOT NULL,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      PRIMARY KEY (org, sequence, index)
    );`

export const arrivalIndexes = `CREATE INDEX IF NOT EXISTS alert_arrivals_of_org ON alert_arrivals (org, at);`

const kinds = { 'alert.fired': 'opened', 'alert.repeated': 'joined', 'alert.resolved': 'resolved' } as const

export const storeArrivals = async (sql: Sql, entries: readonly LogEntry[]): Promise<void> => {
  const rows = entries.flatMap(({ sequence, commit: { stream, events } }) =>
    events.flatMap((event, index) => {
      if (event.type !== 'alert.fired' && event.type !== 'alert.repeated' && event.type !== 'alert.resolved') return []
      const at = toTimestamp(event.data.receivedAt)
      return [{ org: stream.org, sequence, index, alert_id: stream.id, at, kind: kinds[event.type] }]
    }),
  )
  await sql.query(
    `INSERT INTO alert_arrivals
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (org text, sequence int8, index int4, alert_id text, at timestamptz, kind text)
     ON CONFLICT DO NOTHING`,
    [toJsonb(rows)],
  )
}

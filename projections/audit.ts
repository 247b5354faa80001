// The second copy: every message of the log verbatim with its hash, also those nobody can decode.
import { copyText } from './copy-text.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import type { Projection } from './projection.ts'
import type { AuditRow } from './tables.ts'
import { textColumns } from './text-columns.ts'

export const auditProjection: Projection = {
  name: 'audit',
  version: 1,
  tableNames: ['commits'],
  durable: true,
  sessionColumn: { commits: "category = 'session' AND stream" },
  tables: `
    CREATE TABLE IF NOT EXISTS commits (
      sequence int8 PRIMARY KEY,
      subject text NOT NULL,
      org text,
      category text,
      stream text,
      version int8,
      at timestamptz,
      command_id text,
      actor text,
      types text[] NOT NULL,
      hash text,
      headers jsonb NOT NULL,
      payload text NOT NULL,
      error text
    );`,
  indexes: `
    CREATE INDEX IF NOT EXISTS commits_by_stream ON commits (stream, sequence);
    CREATE INDEX IF NOT EXISTS commits_of_org ON commits (org, sequence);`,
  insertion: (entries) => {
    const { source, values } = rowsOf(entries)
    return { table: 'commits', source, values }
  },
  apply: async (sql, entries, copy) => {
    if (copy !== undefined) {
      const rows = entries.map((entry) => auditRow(entry)).map((row) => ({ ...row, headers: toJsonb(row.headers) }))
      return copy(`commits (${columns.join(', ')})`, copyText(columns, rows))
    }
    const { source, values } = rowsOf(entries)
    await sql.query(`INSERT INTO commits ${source} ON CONFLICT DO NOTHING`, values)
  },
}

const rowsOf = (entries: readonly (LogEntry | BadLogEntry)[]) => {
  const rows = entries.map((entry) => auditRow(entry))
  const texts = rows.map((row) => ({ ...row, types: row.types.join(separator), headers: toJsonb(row.headers) }))
  const { select, values } = textColumns(columnTypes, texts)
  const source = `
    SELECT sequence, subject, org, category, stream, version, at, command_id, actor, string_to_array(types, ${separatorSql}),
      hash, headers, payload, error
    FROM (${select}) AS row`
  return { source, values }
}

const columnTypes = {
  sequence: 'int8',
  subject: 'text',
  org: 'text',
  category: 'text',
  stream: 'text',
  version: 'int8',
  at: 'timestamptz',
  command_id: 'text',
  actor: 'text',
  types: 'text',
  hash: 'text',
  headers: 'jsonb',
  payload: 'text',
  error: 'text',
}

const columns = Object.keys(columnTypes) as (keyof typeof columnTypes)[]

/** A newer build's type may hold a comma; no type holds this. */
const separator = '\u001f'
const separatorSql = "E'\\x1f'"

/** What the second copy holds of an entry; but for what Postgres cannot take in texts. */
export const auditRow = (entry: LogEntry | BadLogEntry): AuditRow => {
  const { sequence, subject, payload, headers = {} } = entry
  if (isBadEntry(entry)) return { ...unknownOrigin, sequence, subject, headers, payload, error: entry.error.message }
  const { stream, version, at, commandId, actor, events, hash } = entry.commit
  return {
    sequence,
    subject,
    org: stream.org,
    category: stream.category,
    stream: stream.id,
    version,
    at: toTimestamp(at),
    command_id: commandId,
    actor: `${actor.kind}:${actor.id}`,
    types: events.map((event) => (event.type === 'unknown' ? event.storedType : event.type)),
    hash,
    headers,
    payload,
    error: null,
  }
}

const unknownOrigin = {
  org: null,
  category: null,
  stream: null,
  version: null,
  at: null,
  command_id: null,
  actor: null,
  types: [],
  hash: null,
}

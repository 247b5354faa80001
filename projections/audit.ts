// The second copy: every message of the log verbatim with its hash, also those nobody can decode.
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import { toJsonb } from './postgres-text.ts'
import type { Projection } from './projection.ts'

export const auditProjection: Projection = {
  name: 'audit',
  version: 1,
  tableNames: ['commits'],
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
    );
    CREATE INDEX IF NOT EXISTS commits_of_stream ON commits (subject, sequence);
    CREATE INDEX IF NOT EXISTS commits_of_org ON commits (org, sequence);`,
  apply: async (sql, entries) => {
    const rows = entries.map((entry) => (isBadEntry(entry) ? badRow(entry) : commitRow(entry)))
    await sql.query(
      `INSERT INTO commits
       SELECT sequence, subject, org, category, stream, version, at, command_id, actor, string_to_array(types, ${separatorSql}),
         hash, headers, payload, error
       FROM jsonb_to_recordset($1::jsonb) AS row (sequence int8, subject text, org text, category text, stream text, version int8,
         at timestamptz, command_id text, actor text, types text, hash text, headers jsonb, payload text, error text)
       ON CONFLICT DO NOTHING`,
      [toJsonb(rows)],
    )
  },
}

/** A newer build's type may hold a comma; no type holds this. */
const separator = '\u001f'
const separatorSql = "E'\\x1f'"

const commitRow = ({ sequence, subject, commit, headers, payload }: LogEntry) => {
  const { stream, version, at, commandId, actor, events, hash } = commit
  const types = events.map((event) => (event.type === 'unknown' ? event.storedType : event.type)).join(separator)
  const origin = { org: stream.org, category: stream.category, stream: stream.id, version, at, types, hash }
  return { sequence, subject, ...origin, command_id: commandId, actor: `${actor.kind}:${actor.id}`, headers, payload }
}

const badRow = ({ sequence, subject, payload, error }: BadLogEntry) => {
  return { sequence, subject, types: '', headers: {}, payload, error: error.message }
}

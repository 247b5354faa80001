// The second copy: every message of the log verbatim with its hash, also those nobody can decode.
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import { toJsonb, toText } from './postgres-text.ts'
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
    const columns = Array.from({ length: 14 }, (_, column) => rows.map((row) => row[column]))
    await sql.query(
      `INSERT INTO commits
       SELECT sequence, subject, org, category, stream, version, at, command_id, actor, string_to_array(types, ${separatorSql}),
         hash, headers::jsonb, payload, error
       FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::timestamptz[], $8::text[], $9::text[],
         $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
         AS row (sequence, subject, org, category, stream, version, at, command_id, actor, types, hash, headers, payload, error)
       ON CONFLICT DO NOTHING`,
      columns,
    )
  },
}

/** A newer build's type may hold a comma; no type holds this. */
const separator = '\u001f'
const separatorSql = "E'\\x1f'"

const commitRow = ({ sequence, subject, commit, headers, payload }: LogEntry): readonly unknown[] => {
  const { stream, version, at, commandId, actor, events, hash } = commit
  const types = events.map((event) => (event.type === 'unknown' ? event.storedType : event.type)).join(separator)
  const by = toText(`${actor.kind}:${actor.id}`)
  const origin = [stream.org, stream.category, stream.id, version, at, commandId, by, toText(types), hash]
  return [sequence, toText(subject), ...origin, toJsonb(headers), toText(payload), null]
}

const badRow = ({ sequence, subject, payload, error }: BadLogEntry): readonly unknown[] => {
  const origin = [null, null, null, null, null, null, null, '', null]
  return [sequence, toText(subject), ...origin, '{}', toText(payload), toText(error.message)]
}

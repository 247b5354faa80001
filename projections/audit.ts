// The second copy: every message of the log verbatim with its hash, also those nobody can decode.
import { isBadEntry } from './log-reader.ts'
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
    CREATE INDEX IF NOT EXISTS commits_of_stream ON commits (subject, sequence);`,
  apply: async (sql, entries) => {
    const columns: unknown[][] = Array.from({ length: 14 }, () => [])
    for (const entry of entries) {
      const row = isBadEntry(entry)
        ? [
            entry.sequence,
            entry.subject,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            '',
            null,
            '{}',
            entry.payload,
            entry.error.message,
          ]
        : [
            entry.sequence,
            entry.subject,
            entry.commit.stream.org,
            entry.commit.stream.category,
            entry.commit.stream.id,
            entry.commit.version,
            entry.commit.at,
            entry.commit.commandId,
            `${entry.commit.actor.kind}:${entry.commit.actor.id}`,
            entry.commit.events.map((event) => (event.type === 'unknown' ? event.storedType : event.type)).join(','),
            entry.commit.hash,
            JSON.stringify(entry.headers),
            entry.payload,
            null,
          ]
      for (const [index, value] of row.entries()) columns[index]?.push(value)
    }
    await sql.query(
      `INSERT INTO commits
       SELECT sequence, subject, org, category, stream, version, at, command_id, actor, string_to_array(types, ','), hash, headers::jsonb, payload, error
       FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::timestamptz[], $8::text[], $9::text[],
         $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
         AS row (sequence, subject, org, category, stream, version, at, command_id, actor, types, hash, headers, payload, error)
       ON CONFLICT DO NOTHING`,
      columns,
    )
  },
}

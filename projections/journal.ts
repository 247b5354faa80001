// What strict mode acknowledges by: every message verbatim, a row for many, kept until the second copy has rows of its own.
import { z } from 'zod'
import { auditProjection } from './audit.ts'
import type { Sql } from './database.ts'
import { erasedIn } from './erase-sessions.ts'
import type { StoredCommit } from './log-copy.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import { liveSchemaOf, type Projection } from './projection.ts'

type Entry = LogEntry | BadLogEntry

/**
 * A group is a few thousand bytes in one value, without an index but its last sequence: a tenth of what rows of the same
 * commits cost. Its text is not compressed, which would cost more than the disk does.
 */
export const journalProjection: Projection = {
  name: 'journal',
  version: 1,
  tableNames: ['message_groups'],
  durable: true,
  // What an erased session has left in earlier groups goes with `trimJournal`.
  sessionColumn: {},
  tables: `
    DO $$ BEGIN
      IF to_regclass('message_groups') IS NULL THEN
        CREATE TABLE message_groups (last int8 PRIMARY KEY, messages text NOT NULL);
        ALTER TABLE message_groups ALTER messages SET STORAGE EXTERNAL;
      END IF;
    END $$`,
  insertion: (entries) => ({ table: 'message_groups', source: 'SELECT $1::int8, $2::text', values: groupOf(entries) }),
  apply: async (sql, entries) => {
    await sql.query(
      'INSERT INTO message_groups VALUES ($1, $2) ON CONFLICT DO NOTHING',
      groupOf(withoutErased(entries)),
    )
  },
}

/** One message a line. JSON escapes what Postgres refuses in texts: NUL, and halves of surrogate pairs. */
const groupOf = (entries: readonly Entry[]): readonly [number, string] => [
  entries.at(-1)?.sequence ?? 0,
  entries
    .map(({ sequence, subject, headers = {}, payload }) => JSON.stringify({ sequence, subject, headers, payload }))
    .join('\n'),
]

/** A tombstone is never without its group: it is an entry that stays. */
const withoutErased = (entries: readonly Entry[]): readonly Entry[] => {
  const erased = new Set(erasedIn(entries).map(({ org, session }) => `${org}/${session}`))
  return entries.filter(
    (entry) =>
      isBadEntry(entry) ||
      entry.commit.stream.category !== 'session' ||
      !erased.has(`${entry.commit.stream.org}/${entry.commit.stream.id}`),
  )
}

const message = z.object({
  sequence: z.int(),
  subject: z.string(),
  headers: z.record(z.string(), z.string()),
  payload: z.string(),
})
const group = z.object({ messages: z.string() })

export const groupsTable = `${liveSchemaOf(journalProjection)}.message_groups`

/** The messages of a row of `message_groups`. */
export const messagesOfGroup = (row: unknown): readonly StoredCommit[] =>
  group
    .parse(row)
    .messages.split('\n')
    .map((line) => message.parse(JSON.parse(line)))

/**
 * To be called before the journal is followed in strict mode: it begins where the second copy ends, which is on disk as
 * well, and not with what was written before strict mode was asked for.
 */
export const beginJournal = async (sql: Sql): Promise<void> => {
  await sql.query(
    `UPDATE casebook.projection AS journal SET position = copy.position, epoch = copy.epoch
     FROM casebook.projection AS copy
     WHERE journal.name = $1 AND journal.role = 'live' AND copy.name = $2 AND copy.role = 'live'
       AND journal.position < copy.position AND (journal.epoch = copy.epoch OR journal.epoch = '')`,
    [journalProjection.name, auditProjection.name],
  )
}

/** Lets go of what the second copy has by now. That needs no disk: what comes back after a crash is let go of again. */
export const trimJournal = async (sql: Sql): Promise<void> => {
  await sql.query(
    `WITH hasty AS (SELECT set_config('synchronous_commit', 'off', true))
     DELETE FROM ${groupsTable} USING hasty
     WHERE last <= (SELECT position FROM casebook.projection WHERE name = $1 AND role = 'live')`,
    [auditProjection.name],
  )
}

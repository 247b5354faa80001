// What strict mode acknowledges by: every message verbatim, a row for many, kept until the second copy has rows of its own.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { auditProjection } from './audit.ts'
import type { Sql } from './database.ts'
import { erasedIn } from './erase-sessions.ts'
import { type StoredCommit, storedCommit } from './log-copy.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import { liveSchemaOf, type Projection } from './projection.ts'

type Entry = LogEntry | BadLogEntry

/**
 * A group is one compressed value, without an index but its last sequence: a tenth of what rows of the same commits cost.
 * PostgreSQL would compress it more slowly, and not at all what is small already.
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
        CREATE TABLE message_groups (last int8 PRIMARY KEY, messages bytea NOT NULL);
        ALTER TABLE message_groups ALTER messages SET STORAGE EXTERNAL;
      END IF;
    END $$`,
  insertion: (entries) => ({ table: 'message_groups', source: 'SELECT $1::int8, $2::bytea', values: groupOf(entries) }),
  apply: async (sql, entries) => {
    await sql.query(
      'INSERT INTO message_groups VALUES ($1, $2) ON CONFLICT DO NOTHING',
      groupOf(withoutErased(entries)),
    )
  },
}

/** One message a line, byte for byte: JSON escapes halves of surrogate pairs, which no encoding has. */
const groupOf = (entries: readonly Entry[]): readonly [number, Buffer] => [
  entries.at(-1)?.sequence ?? 0,
  zstdCompressSync(
    entries
      .map(({ sequence, subject, headers = {}, payload }) => JSON.stringify({ sequence, subject, headers, payload }))
      .join('\n'),
    fast,
  ),
]
/** With it PostgreSQL's part of an append halves, by measurement. */
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

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

const group = z.object({ messages: z.instanceof(Uint8Array) })

export const groupsTable = `${liveSchemaOf(journalProjection)}.message_groups`

/** The messages of a row of `message_groups`. */
export const messagesOfGroup = (row: unknown): readonly StoredCommit[] =>
  zstdDecompressSync(group.parse(row).messages)
    .toString()
    .split('\n')
    .map((line) => storedCommit.parse(JSON.parse(line)))

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

// What every read model does when a session is erased: its rows go in the transaction that takes in the tombstone.
import type { Sql } from './database.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'
import type { Projection } from './projection.ts'

export interface ErasedSession {
  readonly org: string
  readonly session: string
}

export const erasedIn = (entries: readonly (LogEntry | BadLogEntry)[]): readonly ErasedSession[] =>
  entries.flatMap((entry) =>
    isBadEntry(entry) || entry.commit.stream.category !== 'erasure'
      ? []
      : entry.commit.events.flatMap((event) =>
          event.type === 'erasure.recorded' ? [{ org: entry.commit.stream.org, session: event.data.sessionId }] : [],
        ),
  )

/** Its tombstone, or the word that its events are gone: what was read in between may be filled with them again. */
export const hasErasure = (entries: readonly (LogEntry | BadLogEntry)[]): boolean =>
  entries.some(
    (entry) =>
      !isBadEntry(entry) &&
      entry.commit.events.some(({ type }) => type === 'erasure.recorded' || type === 'erasure.completed'),
  )

/** A session's stream ends before its tombstone, so all its rows are there when this is called after `apply`. */
export const eraseSessions = async (
  projection: Projection,
  sql: Sql,
  erased: readonly ErasedSession[],
): Promise<void> => {
  if (erased.length === 0) return
  for (const [table, column] of Object.entries(projection.sessionColumn)) {
    await sql.query(
      `DELETE FROM ${table} USING unnest($1::text[], $2::text[]) AS gone (o, s) WHERE org = o AND ${column} = s`,
      [erased.map(({ org }) => org), erased.map(({ session }) => session)],
    )
  }
}

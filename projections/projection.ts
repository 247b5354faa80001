// What a projection is: its tables, and how a batch of commits changes them. It never rejects and never calls out.
import type { RecordedEvent, StreamCategory } from '../schemas/commit.ts'
import type { Sql } from './database.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'

export interface Projection {
  readonly name: string
  /** Rises when the tables or their meaning change; each version has a Postgres schema of its own. */
  readonly version: number
  /** Table definitions, to be run with the version's schema first on the search path. */
  readonly tables: string
  /** Names of the tables, for a rebuild to empty. */
  readonly tableNames: readonly string[]
  /**
   * Applies entries in order, inside a transaction whose search path is the version's schema. Applying an entry
   * again changes nothing. A throw that is not the database being away is a poison entry.
   */
  apply(sql: Sql, entries: readonly (LogEntry | BadLogEntry)[]): Promise<void>
}

export const schemaOf = ({ name, version }: Pick<Projection, 'name' | 'version'>): string =>
  `${name.replaceAll('-', '_')}_v${version}`

export interface EventAt {
  readonly entry: LogEntry
  readonly event: RecordedEvent
  /** Position within its commit. */
  readonly index: number
}

/** The commits of one category, in order. @throws UndecodableEntry at the first entry that is no commit. */
export const commitsOf = (
  entries: readonly (LogEntry | BadLogEntry)[],
  category: StreamCategory,
): readonly LogEntry[] =>
  entries.filter((entry): entry is LogEntry => {
    if (isBadEntry(entry)) throw new UndecodableEntry(entry)
    return entry.commit.stream.category === category
  })

/** Their events, in order. @throws UndecodableEntry. */
export const eventsOf = (entries: readonly (LogEntry | BadLogEntry)[], category: StreamCategory): readonly EventAt[] =>
  commitsOf(entries, category).flatMap((entry) => entry.commit.events.map((event, index) => ({ entry, event, index })))

/** Thrown inside `apply`; stored as the failure of the paused projection. */
export class UndecodableEntry extends Error {
  readonly code: string

  constructor(entry: BadLogEntry) {
    super(`Message ${entry.sequence} on ${entry.subject} cannot be decoded: ${entry.error.message}`)
    this.code = entry.error.code
  }
}

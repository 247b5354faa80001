// What a projection is: its tables, and how a batch of commits changes them. It never rejects and never calls out.
import { type Commit, type RecordedEvent, type StreamCategory, withShared } from '../schemas/commit.ts'
import type { Copy, Sql } from './database.ts'
import { type BadLogEntry, isBadEntry, type LogEntry } from './log-reader.ts'

export interface Projection {
  readonly name: string
  /** Rises when the tables or their meaning change: at the next start the new version is built beside the old one. */
  readonly version: number
  /** Table definitions, to be run with a generation's schema first on the search path. */
  readonly tables: string
  /** Only queries need these: a rebuild adds them to full tables, in a fraction of the time. */
  readonly indexes?: string
  /** Names of the tables: what queries find in the live schema, and what is compared. Each has a primary key. */
  readonly tableNames: readonly string[]
  /** What it has committed survives the power, even where the server's default is not to wait for its disk. */
  readonly durable?: boolean
  /** By table, the column that holds the session a row is of, or a condition that ends in it: such rows go when the session is erased. */
  readonly sessionColumn: Readonly<Record<string, string>>
  /**
   * Applies entries in order, inside a transaction whose search path is the generation's schema. Applying an entry
   * again changes nothing. A throw that is not the database being away is a poison entry. `copy` is given while tables are
   * filled for the first time: what these entries lead to is not there yet.
   */
  apply(sql: Sql, entries: readonly (LogEntry | BadLogEntry)[], copy?: Copy): Promise<void>
  /** For a projection that only ever adds rows: what `apply` does, as the source of one INSERT. */
  insertion?(entries: readonly (LogEntry | BadLogEntry)[]): Insertion
}

/** Rows that are there already stay as they are. */
export interface Insertion {
  readonly table: string
  /** `SELECT …` of the columns in the order of the table. */
  readonly source: string
  readonly values: readonly unknown[]
}

interface Named {
  readonly name: string
  readonly version: number
  /** Each filling of the tables from the log is one; the first is 1. */
  readonly generation?: number
}

/** Where a generation's tables lie. */
export const schemaOf = ({ name, version, generation = 1 }: Named): string =>
  `${name.replaceAll('-', '_')}_v${version}${generation === 1 ? '' : `_g${generation}`}`

/** Where queries find the tables of the generation that serves, as views. */
export const liveSchemaOf = ({ name }: Pick<Named, 'name'>): string => `${name.replaceAll('-', '_')}_live`

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

/** Their events, after those that the first commit of a fork shares: these count back from -1. @throws UndecodableEntry. */
export const historiesOf = (
  entries: readonly (LogEntry | BadLogEntry)[],
  category: StreamCategory,
): readonly EventAt[] =>
  commitsOf(entries, category).flatMap((entry): readonly EventAt[] =>
    entry.commit.inherited === undefined
      ? entry.commit.events.map((event, index) => ({ entry, event, index }))
      : numberedEvents(entry.commit).map(({ event, index, of }) => ({ entry: { ...entry, commit: of }, event, index })),
  )

export const numberedEvents = (
  commit: Commit,
): readonly { readonly event: RecordedEvent; readonly index: number; readonly of: Commit }[] => {
  const all = withShared(commit).flatMap((of) => of.events.map((event) => ({ event, of })))
  const shared = all.length - commit.events.length
  return all.map((each, index) => ({ ...each, index: index - shared }))
}

/** Thrown inside `apply`; stored as the failure of the paused projection. */
export class UndecodableEntry extends Error {
  readonly code: string

  constructor(entry: BadLogEntry) {
    super(`Message ${entry.sequence} on ${entry.subject} cannot be decoded: ${entry.error.message}`)
    this.code = entry.error.code
  }
}

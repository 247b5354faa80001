// The port to Postgres: statements, and transactions of them.
import { CasebookError } from '../schemas/casebook-error.ts'

export interface Sql {
  /** @throws DatabaseUnavailable when the server is away; otherwise what the server said. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Adds rows, as `copyText` writes them, to `table (columns)`; one that is there already fails all. */
export type Copy = (into: string, rows: string) => Promise<void>

export interface TransactionSql extends Sql {
  readonly copy: Copy
}

export interface Database extends Sql {
  /** Commits when the work resolves, rolls back when it throws. */
  transaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>
}

/** Postgres is away, starting, stopping or out of connections: the same statement may succeed later. */
export class DatabaseUnavailable extends CasebookError {
  readonly code = 'database_unavailable'
  readonly retryable = true

  constructor(options?: { readonly cause?: unknown }) {
    super('Postgres cannot be reached. Check that it is up; nothing was lost.', options)
  }
}

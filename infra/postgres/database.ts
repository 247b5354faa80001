// The pool of connections, and which of Postgres' errors mean "away" rather than "wrong".
import { finished } from 'node:stream/promises'
import { Kysely, PostgresDialect } from 'kysely'
import { type ClientBase, DatabaseError, Pool, type PoolClient, types } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Database, DatabaseUnavailable, type Sql, type TransactionSql } from '../../projections/database.ts'
import type { Tables } from '../../projections/tables.ts'

// Log sequences are int8; they stay below 2^53.
types.setTypeParser(types.builtins.INT8, Number)
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString())

export interface PostgresDatabase extends Database {
  readonly tables: Kysely<Tables>
  close(): Promise<void>
}

/**
 * `statementMs` is how long one statement may take: seconds where somebody waits for the answer, a minute for the runners.
 * `onConnect` sees each connection before it is used. `application` is the name under which the server shows them.
 */
export const createDatabase = (
  url: string,
  size = 12,
  statementMs = 60_000,
  onConnect?: (sql: Sql) => Promise<void>,
  application = 'casebook',
): PostgresDatabase => {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementMs,
    // A little longer than the server's own: it ends a wait on a network that swallows everything.
    query_timeout: statementMs + 2_000,
    // A process that stands still in the middle of a batch holds the checkpoint: others are let on in this time.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: application,
    ...(onConnect !== undefined && { onConnect: (client: ClientBase) => onConnect(sqlOf(client)) }),
  })
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', ignore)
  // One in use says so twice: to who uses it, and as an event that would end the process when nobody listened.
  pool.on('connect', (client) => client.on('error', ignore))
  return {
    tables: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    query: (text, values) =>
      classified(async () => (await pool.query(text, values === undefined ? [] : [...values])).rows),
    transaction: (work) => classified(() => inTransaction(pool, work)),
    close: () => pool.end(),
  }
}

const ignore = (): undefined => undefined

const sqlOf = (client: ClientBase): Sql => ({
  query: async (text, values) => (await client.query(text, values === undefined ? [] : [...values])).rows,
})

/** A failed one leaves the connection as a failed statement does. */
const copyInto = (client: ClientBase, into: string, rows: string): Promise<void> =>
  finished(client.query(copyFrom(`COPY ${into} FROM STDIN`)).end(rows))

const inTransaction = async <T>(pool: Pool, work: (sql: TransactionSql) => Promise<T>): Promise<T> => {
  const client: PoolClient = await pool.connect()
  let broken = false
  const onError = (): void => {
    broken = true
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    const copy: TransactionSql['copy'] = (into, rows) => copyInto(client, into, rows)
    const result = await work({ ...sqlOf(client), copy })
    await client.query('COMMIT')
    return result
  } catch (error) {
    // A connection that answers nothing would keep the rollback waiting as long again.
    if (!(error instanceof DatabaseError) && isAway(error)) broken = true
    else await client.query('ROLLBACK').catch(onError)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

export const classified = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw isAway(error) ? new DatabaseUnavailable({ cause: error }) : error
  }
}

/**
 * Connection errors have no SQLSTATE. 08 connection; 25006 a server that became a standby; 25P03 idle for too long, as after
 * the machine slept; 28 and 3D000 refused while it is set up anew; 40 serialization; 53 resources; 57 operator; 58 system.
 */
const isAway = (error: unknown): boolean => {
  if (error instanceof DatabaseError) return /^(?:08|25006|25P03|28|3D000|40001|40P01|53|57|58)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    /^E(?:AI_AGAIN|CONN|PIPE|HOST|NET|TIMEDOUT|NOTFOUND)/.test(code) ||
    /Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|not queryable|Client was closed/i.test(
      error.message,
    ) ||
    (error instanceof AggregateError && error.errors.some(isAway))
  )
}

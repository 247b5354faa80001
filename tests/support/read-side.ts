// A real PostgreSQL with the read models' tables, and what they hold, for tests to compare.
import { createDatabase, type PostgresDatabase } from '../../infra/postgres/database.ts'
import { migrate } from '../../infra/postgres/migrations.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import { liveSchemaOf, type Projection, schemaOf } from '../../projections/projection.ts'
import { startPostgres } from './servers.ts'

type Row = Readonly<Record<string, unknown>>

/** Every row of every table of the projections as queries see them, in the order of their text. */
export const allRows = async (
  database: PostgresDatabase,
  projections: readonly Projection[] = catalogue,
): Promise<Readonly<Record<string, readonly Row[]>>> => {
  const tables = projections.flatMap((each) =>
    each.tableNames.map((table) => ({ key: `${schemaOf(each)}.${table}`, view: `${liveSchemaOf(each)}.${table}` })),
  )
  const rows: Record<string, readonly Row[]> = {}
  // One after another: each connection opened here stays open, and a server has a hundred for all tests of a file.
  for (const { key, view } of tables)
    rows[key] = await database.query(`SELECT * FROM ${view} AS row ORDER BY row::text`)
  return rows
}

export const startReadSide = async () => {
  const postgres = await startPostgres()
  const opened: PostgresDatabase[] = []
  const urls = new Map<PostgresDatabase, string>()
  const open = (url: string): PostgresDatabase => {
    const database = createDatabase(url)
    opened.push(database)
    urls.set(database, url)
    return database
  }
  return {
    postgres,
    /** A fresh database with every table. */
    database: async (projections: readonly Projection[] = catalogue): Promise<PostgresDatabase> => {
      const database = open(await postgres.createDatabase())
      await migrate(database, projections)
      return database
    },
    /** Another pool on the same database, as another process has. */
    connect: (database: PostgresDatabase): PostgresDatabase => open(urls.get(database) ?? ''),
    stop: async (): Promise<void> => {
      await Promise.all(opened.map((database) => database.close()))
      await postgres.stop()
    },
  }
}

/** Applies entries as a runner would, or a rebuild, without a checkpoint. */
export const applyTo = async (
  database: PostgresDatabase,
  projection: Projection,
  entries: Parameters<Projection['apply']>[1],
  how: 'live' | 'rebuild' = 'live',
): Promise<void> => {
  await database.transaction(async (sql) => {
    await sql.query(`SET LOCAL search_path TO ${schemaOf(projection)}`)
    await projection.apply(sql, entries, how === 'live' ? undefined : sql.copy)
  })
}

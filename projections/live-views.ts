// The views under which queries find the tables that serve: put over another generation, every process follows at once.
import type { Sql } from './database.ts'
import { liveSchemaOf, type Projection, schemaOf } from './projection.ts'

/**
 * Part of the caller's transaction. Waits for statements that read the views; later ones wait for the commit and then
 * find the new tables. Views that keep their columns are replaced, so that what others granted on them or built over
 * them stays.
 */
export const showGeneration = async (sql: Sql, projection: Projection, generation: number): Promise<void> => {
  const live = liveSchemaOf(projection)
  const tables = schemaOf({ ...projection, generation })
  await sql.query(`CREATE SCHEMA IF NOT EXISTS ${live}`)
  const views = await sql.query('SELECT viewname FROM pg_views WHERE schemaname = $1 ORDER BY viewname', [live])
  for (const view of views.map(({ viewname }) => String(viewname))) {
    const columns = await sql.query(
      `SELECT (SELECT array_agg(column_name || ' ' || udt_name ORDER BY ordinal_position) FROM information_schema.columns
               WHERE table_schema = $1 AND table_name = $3)
            = (SELECT array_agg(column_name || ' ' || udt_name ORDER BY ordinal_position) FROM information_schema.columns
               WHERE table_schema = $2 AND table_name = $3) AS same`,
      [live, tables, view],
    )
    if (columns[0]?.['same'] !== true) await sql.query(`DROP VIEW ${live}.${view}`)
  }
  // One round trip: from the first view on, readers wait.
  const replacing = [...projection.tableNames]
    .sort()
    .map((table) => `CREATE OR REPLACE VIEW ${live}.${table} AS SELECT * FROM ${tables}.${table}`)
  await sql.query(replacing.join('; '))
}

// The tables every projection shares, and each projection's own schema; safe to run by many processes at once.
import type { Database } from '../../projections/database.ts'
import { type Projection, schemaOf } from '../../projections/projection.ts'

/** Any number that nobody else uses for an advisory lock of this database. */
const migrationLock = 4_201_877

export const migrate = (database: Database, projections: readonly Projection[]): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await sql.query('CREATE SCHEMA IF NOT EXISTS casebook')
    await sql.query(`
      CREATE TABLE IF NOT EXISTS casebook.projection (
        name text NOT NULL,
        version int4 NOT NULL,
        epoch text NOT NULL DEFAULT '',
        position int8 NOT NULL DEFAULT 0,
        state text NOT NULL DEFAULT 'starting',
        failure jsonb,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (name, version)
      )`)
    for (const projection of projections) {
      await sql.query(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(projection)}`)
      await sql.query(`SET LOCAL search_path TO ${schemaOf(projection)}`)
      await sql.query(projection.tables)
      await sql.query('INSERT INTO casebook.projection (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        projection.name,
        projection.version,
      ])
    }
  })

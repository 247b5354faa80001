// The tables every projection shares, and each projection's own schemas; safe to run by many processes at once.
import { blobCopyTables } from '../../projections/blob-copies.ts'
import type { Database, Sql } from '../../projections/database.ts'
import { createGeneration, requestBuild } from '../../projections/generations.ts'
import { journalProjection } from '../../projections/journal.ts'
import { showGeneration } from '../../projections/live-views.ts'
import { liveSchemaOf, type Projection, schemaOf } from '../../projections/projection.ts'
import { personKeyTable } from '../personal/person-keys.ts'

/** Any number that nobody else uses for an advisory lock of this database. */
const migrationLock = 4_201_877

export const migrate = (database: Database, projections: readonly Projection[]): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await sql.query('CREATE SCHEMA IF NOT EXISTS casebook')
    await addGenerations(sql)
    await sql.query(checkpoints)
    await addTimes(sql)
    await sql.query(personKeyTable)
    await sql.query(blobCopyTables)
    await addSources(sql)
    for (const projection of [...projections, journalProjection]) await migrateOne(sql, projection)
  })

const checkpoints = `
  CREATE SEQUENCE IF NOT EXISTS casebook.generation START 2;
  CREATE TABLE IF NOT EXISTS casebook.projection (
    name text NOT NULL,
    version int4 NOT NULL,
    generation int4 NOT NULL DEFAULT 1,
    role text NOT NULL DEFAULT 'live',
    epoch text NOT NULL DEFAULT '',
    position int8 NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'starting',
    failure jsonb,
    updated_at timestamptz NOT NULL DEFAULT now(),
    requested_at timestamptz NOT NULL DEFAULT now(),
    owner text,
    lease_until timestamptz,
    rate float8 NOT NULL DEFAULT 0,
    event_rate float8 NOT NULL DEFAULT 0,
    report jsonb,
    target int8,
    keep_until timestamptz,
    source text NOT NULL DEFAULT 'log',
    PRIMARY KEY (name, generation)
  );
  CREATE TABLE IF NOT EXISTS casebook.restoration (
    number int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    source text NOT NULL,
    was text NOT NULL,
    epoch text NOT NULL,
    position int8 NOT NULL,
    commits int8 NOT NULL,
    emptied text[] NOT NULL
  );`

/** The table was keyed by version, before there were generations. */
const addGenerations = async (sql: Sql): Promise<void> => {
  const [table] = await sql.query(
    `SELECT count(*) FILTER (WHERE column_name = 'generation') AS generations, count(*) AS columns
     FROM information_schema.columns WHERE table_schema = 'casebook' AND table_name = 'projection'`,
  )
  if (Number(table?.['columns']) === 0 || Number(table?.['generations']) > 0) return
  await sql.query(`
    ALTER TABLE casebook.projection ADD COLUMN generation int4 NOT NULL DEFAULT 1,
      ADD COLUMN role text NOT NULL DEFAULT 'live', ADD COLUMN requested_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN owner text, ADD COLUMN lease_until timestamptz, ADD COLUMN rate float8 NOT NULL DEFAULT 0,
      ADD COLUMN event_rate float8 NOT NULL DEFAULT 0, ADD COLUMN report jsonb,
      DROP CONSTRAINT projection_pkey, ADD PRIMARY KEY (name, generation)`)
}

/** Of one role there was one, before a read model could be had as of several times. */
const addTimes = async (sql: Sql): Promise<void> => {
  const [index] = await sql.query(`SELECT to_regclass('casebook.projection_one_of_role') AS there`)
  if (index?.['there'] !== null) return
  await sql.query(`
    ALTER TABLE casebook.projection ADD COLUMN IF NOT EXISTS target int8, ADD COLUMN IF NOT EXISTS keep_until timestamptz;
    DROP INDEX IF EXISTS casebook.projection_roles;
    CREATE UNIQUE INDEX projection_one_of_role ON casebook.projection (name, role) WHERE role NOT IN ('old', 'as_of')`)
}

/** Asked first: to alter a table waits for every batch under way, also when there is nothing to alter. */
const addSources = async (sql: Sql): Promise<void> => {
  const there = await sql.query(
    `SELECT 1 FROM information_schema.columns WHERE table_schema = 'casebook' AND table_name = 'projection' AND column_name = 'source'`,
  )
  if (there.length > 0) return
  await sql.query(`ALTER TABLE casebook.projection ADD COLUMN source text NOT NULL DEFAULT 'log'`)
}

const migrateOne = async (sql: Sql, projection: Projection): Promise<void> => {
  const [live] = await sql.query(
    `SELECT version, generation FROM casebook.projection WHERE name = $1 AND role = 'live'`,
    [projection.name],
  )
  if (live === undefined) return createGeneration(sql, projection, 1, 'live')
  const version = Number(live['version'])
  const generation = Number(live['generation'])
  if (version === projection.version) {
    await sql.query(`SET LOCAL search_path TO ${schemaOf({ ...projection, generation })}`)
    await sql.query(`${projection.tables}; ${projection.indexes ?? ''}`)
    const views = await sql.query('SELECT viewname FROM pg_views WHERE schemaname = $1', [liveSchemaOf(projection)])
    const shown = new Set(views.map(({ viewname }) => viewname))
    if (!projection.tableNames.every((table) => shown.has(table))) await showGeneration(sql, projection, generation)
    return
  }
  // Older code beside newer tables, as in the middle of a deployment, reads them and leaves them alone.
  if (version < projection.version) await requestBuild(sql, projection, 'next')
}

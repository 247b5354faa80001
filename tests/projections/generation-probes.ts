// A projection of two tables whose filling beside the one that serves can be held up, broken and mended.
import type { Database, Sql } from '../../projections/database.ts'
import type { Projection } from '../../projections/projection.ts'

export interface Held extends Projection {
  /** Of what is being filled, after the entry; null lets it pass. */
  holdAfter: number | null
  /** The entry at which it is held up, or was. */
  heldAt: number | null
  /** What applying this entry throws, where it is being filled. */
  poison: number | null
}

export const isHeld = (projection: Projection): projection is Held => 'holdAfter' in projection

/** Each row of `one` and `two` says which schema it was written in, and how often it was. */
export const held = (name = 'held', version = 1): Held => {
  const extra = version === 1 ? '' : ', extra text NOT NULL'
  const projection: Held = {
    name,
    version,
    holdAfter: null,
    heldAt: null,
    poison: null,
    tableNames: ['one', 'two'],
    sessionColumn: {},
    tables: ['one', 'two']
      .map(
        (table) =>
          `CREATE TABLE IF NOT EXISTS ${table} (sequence int8 PRIMARY KEY, made text NOT NULL, times int4 NOT NULL${extra});`,
      )
      .join('\n'),
    apply: async (sql, entries) => {
      const [row] = await sql.query('SELECT current_schema() AS schema')
      const schema = String(row?.['schema'])
      for (const { sequence } of entries) {
        if (schema.includes('_g')) {
          if (sequence === projection.poison) throw new Error('it does not fit')
          while (projection.holdAfter !== null && sequence > projection.holdAfter) {
            projection.heldAt = sequence
            await sql.query('SELECT pg_sleep(0.02)')
          }
        }
        for (const table of projection.tableNames) {
          await sql.query(
            `INSERT INTO ${table} VALUES ($1, $2, 1${version === 1 ? '' : ", 'more'"})
             ON CONFLICT (sequence) DO UPDATE SET times = ${table}.times + 1`,
            [sequence, schema],
          )
        }
      }
    },
  }
  return projection
}

export interface Seen {
  readonly rows: number
  /** Whose other half was written in another schema, or is not there. */
  readonly mixed: number
  /** Applied more than once. */
  readonly repeated: number
}

/** One statement over both tables, as queries find them. */
export const seen = async (sql: Sql, name = 'held'): Promise<Seen> => {
  const [row] = await sql.query(
    `SELECT count(*)::int4 AS rows, count(*) FILTER (WHERE one.made IS DISTINCT FROM two.made)::int4 AS mixed,
       count(*) FILTER (WHERE one.times <> 1 OR two.times <> 1)::int4 AS repeated
     FROM ${name}_live.one AS one FULL JOIN ${name}_live.two AS two USING (sequence)`,
  )
  return { rows: Number(row?.['rows']), mixed: Number(row?.['mixed']), repeated: Number(row?.['repeated']) }
}

/** Schemas of generations but for the first. */
export const generationSchemas = async (database: Database): Promise<readonly string[]> => {
  const rows = await database.query(`SELECT nspname FROM pg_namespace WHERE nspname ~ '_g[0-9]+$' ORDER BY nspname`)
  return rows.map(({ nspname }) => String(nspname))
}

// Empties a read model so that its runner fills it again from the log's beginning; its progress is its checkpoint.
import type { Database } from './database.ts'
import { type Projection, schemaOf } from './projection.ts'

/** Interrupted at any point it is either not begun or goes on by itself: reset and emptied are one transaction. */
export const resetProjection = (database: Database, projection: Projection): Promise<void> =>
  database.transaction(async (sql) => {
    // The row first, as every batch does: a batch under way lands before, and one read before fails its compare-and-set.
    await sql.query(
      `UPDATE casebook.projection SET position = 0, epoch = '', state = 'starting', failure = NULL, updated_at = now()
       WHERE name = $1 AND version = $2`,
      [projection.name, projection.version],
    )
    const tables = projection.tableNames.map((table) => `${schemaOf(projection)}.${table}`)
    await sql.query(`TRUNCATE ${tables.join(', ')}`)
  })

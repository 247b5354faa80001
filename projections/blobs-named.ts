// Which blobs other sessions name, by the copy of the log: what may not go when one of them is erased.
import { z } from 'zod'
import { auditProjection } from './audit.ts'
import type { Sql } from './database.ts'
import { liveSchemaOf } from './projection.ts'

const found = z.object({ hash: z.string() })

/** To be asked when the copy has caught up with the log. */
export const blobsNamedElsewhere = async (
  sql: Sql,
  hashes: readonly string[],
  subject: string,
): Promise<ReadonlySet<string>> => {
  const rows = await sql.query(
    `SELECT hash FROM unnest($1::text[]) AS asked (hash)
     WHERE EXISTS (SELECT FROM ${liveSchemaOf(auditProjection)}.commits
       WHERE subject <> $2 AND position(asked.hash in payload) > 0)`,
    [hashes, subject],
  )
  return new Set(rows.map((row) => found.parse(row).hash))
}

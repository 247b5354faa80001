// The second copy in Postgres as a copy to restore the log from.
import { z } from 'zod'
import { auditProjection } from './audit.ts'
import { readCheckpoint } from './checkpoints.ts'
import type { Sql } from './database.ts'
import type { LogCopy, StoredCommit } from './log-copy.ts'
import { liveSchemaOf } from './projection.ts'

const row = z.object({
  sequence: z.int(),
  subject: z.string(),
  headers: z.record(z.string(), z.string()),
  payload: z.string(),
})

const maxBatch = 1_000

export const openPostgresCopy = async (sql: Sql): Promise<LogCopy> => {
  const { epoch, position } = await readCheckpoint(sql, auditProjection)
  return { name: 'postgres', epoch, upTo: position, read: () => readCopy(sql, position) }
}

async function* readCopy(sql: Sql, upTo: number): AsyncGenerator<readonly StoredCommit[]> {
  for (let after = 0; after < upTo; ) {
    const rows = await sql.query(
      `SELECT sequence, subject, headers, payload FROM ${liveSchemaOf(auditProjection)}.commits
       WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`,
      [after, upTo, maxBatch],
    )
    const batch = rows.map((each) => row.parse(each))
    const last = batch.at(-1)
    if (last === undefined) return
    yield batch
    after = last.sequence
  }
}

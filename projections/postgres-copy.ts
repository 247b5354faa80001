// The second copy in Postgres as a copy to restore the log from: its rows, and behind them what strict mode has written down.
import { auditProjection } from './audit.ts'
import { readCheckpoint } from './checkpoints.ts'
import type { Sql } from './database.ts'
import { groupsTable, journalProjection, messagesOfGroup } from './journal.ts'
import { type LogCopy, type StoredCommit, storedCommit } from './log-copy.ts'
import { liveSchemaOf } from './projection.ts'

const maxBatch = 1_000

/** Of which log the copy is, and how far it goes. */
export const extentOfCopy = async (sql: Sql): Promise<Pick<LogCopy, 'epoch' | 'upTo'>> => {
  const rows = await readCheckpoint(sql, auditProjection)
  const journal = await readCheckpoint(sql, journalProjection)
  const goesOn = journal.position > rows.position && (rows.epoch === journal.epoch || rows.epoch === '')
  const { epoch, position } = goesOn ? journal : rows
  return { epoch, upTo: position }
}

export const openPostgresCopy = async (sql: Sql): Promise<LogCopy> => {
  const { epoch, upTo } = await extentOfCopy(sql)
  return { name: 'postgres', epoch, upTo, read: () => readCopy(sql, upTo) }
}

async function* readCopy(sql: Sql, upTo: number): AsyncGenerator<readonly StoredCommit[]> {
  for (let after = 0; after < upTo; ) {
    const batch = await readBatch(sql, after, upTo)
    const last = batch.at(-1)
    if (last === undefined) return
    yield batch
    after = last.sequence
  }
}

/** In one statement, since a group may become rows at any moment. */
const readBatch = async (sql: Sql, after: number, upTo: number): Promise<readonly StoredCommit[]> => {
  const found = await sql.query(
    `WITH copied AS (
       SELECT sequence, subject, headers, payload FROM ${liveSchemaOf(auditProjection)}.commits
       WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3
     )
     SELECT sequence, subject, headers, payload, NULL AS messages FROM copied
     UNION ALL (
       SELECT NULL, NULL, NULL, NULL, messages FROM ${groupsTable}
       WHERE last > $1 AND NOT EXISTS (SELECT FROM copied) ORDER BY last LIMIT 1
     )
     ORDER BY sequence`,
    [after, upTo, maxBatch],
  )
  return found
    .flatMap((each) => (each['messages'] === null ? [storedCommit.parse(each)] : messagesOfGroup(each)))
    .filter(({ sequence }) => sequence > after && sequence <= upTo)
}

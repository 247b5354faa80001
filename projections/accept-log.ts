// The one way in which read models go on over a log that was written back: recorded, and only where it holds what they have seen.
import { auditProjection } from './audit.ts'
import { type Checkpoint, readCheckpoints } from './checkpoints.ts'
import type { Database, Sql } from './database.ts'
import { createGeneration, nextGeneration, removeGenerations } from './generations.ts'
import { journalProjection } from './journal.ts'
import type { LogCopy } from './log-copy.ts'
import type { LogHead } from './log-reader.ts'
import { extentOfCopy } from './postgres-copy.ts'
import type { Projection } from './projection.ts'
import { CopyBehindDatabase } from './projection-errors.ts'

export interface AcceptedLog {
  /** Projections that go on where they stood. */
  readonly kept: readonly string[]
  /** Projections that had seen what is lost, or another log: they are filled anew from the start. */
  readonly emptied: readonly string[]
}

/**
 * To be asked before a log is written back from the copy: what the second copy holds beyond it would be lost for good.
 * @throws CopyBehindDatabase.
 */
export const assertHoldsSecondCopy = async (sql: Sql, { name, epoch, upTo }: LogCopy): Promise<void> => {
  const stored = await extentOfCopy(sql)
  if (stored.upTo === 0) return
  if (stored.epoch !== epoch || stored.upTo > upTo) throw new CopyBehindDatabase(name, upTo, stored.upTo)
}

/** What was being filled or compared is given up; a new version is asked for again at the next start. */
export const acceptLog = (
  database: Database,
  projections: readonly Projection[],
  copy: Pick<LogCopy, 'name' | 'epoch'>,
  head: LogHead,
  commits: number,
): Promise<AcceptedLog> =>
  database.transaction(async (sql) => {
    await sql.query('LOCK TABLE casebook.projection IN EXCLUSIVE MODE')
    const fits = ({ epoch, position }: Checkpoint): boolean =>
      epoch === '' || ((epoch === copy.epoch || epoch === head.epoch) && position <= head.sequence)
    const kept: string[] = []
    const emptied: string[] = []
    const all = [...projections, journalProjection]
    for (const checkpoint of await readCheckpoints(sql, all)) {
      const { name } = checkpoint
      await removeGenerations(sql, name, ['next', 'shadow', 'as_of'])
      // Without the rows that it goes on from, the journal is a copy with a hole. `audit` comes first by name.
      const alone = name === journalProjection.name && emptied.includes(auditProjection.name)
      if (fits(checkpoint) && !alone) {
        await goOn(sql, name, head.epoch)
        kept.push(name)
        continue
      }
      const projection = all.find((each) => each.name === name)
      if (projection === undefined) continue
      await removeGenerations(sql, name, ['live'])
      await createGeneration(sql, projection, await nextGeneration(sql), 'live')
      emptied.push(name)
    }
    await sql.query(
      `INSERT INTO casebook.restoration (source, was, epoch, position, commits, emptied)
       VALUES ($1, $2, $3, $4, $5, string_to_array($6, ','))`,
      [copy.name, copy.epoch, head.epoch, head.sequence, commits, emptied.join(',')],
    )
    return { kept, emptied }
  })

/** A pause for the log that was lost ends with it. */
const goOn = async (sql: Sql, name: string, epoch: string): Promise<void> => {
  await sql.query(
    `UPDATE casebook.projection SET epoch = $2, updated_at = now() WHERE name = $1 AND role = 'live' AND epoch <> ''`,
    [name, epoch],
  )
  await sql.query(
    `UPDATE casebook.projection SET state = 'starting', failure = NULL
     WHERE name = $1 AND role = 'live' AND state = 'paused'
       AND failure->>'code' IN ('log_recreated', 'log_behind_checkpoint')`,
    [name],
  )
}

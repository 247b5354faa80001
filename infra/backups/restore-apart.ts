// Keys and tombstones brought back with a log that is older than they are: who was forgotten stays so, and what was erased is erased again.
import { createReadStream } from 'node:fs'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Sql } from '../../projections/database.ts'
import { type ApartLine, apartFormat, apartLine } from '../../schemas/apart-line.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { createAcknowledgedPublish } from '../jetstream/acknowledged-publish.ts'
import { messagesOf } from '../jetstream/messages-of.ts'
import { RestoreBrokenOff } from '../jetstream/restore-errors.ts'
import { linesOf } from '../lines-of.ts'
import { BackupUnusable } from './backup-errors.ts'

/** All of it is checked. @throws BackupUnusable. */
export const openApart = async (path: string): Promise<readonly ApartLine[]> => {
  const lines: ApartLine[] = []
  for await (const text of linesOf(createReadStream(path, { encoding: 'utf8' }))) {
    const parsed = apartLine.safeParse(jsonOf(text))
    if (!parsed.success) throw new BackupUnusable(path, `line ${lines.length + 1} is none of keys and tombstones`)
    lines.push(parsed.data)
  }
  const [first] = lines
  const end = lines.at(-1)
  if (first?.kind !== 'casebook_keys') throw new BackupUnusable(path, 'it does not begin as keys and tombstones do')
  if (first.format > apartFormat)
    throw new BackupUnusable(path, `its format ${first.format} is newer than this Casebook`)
  if (end?.kind !== 'end' || end.lines !== lines.length - 1) throw new BackupUnusable(path, 'its end is missing')
  return lines
}

/** A key that was destroyed here stays destroyed. @throws DatabaseUnavailable. */
export const restoreKeys = async (sql: Sql, lines: readonly ApartLine[]): Promise<void> => {
  for (const line of lines) {
    if (line.kind !== 'person_key') continue
    await sql.query(
      `INSERT INTO casebook.person_key (org, person, who, key, destroyed_at)
       VALUES ($1, $2, $3, decode($4, 'base64'), CASE WHEN $4::text IS NULL THEN now() END)
       ON CONFLICT (org, person) DO UPDATE SET key = NULL, who = NULL, destroyed_at = now() WHERE EXCLUDED.key IS NULL`,
      [line.org, line.person, line.who, line.key],
    )
  }
}

/**
 * To be done while the log is marked as unfinished: behind all it holds, a tombstone of each session that it does not know as erased.
 * The janitor takes them up at the next start. @throws RestoreBrokenOff.
 */
export const restoreTombstones = async (connection: NatsConnection, lines: readonly ApartLine[]): Promise<void> => {
  const publish = createAcknowledgedPublish(connection)
  for (const line of lines) {
    if (line.kind !== 'tombstone' || (await holdsAny(connection, line.subject))) continue
    const headers = { ...line.headers, [commitHeaders.predecessor]: '0' }
    const ack = await publish(line.subject, line.payload, headers, 20_000)
    if (ack.kind !== 'stored') throw new RestoreBrokenOff(0, ack.kind === 'refused' ? ack.message : ack.reason)
  }
}

const holdsAny = async (connection: NatsConnection, subject: string): Promise<boolean> => {
  for await (const _ of messagesOf(connection, subject)) return true
  return false
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

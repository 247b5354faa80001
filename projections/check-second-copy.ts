// Whether the log still holds what was copied from it: the latest commits, and a sample of all.
import { z } from 'zod'
import { commitHeaders } from '../schemas/commit.ts'
import { auditProjection } from './audit.ts'
import { readCheckpoint } from './checkpoints.ts'
import type { Sql } from './database.ts'
import { groupsTable, messagesOfGroup } from './journal.ts'
import { liveSchemaOf } from './projection.ts'
import { LogDiffersFromCopy } from './projection-errors.ts'

/** A message of the log as it lies there. */
export interface StoredMessage {
  readonly subject: string
  readonly payload: string
  readonly hash: string
}

/** @returns null when there is none. @throws LogUnavailable. */
export type MessageAt = (sequence: number) => Promise<StoredMessage | null>

export interface SampleSize {
  /** Of the latest copied. */
  readonly window: number
  /** Of any. */
  readonly sample: number
}

const copied = z.object({
  sequence: z.int(),
  subject: z.string(),
  payload: z.string(),
  hash: z.string().nullable(),
})

/** @throws LogDiffersFromCopy, LogUnavailable, DatabaseUnavailable. */
export const checkSecondCopy = async (
  sql: Sql,
  messageAt: MessageAt,
  { window, sample }: SampleSize,
): Promise<void> => {
  const { position } = await readCheckpoint(sql, auditProjection)
  const anywhere = Array.from({ length: sample }, () => 1 + Math.floor(Math.random() * position))
  const rows = await readCopied(sql, position - window, anywhere)
  const journaled = await readJournaled(sql)
  const differing = await Promise.all(
    [...rows, ...journaled.slice(-window)].map(async ({ sequence, subject, payload, hash }) => {
      const stored = await messageAt(sequence)
      if (stored === null) return { sequence, what: 'is no longer there' }
      // What nobody could decode was copied without its hash.
      const same = stored.subject === subject && stored.payload === payload && stored.hash === (hash ?? stored.hash)
      return same ? null : { sequence, what: 'is another one' }
    }),
  )
  const first = differing.find((each) => each !== null)
  // Erased between the two looks: the copy goes before the log.
  if (first != null && (await isCopied(sql, first.sequence))) throw new LogDiffersFromCopy(first.sequence, first.what)
}

type Copied = z.infer<typeof copied>

const readCopied = async (sql: Sql, after: number, also: readonly number[]): Promise<readonly Copied[]> => {
  const rows = await sql.query(
    `SELECT sequence, subject, payload, hash FROM ${liveSchemaOf(auditProjection)}.commits
     WHERE sequence > $1 OR sequence = ANY($2::int8[]) ORDER BY sequence`,
    [after, also],
  )
  return rows.map((row) => copied.parse(row))
}

/** The latest that strict mode has written down, be they rows by now or not. */
const readJournaled = async (sql: Sql): Promise<readonly Copied[]> => {
  const groups = await sql.query(`SELECT messages FROM ${groupsTable} ORDER BY last DESC LIMIT 1`)
  return groups
    .flatMap(messagesOfGroup)
    .map((message) => ({ ...message, hash: message.headers[commitHeaders.hash] ?? null }))
}

const isCopied = async (sql: Sql, sequence: number): Promise<boolean> =>
  [...(await readCopied(sql, Number.MAX_SAFE_INTEGER, [sequence])), ...(await readJournaled(sql))].some(
    (each) => each.sequence === sequence,
  )

// Walks the hash chains of the log and of the second copy side by side, and names what does not fit.
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type LogSequence, startOfLog } from '../schemas/ids.ts'
import { blobsNamedIn } from '../schemas/named-blobs.ts'
import { auditProjection, auditRow } from './audit.ts'
import { heldBlobs, readBlobPlace } from './blob-copies.ts'
import type { Sql } from './database.ts'
import { type ChainedMessage, createChainCheck } from './hash-chain.ts'
import { type BadLogEntry, isBadEntry, type LogBatch, type LogEntry, type LogReader } from './log-reader.ts'
import { toJsonb } from './postgres-text.ts'
import { liveSchemaOf } from './projection.ts'

export interface AuditProblem {
  readonly kind:
    | 'changed'
    | 'missing_in_copy'
    | 'missing_in_log'
    | 'broken_chain'
    | 'undecodable'
    | 'text_missing_in_copy'
    | 'text_changed_in_copy'
    | 'changed_in_archive'
    | 'missing_in_archive'
    | 'added_in_archive'
    | 'reordered_in_archive'
  readonly sequence: number
  readonly subject: string
  readonly detail: string
}

export interface AuditReport {
  readonly ok: boolean
  /** Commits compared. */
  readonly checked: number
  /** Log sequence the check went up to: what both the log and the copy had reached. */
  readonly upTo: number
  /** The first twenty, in log order. */
  readonly problems: readonly AuditProblem[]
}

/** The columns are compared one by one, whatever they hold. */
const copied = z.looseObject({ sequence: z.int(), subject: z.string() })
type Copied = z.infer<typeof copied>

const maxProblems = 20
const maxBatch = 500

/**
 * `upTo` is what the copy has reached; `subject` narrows the check to one stream. A reordered commit shows as a broken
 * chain. Ends early with what it has when the signal fires.
 */
export const verifyAudit = async (
  sql: Sql,
  reader: LogReader,
  upTo: LogSequence,
  subject: string | null,
  signal: AbortSignal,
): Promise<AuditReport> => {
  const { sequence: head } = await reader.head()
  const end = Math.min(upTo, head)
  const problems: AuditProblem[] = []
  const brokenAt = createChainCheck()
  let erased = await erasedSubjects(sql)
  const { position: blobsCopied } = await readBlobPlace(sql)
  // Between its tombstone and its end an erased session is in one of the two: neither is a fault.
  const wanted = (each: { readonly subject: string }): boolean =>
    (subject === null || each.subject === subject) && !erased.has(each.subject)
  let checked = 0
  let position: number = startOfLog

  const compare = (
    entries: readonly (LogEntry | BadLogEntry)[],
    copies: Map<number, Copied>,
  ): readonly AuditProblem[] => {
    const own = entries.filter(wanted)
    checked += own.length
    const inLog = own.flatMap((entry) => [
      ...chainProblems(entry, brokenAt),
      ...copyProblems(entry, copies.get(entry.sequence)),
    ])
    for (const { sequence } of entries) copies.delete(sequence)
    return [...inLog, ...[...copies.values()].filter(wanted).map(missingInLog)]
  }

  const report = async (differing: readonly AuditProblem[]): Promise<void> => {
    if (differing.length === 0) return
    // What one side of them no longer had may have been erased since they were listed.
    erased = await erasedSubjects(sql)
    problems.push(...differing.filter(wanted))
  }

  const reading = new AbortController()
  const stop = AbortSignal.any([signal, reading.signal])
  if (end > 0) {
    for await (const batch of reader.follow(startOfLog, { maxBatch }, stop)) {
      const last = Math.min(batch.last, end)
      const entries = batch.entries.filter(({ sequence }) => sequence <= end)
      const differing = compare(entries, await copiesBetween(sql, position, last))
      const named = entries.filter((entry) => entry.sequence <= blobsCopied && wanted(entry))
      await report([...differing, ...(await blobProblems(sql, named))])
      position = last
      if (position >= end || problems.length >= maxProblems || signal.aborted) break
    }
    reading.abort()
  }
  // The log may end before its copy: restored from an older backup, or cut.
  if (problems.length < maxProblems && position >= end && upTo > end) {
    await report(compare([], await copiesBetween(sql, end, upTo, maxProblems)))
  }
  const found = problems.sort((a, b) => a.sequence - b.sequence).slice(0, maxProblems)
  return { ok: found.length === 0, checked, upTo: position, problems: found }
}

/** Subjects of sessions that have a tombstone. */
const erasedSubjects = async (sql: Sql): Promise<ReadonlySet<string>> => {
  const rows = await sql.query(
    `SELECT DISTINCT replace(subject, '.erasure.', '.session.') AS subject FROM ${liveSchemaOf(auditProjection)}.commits
     WHERE category = 'erasure'`,
  )
  return new Set(rows.map((row) => erasedSubject.parse(row).subject))
}
const erasedSubject = z.object({ subject: z.string() })

const copiesBetween = async (sql: Sql, after: number, to: number, limit?: number): Promise<Map<number, Copied>> => {
  const rows = await sql.query(
    `SELECT * FROM ${liveSchemaOf(auditProjection)}.commits
     WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`,
    [after, to, limit ?? null],
  )
  return new Map(rows.map((row) => copied.parse(row)).map((row) => [row.sequence, row]))
}

/** Once a commit; a blob that several name is named with each. */
const blobProblems = async (sql: Sql, entries: LogBatch['entries']): Promise<readonly AuditProblem[]> => {
  const named = entries.flatMap((entry) => blobsNamedIn(entry.payload).map(({ sha256 }) => ({ entry, sha256 })))
  const held = await heldBlobs(
    sql,
    named.map(({ sha256 }) => sha256),
  )
  return named.flatMap(({ entry, sha256 }) => {
    const sound = held.get(sha256)
    if (sound === true) return []
    return sound === undefined
      ? problemAt(entry, 'text_missing_in_copy', `the long text ${sha256} is not in the Postgres copy`)
      : problemAt(entry, 'text_changed_in_copy', `the long text ${sha256} in the Postgres copy is another one`)
  })
}

const problemAt = (
  { sequence, subject }: Pick<AuditProblem, 'sequence' | 'subject'>,
  kind: AuditProblem['kind'],
  detail: string,
): AuditProblem => ({ kind, sequence, subject, detail })

const chainProblems = (
  entry: LogEntry | BadLogEntry,
  brokenAt: (message: ChainedMessage) => string | null,
): readonly AuditProblem[] => {
  if (isBadEntry(entry)) return [problemAt(entry, 'undecodable', entry.error.message)]
  const broken = brokenAt(entry)
  return broken === null ? [] : [problemAt(entry, 'broken_chain', broken)]
}

const copyProblems = (entry: LogEntry | BadLogEntry, copy: Copied | undefined): readonly AuditProblem[] => {
  if (copy === undefined) return [problemAt(entry, 'missing_in_copy', 'it is in the log but not in the Postgres copy')]
  const { types: _, error, ...row } = auditRow(entry)
  // Which types are known, and what is said of what cannot be decoded, differ from build to build.
  const lasting = isBadEntry(entry) ? { subject: row.subject, payload: row.payload } : { ...row, error }
  const expected: object = JSON.parse(toJsonb(lasting))
  const different = Object.entries(expected).filter(
    ([column, value]) => !isDeepStrictEqual(lastingPart(column, copy[column]), lastingPart(column, value)),
  )
  if (different.length === 0) return []
  const columns = different.map(([column]) => column).join(', ')
  return [problemAt(entry, 'changed', `the log and the Postgres copy differ in: ${columns}`)]
}

/** What a writer expected of the server held for the moment of the append: a log that was written back may lack it. */
const lastingPart = (column: string, value: unknown): unknown =>
  column === 'headers' && typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('Nats-Expected-')))
    : value

const missingInLog = (copy: Copied): AuditProblem =>
  problemAt(copy, 'missing_in_log', 'it is in the Postgres copy but not in the log')

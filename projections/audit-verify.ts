// Walks the hash chains of the log and of the second copy side by side, and names the first thing that does not fit.

import { z } from 'zod'
import { commitHeaders } from '../schemas/commit.ts'
import { chainHash } from '../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import type { Sql } from './database.ts'
import { isBadEntry, type LogReader } from './log-reader.ts'

export interface AuditProblem {
  readonly kind: 'changed' | 'missing_in_copy' | 'missing_in_log' | 'broken_chain' | 'undecodable'
  readonly sequence: number
  readonly subject: string
  readonly detail: string
}

export interface AuditReport {
  readonly ok: boolean
  /** Commits compared. */
  readonly checked: number
  /** Log sequence the check went up to: what the copy had reached. */
  readonly upTo: number
  readonly problems: readonly AuditProblem[]
}

const copied = z.object({ sequence: z.int(), subject: z.string(), payload: z.string(), hash: z.string().nullable() })
const maxProblems = 20

/** `subject` narrows the check to one stream. */
export const verifyAudit = async (
  sql: Sql,
  reader: LogReader,
  upTo: LogSequence,
  subject: string | null,
  signal: AbortSignal,
): Promise<AuditReport> => {
  const problems: AuditProblem[] = []
  const hashes = new Map<string, string>()
  let checked = 0
  const wanted = (each: string): boolean => subject === null || each === subject

  const page = async (from: number, to: number): Promise<Map<number, z.infer<typeof copied>>> => {
    const rows = await sql.query(
      'SELECT sequence, subject, payload, hash FROM audit_v1.commits WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence',
      [from, to],
    )
    return new Map(rows.map((row) => copied.parse(row)).map((row) => [row.sequence, row]))
  }

  let position = logSequence.parse(0)
  const reading = new AbortController()
  if (upTo > 0) {
    for await (const batch of reader.follow(position, { maxBatch: 500 }, AbortSignal.any([signal, reading.signal]))) {
      const last = Math.min(batch.last, upTo)
      const copies = await page(position, last)
      for (const entry of batch.entries) {
        if (entry.sequence > upTo) break
        const copy = copies.get(entry.sequence)
        copies.delete(entry.sequence)
        if (!wanted(entry.subject)) continue
        checked++
        const { sequence } = entry
        const report = (kind: AuditProblem['kind'], detail: string): void => {
          problems.push({ kind, sequence, subject: entry.subject, detail })
        }
        if (isBadEntry(entry)) report('undecodable', entry.error.message)
        else {
          const expected = chainHash(hashes.get(entry.subject) ?? '', entry.payload)
          const stated = entry.headers[commitHeaders.hash] ?? ''
          if (stated !== expected) report('broken_chain', 'its hash does not follow from the commit before it')
          hashes.set(entry.subject, stated)
        }
        if (copy === undefined) report('missing_in_copy', 'it is in the log but not in the Postgres copy')
        else if (copy.payload !== entry.payload || copy.subject !== entry.subject) {
          report('changed', 'the log and the Postgres copy differ')
        }
      }
      for (const copy of copies.values()) {
        if (!wanted(copy.subject)) continue
        const detail = 'it is in the Postgres copy but not in the log'
        problems.push({ kind: 'missing_in_log', sequence: copy.sequence, subject: copy.subject, detail })
      }
      position = logSequence.parse(last)
      if (last >= upTo || problems.length >= maxProblems) break
    }
    reading.abort()
  }
  problems.sort((a, b) => a.sequence - b.sequence)
  return { ok: problems.length === 0, checked, upTo: position, problems: problems.slice(0, maxProblems) }
}

// Walks the log and the archive side by side in the log's order, and names what the archive does not hold as it was.
import { blobsIn } from '../schemas/blobs-in.ts'
import { startOfLog } from '../schemas/ids.ts'
import type { LogMessage } from '../schemas/log-message.ts'
import { ArchiveEmpty } from './archive-errors.ts'
import type { ArchiveItem, ArchiveReader } from './archive-reader.ts'
import type { AuditProblem, AuditReport } from './audit-verify.ts'
import { createChainCheck } from './hash-chain.ts'
import { type BadLogEntry, isBadEntry, type LogEntry, type LogReader } from './log-reader.ts'

const maxProblems = 20
const maxBatch = 500

export interface VerifyArchiveOptions {
  readonly reader: LogReader
  readonly archive: ArchiveReader
  /** Of the log's own store: what is not there is not asked of the archive either. */
  readonly holdsBlob: (sha256: string) => Promise<boolean>
  /** Narrows the check to one stream of the log. */
  readonly subject: string | null
}

/** The first twenty problems, in log order. @throws ArchiveEmpty, ArchiveUnavailable. */
export const verifyArchive = async (options: VerifyArchiveOptions, signal: AbortSignal): Promise<AuditReport> => {
  const { reader, archive, holdsBlob, subject } = options
  const place = await archive.head()
  if (place === null) throw new ArchiveEmpty()
  const head = await reader.head()
  const end = Math.min(head.sequence, place.sequence)
  const brokenAt = createChainCheck()
  const problems: AuditProblem[] = []
  /** Between its tombstone and its end an erased session may be in the log still. */
  const missing: AuditProblem[] = []
  const erased = new Set<string>()
  const add = (kind: AuditProblem['kind'], at: number, where: string, detail: string): void => {
    problems.push({ kind, sequence: at, subject: where, detail })
  }
  const full = (): boolean => problems.length >= maxProblems || signal.aborted
  let checked = 0

  const surplus = (item: ArchiveItem): void => {
    if (item.kind === 'odd') add(kinds[item.what], item.sequence, item.stream, `in the archive, ${item.detail}`)
    else if (item.message.sequence <= end) {
      // What is beyond was mirrored since this began.
      add('added_in_archive', item.message.sequence, item.message.subject, 'it is in the archive but not in the log')
    }
  }

  const compare = async (entry: LogEntry | BadLogEntry, message: LogMessage): Promise<void> => {
    const { sequence, subject: where } = entry
    const headers = entry.headers ?? {}
    const different = [
      ...(message.subject === where ? [] : ['subject']),
      ...(message.payload === entry.payload ? [] : ['payload']),
      ...[...new Set([...Object.keys(headers), ...Object.keys(message.headers)])].filter(
        (name) => headers[name] !== message.headers[name],
      ),
    ]
    if (different.length > 0) {
      add('changed_in_archive', sequence, where, `the log and the archive differ in: ${different.join(', ')}`)
    }
    for (const { sha256 } of isBadEntry(entry) ? [] : blobsIn(entry.commit.events.map(({ data }) => data))) {
      if ((await archive.blob(sha256)) === null && (await holdsBlob(sha256))) {
        add('missing_in_archive', sequence, where, `blob ${sha256}, which it refers to, is not whole in the archive`)
      }
    }
  }

  const reading = new AbortController()
  const stop = AbortSignal.any([signal, reading.signal])
  const items = archive.items(stop)[Symbol.asyncIterator]()
  let waiting: ArchiveItem | null = null
  const next = async (): Promise<ArchiveItem | null> => {
    if (waiting !== null) return waiting
    const found = await items.next()
    waiting = found.done === true ? null : found.value
    return waiting
  }
  const take = async (entry: LogEntry | BadLogEntry): Promise<void> => {
    for (let item = await next(); item !== null && sequenceOf(item) < entry.sequence; item = await next()) {
      waiting = null
      if (isOf(subject, item)) surplus(item)
    }
    if (subject !== null && entry.subject !== subject) return
    checked++
    if (entry.subject.includes('.erasure.')) erased.add(entry.subject.replace('.erasure.', '.session.'))
    const broken = isBadEntry(entry) ? null : brokenAt(entry)
    if (broken !== null) add('broken_chain', entry.sequence, entry.subject, broken)
    const item = await next()
    if (item === null || sequenceOf(item) !== entry.sequence) {
      const detail = 'it is in the log but not in the archive'
      missing.push({ kind: 'missing_in_archive', sequence: entry.sequence, subject: entry.subject, detail })
      return
    }
    waiting = null
    if (item.kind === 'odd') surplus(item)
    else await compare(entry, item.message)
  }

  try {
    if (end > 0) {
      for await (const { entries, last } of reader.follow(startOfLog, { maxBatch }, stop)) {
        for (const entry of entries) if (entry.sequence <= end && !full()) await take(entry)
        if (last >= end || full()) break
      }
    }
    for (let item = await next(); item !== null && !full(); item = await next()) {
      waiting = null
      if (isOf(subject, item)) surplus(item)
    }
  } finally {
    reading.abort()
    await items.return?.()
  }
  // The log may end before its archive: cut, or restored from an older backup.
  if (place.sequence > head.sequence && !full()) {
    add(
      'missing_in_log',
      place.sequence,
      '',
      `the archive goes up to ${place.sequence}, and the log up to ${head.sequence}`,
    )
  }
  const found = [...problems, ...missing.filter(({ subject: where }) => !erased.has(where))]
    .sort((a, b) => a.sequence - b.sequence)
    .slice(0, maxProblems)
  return { ok: found.length === 0, checked, upTo: end, problems: found }
}

const kinds = { changed: 'changed_in_archive', added: 'added_in_archive', reordered: 'reordered_in_archive' } as const

const sequenceOf = (item: ArchiveItem): number => (item.kind === 'message' ? item.message.sequence : item.sequence)

const isOf = (subject: string | null, item: ArchiveItem): boolean => {
  if (subject === null) return true
  return item.kind === 'odd' ? item.stream.endsWith(subject.split('.').at(-1) ?? '') : item.message.subject === subject
}

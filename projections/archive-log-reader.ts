// The log as its archive holds it: what is mirrored is read from there and its chains are walked, the rest from the log itself.
import { ArchiveOfAnotherLog } from '../schemas/archive-of-another-log.ts'
import type { StreamId } from '../schemas/commit.ts'
import { decodeCommit } from '../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../schemas/ids.ts'
import { openArchiveCopy } from './archive-copy.ts'
import { ArchiveDamaged } from './archive-errors.ts'
import type { ArchiveReader } from './archive-reader.ts'
import { createChainCheck } from './hash-chain.ts'
import type { StoredCommit } from './log-copy.ts'
import type { BadLogEntry, LogEntry, LogReader } from './log-reader.ts'

export interface ArchiveLogReaderOptions {
  readonly archive: ArchiveReader
  readonly log: LogReader
  /** What a subject of the log names; null for none. */
  readonly streamOf: (subject: string) => StreamId | null
}

/**
 * For one who reads once from some position to the end: once the archive is read, it goes on with the log, also when asked
 * again. Following @throws ArchiveEmpty, ArchiveDamaged, ArchiveOfAnotherLog, ArchiveUnavailable.
 */
export const createArchiveLogReader = ({ archive, log, streamOf }: ArchiveLogReaderOptions): LogReader => {
  let readUpTo = logSequence.parse(0)

  async function* archived(after: LogSequence, signal: AbortSignal) {
    const copy = await openArchiveCopy(archive)
    if (copy.epoch !== (await log.head()).epoch) throw new ArchiveOfAnotherLog()
    const brokenAt = createChainCheck()
    for await (const messages of copy.read()) {
      if (signal.aborted) return
      for (const message of messages) {
        const broken = brokenAt(message)
        if (broken !== null) throw new ArchiveDamaged(message.sequence, message.subject, broken)
      }
      const entries = messages.filter(({ sequence }) => sequence > after).map((message) => entryOf(message, streamOf))
      const last = entries.at(-1)?.sequence
      if (last !== undefined) yield { entries, last }
    }
    readUpTo = logSequence.parse(copy.upTo)
    if (readUpTo > after) yield { entries: [], last: readUpTo }
  }

  return {
    head: log.head,
    async *follow(after, options, signal) {
      if (readUpTo === 0) yield* archived(after, signal)
      if (!signal.aborted) yield* log.follow(after > readUpTo ? after : readUpTo, options, signal)
    },
  }
}

const entryOf = (message: StoredCommit, streamOf: (subject: string) => StreamId | null): LogEntry | BadLogEntry => {
  const { subject, payload, headers } = message
  const sequence = logSequence.parse(message.sequence)
  try {
    const stream = streamOf(subject)
    if (stream === null) throw new Error('the subject names no stream')
    const commit = decodeCommit(stream, sequence, payload, (name) => headers[name] ?? '')
    return { sequence, commit, subject, payload, headers, bytes: Buffer.byteLength(payload) }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { sequence, subject, payload, headers, error: { code: 'corrupt_commit', message: text } }
  }
}

// The log in memory: passes the same contract as JetStream's, for tests and benches that need no server.
import type { AppendOutcome, EventLog } from '../../commands/event-log.ts'
import { CommitTooLarge } from '../../commands/log-errors.ts'
import type { LogEntry, LogReader } from '../../projections/log-reader.ts'
import { type Commit, maxCommitBytes, type StreamId } from '../../schemas/commit.ts'
import { commitOf, encodeCommit } from '../../schemas/commit-codec.ts'
import { logSequence } from '../../schemas/ids.ts'

export interface MemoryEventLog extends EventLog, LogReader {
  readonly entries: readonly LogEntry[]
  /** Called with each commit as it lands, in order. */
  subscribe(listener: (commit: Commit) => void): () => void
}

const keyOf = (stream: StreamId): string => `casebook.events.${stream.org}.${stream.category}.${stream.id}`

export const createMemoryEventLog = (): MemoryEventLog => {
  const entries: LogEntry[] = []
  const byCommand = new Map<string, number>()
  const byStream = new Map<string, LogEntry[]>()
  const listeners = new Set<(commit: Commit) => void>()
  const epoch = new Date().toISOString()

  const append: EventLog['append'] = (stream, expected, draft): Promise<AppendOutcome> => {
    const encoded = encodeCommit(stream, expected, draft)
    const bytes = Buffer.byteLength(encoded.payload)
    const subject = keyOf(stream)
    if (bytes > maxCommitBytes) return Promise.reject(new CommitTooLarge(subject, bytes, maxCommitBytes))
    const earlier = byCommand.get(draft.commandId)
    if (earlier !== undefined) return Promise.resolve({ kind: 'duplicate', sequence: logSequence.parse(earlier) })
    const own = byStream.get(subject) ?? []
    if ((own.at(-1)?.sequence ?? 0) !== expected.sequence) return Promise.resolve({ kind: 'conflict' })

    const sequence = logSequence.parse(entries.length + 1)
    const commit = commitOf(stream, sequence, draft, encoded)
    const entry = { sequence, commit, subject, payload: encoded.payload, headers: encoded.headers, bytes }
    entries.push(entry)
    byStream.set(subject, [...own, entry])
    byCommand.set(draft.commandId, sequence)
    for (const listener of listeners) listener(commit)
    return Promise.resolve({ kind: 'appended', commit, bytes })
  }

  const subscribe = (listener: (commit: Commit) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    entries,
    append,
    subscribe,
    read: (stream, after) =>
      Promise.resolve(
        (byStream.get(keyOf(stream)) ?? [])
          .filter(({ sequence }) => sequence > after.sequence)
          .map(({ commit }) => commit),
      ),
    head: () => Promise.resolve({ sequence: logSequence.parse(entries.length), epoch }),
    async *follow(after, { maxBatch }, signal) {
      let position: number = after
      while (!signal.aborted) {
        const batch = entries.slice(position, position + maxBatch)
        if (batch.length > 0) {
          position += batch.length
          yield { entries: batch, last: logSequence.parse(position) }
          continue
        }
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            stop()
            signal.removeEventListener('abort', wake)
            resolve()
          }
          const stop = subscribe(wake)
          signal.addEventListener('abort', wake, { once: true })
        })
      }
    },
  }
}

// Sends one commit until the log says what became of it; no answer that another server may give differently is believed unproven.
import { setTimeout as delay } from 'node:timers/promises'
import type { StoredMsg } from '@nats-io/jetstream'
import type { AppendOutcome, StreamPosition } from '../../commands/event-log.ts'
import { AppendRefused, CommitTooLarge, LogFull, LogUnavailable } from '../../commands/log-errors.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { type Commit, commitHeaders, maxCommitBytes } from '../../schemas/commit.ts'
import type { EncodedCommit } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import type { AcknowledgedPublish, Acknowledgement } from './acknowledged-publish.ts'
import type { MessageHeaders } from './message-headers.ts'

export interface Publishing {
  readonly publish: AcknowledgedPublish
  /** From the leader; null where there is none. */
  readonly messageAt: (query: Query) => Promise<Pick<StoredMsg, 'seq' | 'subject' | 'header'> | null>
  readonly timeoutMs: number
}

export interface SentCommit {
  readonly subject: string
  readonly expected: StreamPosition
  readonly encoded: EncodedCommit
  /** The payload as it is sent. */
  readonly body: Uint8Array
  readonly at: (sequence: LogSequence) => Commit
}

/** nats-server's error codes, from its errors.json; messages are never compared. */
const codes = {
  wrongLastSequence: 10071,
  /** 2.11+: another write to the subject is in flight. */
  wrongLastSequenceUnknown: 10164,
  duplicateInProcess: 10158,
  storeFailed: 10077,
  insufficientResources: 10023,
  messageTooLarge: 10054,
} as const

/** @throws LogUnavailable when the deadline passes first; LogFull, CommitTooLarge, AppendRefused. */
export const appendUntilKnown = async (
  { publish, messageAt, timeoutMs }: Publishing,
  commit: SentCommit,
  deadline: number,
  onStored?: (entry: LogEntry) => void,
): Promise<AppendOutcome> => {
  const { subject, encoded, body } = commit
  const bytes = body.length
  let headers: MessageHeaders = { ...encoded.headers, [commitHeaders.predecessor]: String(commit.expected.sequence) }
  const appended = (sequence: number): AppendOutcome => {
    const stored = commit.at(logSequence.parse(sequence))
    onStored?.({
      sequence: stored.sequence,
      commit: stored,
      subject,
      payload: encoded.payload,
      headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
      bytes,
    })
    return { kind: 'appended', commit: stored, bytes }
  }
  const find = (query: Query) => findStored(messageAt, query, subject, encoded.hash, headers[commitHeaders.commandId])

  for (let attempt = 0; ; attempt++) {
    const ack = await publish(subject, body, headers, timeoutMs)
    if (ack.kind === 'stored') {
      if (!ack.duplicate) return appended(ack.sequence)
      const { kind } = ack.sequence === 0 ? notStored : await find({ seq: ack.sequence })
      if (kind === 'ours' && attempt > 0) return appended(ack.sequence)
      if (kind === 'ours' || kind === 'same id' || kind === 'erased') {
        return { kind: 'duplicate', sequence: logSequence.parse(ack.sequence) }
      }
      if (kind === 'other') headers = { ...headers, [commitHeaders.commandId]: ownId(encoded) }
    }
    if (ack.kind === 'refused') {
      switch (ack.code) {
        case codes.wrongLastSequence: {
          if (attempt === 0) return { kind: 'conflict' }
          // Newer servers look at the position before the id: what stands in our way may be our own unanswered write.
          const last = await find({ last_by_subj: subject })
          if (last.kind === 'ours') return appended(last.sequence)
          if (last.kind !== 'unknown') return { kind: 'conflict' }
          break
        }
        case codes.wrongLastSequenceUnknown:
          // What is in flight may be what we sent before: once it is stored, the answer is another.
          if (attempt > 0) break
          await delay(2 + Math.random() * 8)
          return { kind: 'conflict' }
        case codes.storeFailed:
        case codes.insufficientResources:
          throw new LogFull(ack.message)
        case codes.messageTooLarge:
          throw new CommitTooLarge(subject, bytes, maxCommitBytes)
        case codes.duplicateInProcess:
          if (attempt > 1) headers = { ...headers, [commitHeaders.commandId]: ownId(encoded) }
          break
        default:
          if (ack.status < 500) throw new AppendRefused(subject, ack.code, ack.message)
      }
    }
    // The outcome is unknown. The same position makes asking again safe, whatever the id.
    if (performance.now() >= deadline) {
      throw new LogUnavailable(`appending to ${subject}`, { cause: new Error(reasonOf(ack)) })
    }
    await delay(Math.min(1_000, 20 * 2 ** attempt))
  }
}

/**
 * In a cluster of 2.10, an append that lost its race uses up its id: sent again, it is answered as a repetition of message
 * 0, and nothing is stored for as long as the server remembers ids. The id of the very commit is used up by nobody else.
 */
const ownId = ({ headers, hash }: EncodedCommit): string => `${headers[commitHeaders.commandId]}~${hash.slice(0, 16)}`

type Query = { readonly seq: number } | { readonly last_by_subj: string }

type Found =
  | { readonly kind: 'ours'; readonly sequence: number }
  /** The same command, decided by another process or at another time. */
  | { readonly kind: 'same id' }
  /** The message is gone: only an erasure takes one away. */
  | { readonly kind: 'erased' }
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown' }

const notStored: Found = { kind: 'other' }

/** What the leader holds there. Taking for ours what is not would break the chain we go on from. */
const findStored = async (
  messageAt: Publishing['messageAt'],
  query: Query,
  subject: string,
  hash: string,
  id: string | undefined,
): Promise<Found> => {
  try {
    const stored = await messageAt(query)
    if (stored === null) return { kind: 'erased' }
    if (stored.subject === subject && stored.header.get(commitHeaders.hash) === hash) {
      return { kind: 'ours', sequence: stored.seq }
    }
    return { kind: stored.header.get(commitHeaders.commandId) === id ? 'same id' : 'other' }
  } catch {
    return { kind: 'unknown' }
  }
}

const reasonOf = (ack: Acknowledgement): string => {
  switch (ack.kind) {
    case 'unknown':
      return ack.reason
    case 'refused':
      return ack.message
    case 'stored':
      return `the server takes it for a repetition of message ${ack.sequence}, which could not be confirmed`
  }
}

// The commit: all events of one command on one stream, stored as one JetStream message (a CloudEvents batch).
import { z } from 'zod'
import type { Actor } from './actor.ts'
import { actor } from './actor.ts'
import type { DomainEvent } from './events.ts'
import type { CommandId, CorrelationId, LogSequence, OrgId, StreamVersion } from './ids.ts'

export const streamCategory = z.enum([
  'session',
  'alert',
  'task',
  'definition',
  'access',
  'ledger',
  'erasure',
  'person',
])
export type StreamCategory = z.infer<typeof streamCategory>

/** A stream is one aggregate of one org; its subject is `casebook.events.<org>.<category>.<id>`. */
export interface StreamId {
  readonly org: OrgId
  readonly category: StreamCategory
  readonly id: string
}

/** What every event of a commit carries beside its data. */
export interface EventMetadata {
  readonly at: string
  readonly actor: Actor
  readonly correlationId: CorrelationId
  /** The id of the event or command that led to this one. */
  readonly causationId: string
  readonly traceparent?: string | undefined
}

/**
 * An event of a type this build does not know (written by a newer one): kept and shown, never folded.
 * `data` is whatever was stored.
 */
export interface UnknownEvent {
  readonly type: 'unknown'
  readonly storedType: string
  readonly data: unknown
}

export type RecordedEvent = (DomainEvent | UnknownEvent) & {
  /** `<commandId>.<index>`: the CloudEvents id. */
  readonly id: string
  /** 1-based in its stream. */
  readonly version: StreamVersion
}

/** What is handed to the log. */
export interface CommitDraft extends EventMetadata {
  readonly commandId: CommandId
  /** SHA-256 of the command's data, so that the same id with another body is refused. */
  readonly bodyHash: string
  readonly events: readonly DomainEvent[]
}

/** What the log gives back: also the unit handlers, projections and live streams receive. */
export interface Commit extends EventMetadata {
  readonly stream: StreamId
  readonly sequence: LogSequence
  readonly commandId: CommandId
  readonly bodyHash: string
  readonly events: readonly RecordedEvent[]
  /** Version of the stream after the last event. */
  readonly version: StreamVersion
  /** SHA-256 over the previous hash of the stream and the payload; hex. */
  readonly hash: string
  /** What a fork shares with its source, under the fork's own ids: set by who loads it, on the first commit, and never stored. */
  readonly inherited?: readonly Commit[]
}

/** The commit, after what it shares with another stream. */
export const withShared = (commit: Commit): readonly Commit[] => [...(commit.inherited ?? []), commit]

/**
 * One event, as CloudEvents 1.0 JSON. Unknown attributes are let through: newer builds may add some. How little of it is
 * stored: see stored-batch.ts.
 */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  /** Not stored since 0032: without it, data is JSON. */
  datacontenttype: z.literal('application/json').default('application/json'),
  dataschema: z.string().optional(),
  /** Version in its stream, zero-padded to 10 so that it sorts as text. */
  sequence: z.string().regex(/^\d{10}$/),
  correlationid: z.string(),
  causationid: z.string(),
  authtype: actor.shape.kind,
  authid: z.string(),
  traceparent: z.string().optional(),
  data: z.unknown(),
})
export type CloudEvent = Readonly<z.infer<typeof cloudEvent>>

export const cloudEventBatch = z.array(cloudEvent).min(1)

/** Headers of a stored commit. Names are matched as written here. */
export const commitHeaders = {
  commandId: 'Nats-Msg-Id',
  /** Log sequence of the commit before it on its stream, 0 for the first: the server takes no other. */
  predecessor: 'Nats-Expected-Last-Subject-Sequence',
  types: 'Casebook-Types',
  hash: 'Casebook-Hash',
  bodyHash: 'Casebook-Body',
  traceparent: 'traceparent',
  /** Of commits of before 0032 alone. */
  contentType: 'Content-Type',
  /** Brought from another log: handlers leave it alone, for what it asks for was done there. */
  imported: 'Casebook-Imported',
} as const

export const batchContentType = 'application/cloudevents-batch+json'

/** A commit larger than this is refused before it is sent; the stream has the same limit. */
export const maxCommitBytes = 512 * 1024

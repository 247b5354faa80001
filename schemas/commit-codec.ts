// A commit on the wire and back: the only place that knows how events lie in the log.
import { hash as digest } from 'node:crypto'
import { z } from 'zod'
import {
  type CloudEvent,
  type Commit,
  type CommitDraft,
  cloudEventBatch,
  commitHeaders,
  type RecordedEvent,
  type StreamId,
} from './commit.ts'
import { MalformedCommit } from './event-reader.ts'
import { type DomainEvent, storedType } from './events.ts'
import { commandId, correlationId, type LogSequence, logSequence, type StreamVersion, streamVersion } from './ids.ts'
import { recordedEvent } from './parse-event.ts'
import { storedBatch, wholeEvents } from './stored-batch.ts'

export interface EncodedCommit {
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
  readonly hash: string
  readonly version: StreamVersion
}

/** Hex SHA-256 over the previous hash of the stream (hex text; empty at the start) and the payload. */
export const chainHash = (previous: string, payload: string): string => digest('sha256', previous + payload, 'hex')

export const encodeCommit = (
  stream: StreamId,
  after: { readonly version: number; readonly hash: string },
  draft: CommitDraft,
): EncodedCommit => {
  const { commandId: id, actor, at } = draft
  const shared = {
    specversion: '1.0',
    id: `${id}.0`,
    source: `/casebook/${stream.org}`,
    subject: `${stream.category}/${stream.id}`,
    time: at,
    sequence: String(after.version + 1).padStart(10, '0'),
    correlationid: draft.correlationId,
    causationid: draft.causationId,
    authtype: actor.kind,
    authid: actor.id,
    traceparent: draft.traceparent,
  }
  const payload = JSON.stringify(
    draft.events.map(({ type, data }, index) => ({ ...(index === 0 && shared), type: storedType(type), data })),
  )
  const hash = chainHash(after.hash, payload)
  return {
    payload,
    hash,
    version: (after.version + draft.events.length) as StreamVersion,
    headers: {
      [commitHeaders.commandId]: id,
      [commitHeaders.types]: draft.events.map(({ type }) => type).join(','),
      [commitHeaders.hash]: hash,
      [commitHeaders.bodyHash]: draft.bodyHash,
      ...(draft.traceparent !== undefined && { [commitHeaders.traceparent]: draft.traceparent }),
    },
  }
}

/** The commit this process has just appended: nothing needs parsing again. */
export const commitOf = (
  stream: StreamId,
  sequence: LogSequence,
  draft: CommitDraft,
  encoded: EncodedCommit,
): Commit => {
  const first = encoded.version - draft.events.length
  const { events, ...rest } = draft
  return {
    ...rest,
    stream,
    sequence,
    version: encoded.version,
    hash: encoded.hash,
    events: events.map((event, index) => recorded(event, `${draft.commandId}.${index}`, first + index + 1)),
  }
}

const recorded = (event: DomainEvent, id: string, version: number): RecordedEvent =>
  Object.assign({ id, version: version as StreamVersion }, event)

/** @throws MalformedCommit saying what is wrong. */
export const decodeCommit = (
  stream: StreamId,
  sequence: number,
  payload: string,
  header: (name: string) => string,
): Commit => {
  const batch = cloudEventsOf(payload)
  const first = batch[0]
  const last = batch.at(-1)
  if (first === undefined || last === undefined) throw new MalformedCommit('it holds no event')
  return {
    stream,
    sequence: logSequence.parse(sequence),
    version: streamVersion.parse(Number(last.sequence)),
    hash: header(commitHeaders.hash),
    // The header may say more: see `ownId` of the log.
    commandId: commandId.parse(first.id.replace(/\.\d+$/, '')),
    bodyHash: header(commitHeaders.bodyHash),
    at: first.time,
    actor: { kind: first.authtype, id: first.authid },
    correlationId: correlationId.parse(first.correlationid),
    causationId: first.causationid,
    ...(first.traceparent !== undefined && { traceparent: first.traceparent }),
    events: batch.map(decodeEvent),
  }
}

/** Version of the first event, from the text alone: to choose a way by, not to rely on. NaN when it does not say. */
export const versionAtFront = (payload: string): number => Number(/"sequence":"(\d{10})"/.exec(payload)?.[1])

/** Each with all of its attributes. @throws MalformedCommit. */
export const cloudEventsOf = (payload: string): readonly CloudEvent[] => {
  let json: unknown
  try {
    json = JSON.parse(payload)
  } catch {
    throw new MalformedCommit('it is not JSON')
  }
  const batch = storedBatch(json)
  const parsed = cloudEventBatch.safeParse(batch === null ? json : wholeEvents(batch))
  if (!parsed.success) throw new MalformedCommit(`it is not a batch of events: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

const decodeEvent = (event: CloudEvent): RecordedEvent =>
  recordedEvent(event.type, event.data, { id: event.id, version: streamVersion.parse(Number(event.sequence)) })

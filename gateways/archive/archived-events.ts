// A message of the log as events of the archive, and back to the very bytes.
import { type JSONEventData, jsonEvent, type RecordedEvent } from '@eventstore/db-client'
import { z } from 'zod'
import type { MirroredMessage } from '../../handlers/ports/archive.ts'
import { logSequence } from '../../schemas/ids.ts'
import type { LogMessage } from '../../schemas/log-message.ts'
import { isBare, storedBatch, wholeEvents } from '../../schemas/stored-batch.ts'
import { unreadableStreamOf } from './archive-streams.ts'
import { archiveEventId } from './event-id.ts'

/** Where an event stood in the log; of the first of a commit also what is needed to write the commit back. */
const metadata = z.object({
  /** Its CloudEvents attributes in their order: everything but `data`. */
  cloudevent: z.record(z.string(), z.unknown()).optional(),
  /** They were left to the first of its commit to say. */
  bare: z.literal(true).optional(),
  commit: z.object({ sequence: logSequence.min(1), subject: z.string(), index: z.int(), count: z.int().min(1) }),
  headers: z.record(z.string(), z.string()).optional(),
  /** The payload itself, where it cannot be made of its events. */
  payload: z.string().optional(),
})
type Metadata = z.infer<typeof metadata>

const named = z.looseObject({ id: z.string().min(1), type: z.string().min(1) })
/** Handed on as it is: a parsed copy would have its fields in another order. */
const cloudEvents = z.array(z.custom<z.infer<typeof named>>((value) => named.safeParse(value).success)).min(1)

/** What the archive keeps of one event; others' events have another shape. */
export interface ArchivedEvent {
  readonly stream: string
  readonly id: string
  readonly type: string
  readonly revision: bigint
  readonly data: unknown
  readonly metadata: Metadata
}

/** `stream` is the archive's. A payload that is no batch of events becomes one event. */
export const toArchiveEvents = (stream: string, message: MirroredMessage): readonly JSONEventData[] => {
  const { sequence, subject, payload, headers = {} } = message
  const batch = parseBatch(payload)
  const count = batch?.events.length ?? 1
  const at = (index: number): Metadata['commit'] => ({ sequence, subject, index, count })
  const whole: Metadata = { commit: at(0), headers, payload }
  if (batch === null) {
    const id = archiveEventId(stream, 'unreadable')
    return [jsonEvent({ id, type: 'casebook.unreadable', data: {}, metadata: { ...whole } })]
  }
  const parts = batch.events.map(({ data, ...cloudevent }, index) => ({
    data: data ?? null,
    metadata: {
      cloudevent,
      ...(batch.bare[index] === true && { bare: true as const }),
      commit: at(index),
      ...(index === 0 && { headers }),
    },
  }))
  // Ours always is; another writer's JSON may be laid out in another way.
  const exact = payloadOf(parts) === payload
  return batch.events.map((event, index) =>
    jsonEvent({
      id: archiveEventId(stream, event.id),
      type: event.type,
      data: exact ? dataOf(parts[index]?.data) : {},
      metadata: {
        $correlationId: event['correlationid'],
        $causationId: event['causationid'],
        ...parts[index]?.metadata,
        ...(!exact && index === 0 && { payload }),
      },
    }),
  )
}

// The client's type asks for an object; the wire takes any JSON.
const dataOf = (data: unknown) => data as JSONEventData['data']

/** @returns null for an event that the archivist has not written. */
export const readArchiveEvent = (event: RecordedEvent): ArchivedEvent | null => {
  const parsed = metadata.safeParse(event.metadata)
  if (!parsed.success) return null
  const { streamId: stream, id, type, revision, data } = event
  return { stream, id, type, revision, data, metadata: parsed.data }
}

/** @returns null when they are not the events of one commit, whole, in order, and in their place. */
export const toLogMessage = (events: readonly ArchivedEvent[]): LogMessage | null => {
  const first = events[0]
  if (first?.metadata.headers === undefined) return null
  const { sequence, subject, count } = first.metadata.commit
  const whole = events.every(
    (event, index) =>
      isInPlace(event) &&
      event.stream === first.stream &&
      event.metadata.commit.index === index &&
      event.metadata.commit.sequence === sequence &&
      event.metadata.commit.count === count,
  )
  if (!whole || events.length !== count) return null
  const payload = first.metadata.payload ?? payloadOf(events)
  return { sequence, subject, payload, headers: first.metadata.headers }
}

/** The number in its stream that its own attributes call for. */
export const revisionOf = ({ metadata: { cloudevent } }: ArchivedEvent): bigint | null => {
  if (cloudevent === undefined) return 0n
  const version = Number(cloudevent['sequence'])
  return Number.isSafeInteger(version) ? BigInt(version - 1) : null
}

const isInPlace = (event: ArchivedEvent): boolean => {
  const { stream, id, type, revision, metadata } = event
  const { cloudevent, commit } = metadata
  if (revision !== revisionOf(event)) return false
  if (cloudevent === undefined) return stream === unreadableStreamOf(commit.sequence)
  return id === archiveEventId(stream, String(cloudevent['id'])) && type === cloudevent['type']
}

const payloadOf = (
  events: readonly { readonly data: unknown; readonly metadata: Pick<Metadata, 'cloudevent' | 'bare'> }[],
): string =>
  JSON.stringify(
    events.map(({ data, metadata: { cloudevent, bare } }) =>
      bare === true ? { type: cloudevent?.['type'], data } : { ...cloudevent, data },
    ),
  )

/** Its events with all of their attributes. */
const parseBatch = (payload: string) => {
  try {
    const batch = storedBatch(JSON.parse(payload))
    if (batch === null) return null
    return { events: cloudEvents.parse(wholeEvents(batch)), bare: batch.map(isBare) }
  } catch {
    return null
  }
}

// The archive on EventStoreDB: each commit is one append, guarded by its place in the stream; a repeat is the same events.
import { setTimeout as delay } from 'node:timers/promises'
import {
  ErrorType,
  type EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { z } from 'zod'
import type { Archive, ArchiveOutcome, ArchivePlace, MirroredMessage } from '../../handlers/ports/archive.ts'
import { blobsIn } from '../../schemas/blobs-in.ts'
import { logSequence } from '../../schemas/ids.ts'
import { archiveStreamOf, blobStreamOf, placeStream, unreadableStreamOf } from './archive-streams.ts'
import { appendBlob, chunksOf } from './archived-blobs.ts'
import { readArchiveEvent, toArchiveEvents, toLogMessage } from './archived-events.ts'
import { asked, isErrorOf } from './esdb-client.ts'
import { readStream } from './read-stream.ts'

const closeWithinMs = 1_000
const place = z.object({ position: logSequence, epoch: z.string() })

export const createEsdbArchive = (client: EventStoreDBClient): Archive => ({
  place: () => asked('asking how far it has come', () => readPlace(client)),
  move: (from, position, epoch) =>
    asked('noting how far it has come', async () => {
      const expectedRevision = from?.mark ?? NO_STREAM
      const event = jsonEvent({ type: 'casebook.archive.moved', data: { position, epoch } })
      try {
        const { nextExpectedRevision } = await client.appendToStream(placeStream, event, { expectedRevision })
        // Only the last is of use. Done once: a server that restarts remembers it.
        if (from === null) await client.setStreamMetadata(placeStream, { maxCount: 8 })
        return { position, epoch, mark: nextExpectedRevision }
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) return null
        throw error
      }
    }),
  append: (message) => {
    const { stream, first } = placeOf(message)
    return asked(`appending to ${stream}`, async (): Promise<ArchiveOutcome> => {
      const events = toArchiveEvents(stream, message)
      const last = first + BigInt(events.length - 1)
      const expectedRevision = first === 0n ? NO_STREAM : first - 1n
      try {
        const { nextExpectedRevision } = await client.appendToStream(stream, [...events], { expectedRevision })
        if (nextExpectedRevision === last) return { kind: 'kept' }
      } catch (error) {
        if (isErrorOf(error, ErrorType.STREAM_DELETED)) return { kind: 'differs', detail: 'the stream was deleted' }
        if (isErrorOf(error, ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED)) {
          return { kind: 'differs', detail: 'it is larger than the archive takes; raise MaxAppendSize' }
        }
        if (!(error instanceof WrongExpectedVersionError)) throw error
        const { actualVersion } = error
        const ends = typeof actualVersion === 'bigint' ? actualVersion : -1n
        if (ends < first - 1n) return { kind: 'behind', version: Number(ends + 1n) }
      }
      if (await isThere(client, stream, first, message)) return { kind: 'kept' }
      return { kind: 'differs', detail: 'another event stands in its place' }
    })
  },
  holds: (message) => {
    const { stream, first } = placeOf(message)
    return asked(`reading ${stream}`, () => isThere(client, stream, first, message))
  },
  holdsBlob: async ({ sha256, bytes }) =>
    (await asked('reading a blob', () => chunksOf(client, sha256))).whole === bytes,
  putBlob: (ref, bytes) => asked('storing a blob', () => appendBlob(client, ref, bytes)),
  erase: (stream, isStored) => {
    const name = archiveStreamOf(stream)
    return asked(`erasing ${name}`, async () => {
      const named = new Set<string>()
      try {
        for await (const { data } of readStream(client, name, {})) {
          for (const { sha256 } of blobsIn(data)) named.add(sha256)
        }
        // Blobs first: only the events say which they are.
        for (const sha256 of named) if (!(await isStored(sha256))) await client.deleteStream(blobStreamOf(sha256))
        await client.tombstoneStream(name)
      } catch (error) {
        if (!isErrorOf(error, ErrorType.STREAM_DELETED)) throw error
      }
    })
  },
  // It waits for what is under way; a server that is away would keep the process.
  close: () => Promise.race([client.dispose(), delay(closeWithinMs, undefined, { ref: false })]),
})

const readPlace = async (client: EventStoreDBClient): Promise<ArchivePlace | null> => {
  for await (const event of readStream(client, placeStream, {
    direction: 'backwards',
    fromRevision: 'end',
    maxCount: 1,
  })) {
    return { ...place.parse(event.data), mark: event.revision }
  }
  return null
}

/** `first`: the revision of the commit's first event; they count from 0. */
const placeOf = ({ commit, sequence }: MirroredMessage): { readonly stream: string; readonly first: bigint } =>
  commit === undefined
    ? { stream: unreadableStreamOf(sequence), first: 0n }
    : { stream: archiveStreamOf(commit.stream), first: BigInt(commit.version - commit.events.length) }

const isThere = async (
  client: EventStoreDBClient,
  stream: string,
  first: bigint,
  message: MirroredMessage,
): Promise<boolean> => {
  const count = toArchiveEvents(stream, message).length
  const found = []
  for await (const event of readStream(client, stream, { fromRevision: first, maxCount: count })) {
    const archived = readArchiveEvent(event)
    if (archived === null) return false
    found.push(archived)
  }
  const there = toLogMessage(found)
  return there?.payload === message.payload && found[0]?.revision === first
}

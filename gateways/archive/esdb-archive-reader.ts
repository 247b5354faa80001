// Reads the archive back in the log's order: `$all` is near that order, and what is out of it is held until its turn.
import type { AllStreamRecordedEvent, EventStoreDBClient } from '@eventstore/db-client'
import { type Archive, stretch } from '../../handlers/ports/archive.ts'
import type { ArchiveItem, ArchiveReader } from '../../projections/archive-reader.ts'
import { erasedBy, isMirrorStream } from './archive-streams.ts'
import { readBlob } from './archived-blobs.ts'
import { type ArchivedEvent, readArchiveEvent, revisionOf, toLogMessage } from './archived-events.ts'
import { asked, streamed } from './esdb-client.ts'
import { readAll } from './read-stream.ts'

export const createEsdbArchiveReader = (
  client: EventStoreDBClient,
  archive: Pick<Archive, 'place'>,
): ArchiveReader => ({
  head: async () => {
    const place = await archive.place()
    return place === null ? null : { sequence: place.position, epoch: place.epoch }
  },
  items: (signal) => inOrder(client, signal),
  blob: (sha256) => asked('reading a blob', () => readBlob(client, sha256)),
})

/** `at`: the place of its first event, which no other has. */
interface Written {
  readonly item: ArchiveItem
  readonly sequence: number
  readonly stream: string
  readonly at: string
}

async function* inOrder(client: EventStoreDBClient, signal: AbortSignal): AsyncGenerator<ArchiveItem> {
  // What was written late, to fill a gap, is looked for first: it is little, if anything.
  const late = new Map<string, Written>()
  // A server shows in `$all` what was deleted, until it scavenges.
  const erased = new Set<string | null>()
  let furthest = 0
  for await (const written of asWritten(client, signal)) {
    erased.add(erasedBy(written.stream))
    if (written.sequence <= furthest - stretch) late.set(written.at, written)
    furthest = Math.max(furthest, written.sequence)
  }
  let held = [...late.values()].filter(({ stream }) => !erased.has(stream))
  let emitted = 0
  const emit = function* (ready: readonly Written[]): Generator<ArchiveItem> {
    for (const written of ready.toSorted((a, b) => a.sequence - b.sequence)) {
      yield written.sequence === emitted && emitted > 0 ? again(written) : written.item
      emitted = written.sequence
    }
  }
  furthest = 0
  for await (const written of asWritten(client, signal)) {
    if (late.has(written.at) || erased.has(written.stream)) continue
    held.push(written)
    furthest = Math.max(furthest, written.sequence)
    if (held.length < 2 * stretch) continue
    const due = furthest - stretch
    yield* emit(held.filter(({ sequence }) => sequence <= due))
    held = held.filter(({ sequence }) => sequence > due)
  }
  yield* emit(held)
}

const again = ({ sequence, stream }: Written): ArchiveItem => ({
  kind: 'odd',
  what: 'added',
  sequence,
  stream,
  detail: 'the archive holds this commit twice',
})

/** The events of one append lie side by side. */
async function* asWritten(client: EventStoreDBClient, signal: AbortSignal): AsyncGenerator<Written> {
  let group: ArchivedEvent[] = []
  const take = (): readonly Written[] => {
    const whole = group
    group = []
    return whole.length === 0 ? [] : [writtenOf(whole)]
  }
  for await (const event of streamed('reading all of it', readAll(client))) {
    if (signal.aborted) return
    if (!isMirrorStream(event.streamId)) continue
    const archived = readArchiveEvent(event)
    const [first] = group
    const goesOn =
      archived !== null &&
      first?.stream === archived.stream &&
      first.metadata.commit.sequence === archived.metadata.commit.sequence &&
      archived.metadata.commit.index > 0
    if (!goesOn) yield* take()
    if (archived === null) yield foreign(event)
    else group.push(archived)
  }
  yield* take()
}

const writtenOf = (events: readonly ArchivedEvent[]): Written => {
  const [first] = events
  if (first === undefined) throw new Error('a commit has an event')
  const { stream, revision, metadata } = first
  const { sequence } = metadata.commit
  const at = `${stream}@${revision}`
  const message = toLogMessage(events)
  if (message !== null) return { item: { kind: 'message', message }, sequence, stream, at }
  const moved = toLogMessage(events.map((event) => ({ ...event, revision: revisionOf(event) ?? event.revision })))
  const [what, detail]: readonly ['changed' | 'reordered', string] =
    moved === null
      ? ['changed', `its events from ${revision} on are not whole, or not as they were mirrored`]
      : ['reordered', `it lies at ${revision}, and belongs at ${revisionOf(first)}`]
  return { item: { kind: 'odd', what, sequence, stream, detail }, sequence, stream, at }
}

const foreign = ({ streamId: stream, revision, type }: AllStreamRecordedEvent): Written => ({
  item: { kind: 'odd', what: 'added', sequence: 0, stream, detail: `its event ${revision} (${type}) was not mirrored` },
  sequence: 0,
  stream,
  at: `${stream}@${revision}`,
})

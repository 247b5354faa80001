// An archive on a stand-in server, and entries of a log to put into it.
import { createEsdbArchive } from '../../../gateways/archive/esdb-archive.ts'
import { createEsdbArchiveReader } from '../../../gateways/archive/esdb-archive-reader.ts'
import { connectEventStore } from '../../../gateways/archive/esdb-client.ts'
import { startArchivist } from '../../../handlers/archivist.ts'
import { createMemoryBlobStore } from '../../../infra/memory/memory-blob-store.ts'
import type { ArchiveItem } from '../../../projections/archive-reader.ts'
import type { LogEntry, LogReader } from '../../../projections/log-reader.ts'
import type { CommitDraft, StreamId } from '../../../schemas/commit.ts'
import { decodeCommit, encodeCommit } from '../../../schemas/commit-codec.ts'
import { parseEventStoreUrl } from '../../../schemas/eventstore-url.ts'
import { logSequence } from '../../../schemas/ids.ts'
import { draft } from '../commit-samples.ts'
import { eventually } from '../eventually.ts'
import { quiet } from '../servers.ts'
import { type EventStoreOptions, startEventStore } from './start-event-store.ts'

/** Entries as a log would hold them, chained by stream; `skip` leaves holes as erasure does. */
export const createEntries = () => {
  const streams = new Map<string, { readonly version: number; readonly hash: string }>()
  let sequence = 0
  return {
    skip: (count: number): void => {
      sequence += count
    },
    next: (stream: StreamId, changes: Partial<CommitDraft> = {}): LogEntry => {
      const subject = `casebook.events.${stream.org}.${stream.category}.${stream.id}`
      const encoded = encodeCommit(stream, streams.get(subject) ?? { version: 0, hash: '' }, draft(changes))
      streams.set(subject, encoded)
      sequence++
      const { payload, headers } = encoded
      const commit = decodeCommit(stream, sequence, payload, (name) => headers[name] ?? '')
      return { sequence: logSequence.parse(sequence), subject, payload, headers, commit, bytes: payload.length }
    },
  }
}

export const startArchiveWorld = async (options: EventStoreOptions = {}) => {
  const store = await startEventStore(options)
  const blobs = createMemoryBlobStore()
  const connect = () => {
    const address = parseEventStoreUrl(store.url)
    if (address === null) throw new Error(`${store.url} is no address`)
    const client = connectEventStore(address)
    const archive = createEsdbArchive(client)
    return { client, archive, reader: createEsdbArchiveReader(client, archive) }
  }
  const { client, archive, reader } = connect()
  const stops: (() => Promise<void>)[] = [archive.close]
  return {
    store,
    client,
    archive,
    reader,
    blobs,
    /** A process of its own, in effect. */
    startArchivist: (tail: LogReader, log = quiet) => {
      const own = connect()
      const archivist = startArchivist({ archive: own.archive, tail, blobs, log })
      const stop = async (): Promise<void> => {
        await archivist.stop(1_000)
        await own.archive.close()
      }
      stops.push(stop)
      return { ...archivist, stop }
    },
    upTo: (sequence: number) =>
      eventually(async () => (await archive.place())?.position === sequence, {
        withinMs: 120_000,
        describe: `mirrored up to ${sequence}`,
      }),
    items: async (): Promise<readonly ArchiveItem[]> => {
      const items: ArchiveItem[] = []
      for await (const item of reader.items(new AbortController().signal)) items.push(item)
      return items
    },
    stop: async (): Promise<void> => {
      for (const stop of stops) await stop()
      store.stop()
    },
  }
}

/** What is written back from an entry: everything but what is decoded. */
export const verbatim = ({ sequence, subject, payload, headers }: LogEntry) => ({ sequence, subject, payload, headers })

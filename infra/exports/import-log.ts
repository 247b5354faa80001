// Lines of an export become streams of this log: all of them checked first, none that exists otherwise, every hash the same.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { NatsConnection } from '@nats-io/transport-node'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { chainHash } from '../../schemas/commit-codec.ts'
import { commitOfLines, type EventLine, parseBlobLine, parseEventLine } from '../../schemas/export-line.ts'
import type { OrgId } from '../../schemas/ids.ts'
import { createAcknowledgedPublish } from '../jetstream/acknowledged-publish.ts'
import { messagesOf } from '../jetstream/messages-of.ts'
import { parseEventSubject } from '../jetstream/subjects.ts'
import { linesOf } from '../lines-of.ts'
import { exported } from './export-log.ts'
import { ImportBrokenOff, ImportConflict, LinesRefused } from './import-errors.ts'

export interface ImportReport {
  readonly streams: number
  readonly commits: number
  /** Those that were not here yet. */
  readonly written: number
  readonly blobs: number
  /** Sessions of the file that were erased here: they are left out. */
  readonly erased: number
}

interface StreamHere {
  /** Hashes of its commits here, and the sequence of the last. */
  readonly hashes: readonly string[]
  last: number
  /** Of the file, so far. */
  commits: number
  hash: string
  ended: boolean
  /** A tombstone says so. */
  erased: boolean
}

/** @throws LinesRefused, ImportConflict before anything is written; ImportBrokenOff, LogUnavailable. */
export const importLog = async (
  connection: NatsConnection,
  blobs: Pick<BlobStore, 'put'>,
  org: OrgId,
  file: string,
): Promise<ImportReport> => {
  const { streams, named } = await checked(connection, org, file)
  const publish = createAcknowledgedPublish(connection)
  const done = new Map<string, number>()
  const counts = { commits: 0, written: 0, blobs: 0 }
  const erased = [...streams.values()].filter((each) => each.erased).length
  for await (const part of partsOf(file)) {
    if (part.kind === 'blob') {
      if (!named.has(part.sha256)) continue
      await blobs.put(part.bytes, part.mediaType)
      counts.blobs++
      continue
    }
    const { subject } = part
    const stream = streams.get(subject)
    if (stream?.erased === true) continue
    const nth = done.get(subject) ?? 0
    done.set(subject, nth + 1)
    counts.commits++
    if (stream === undefined || nth < stream.hashes.length) continue
    const { payload, headers: stored } = commitOfLines(part.lines)
    const expected = { [commitHeaders.predecessor]: String(stream.last) }
    const ack = await publish(subject, payload, { ...stored, [commitHeaders.imported]: '1', ...expected }, 10_000)
    if (ack.kind !== 'stored') throw new ImportBrokenOff(subject, ack.kind === 'refused' ? ack.message : ack.reason)
    if (ack.duplicate) throw new ImportBrokenOff(subject, 'the log holds a command of this id already')
    stream.last = ack.sequence
    counts.written++
  }
  return { streams: streams.size - erased, ...counts, erased }
}

type Part =
  | { readonly kind: 'blob'; readonly sha256: string; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly kind: 'commit'; readonly subject: string; readonly lines: readonly EventLine[]; readonly number: number }

async function* partsOf(file: string): AsyncGenerator<Part> {
  let [lines, subject, number]: [EventLine[], string, number] = [[], '', 0]
  const commit = (): readonly Part[] => (lines.length === 0 ? [] : [{ kind: 'commit', subject, lines, number }])
  for await (const text of linesOf(createReadStream(file, { encoding: 'utf8' }))) {
    number++
    const line = parseEventLine(text)
    if (line !== null && line.index > 0 && line.commandId === lines[0]?.commandId && line.index === lines.length) {
      lines.push(line)
      continue
    }
    yield* commit()
    lines = []
    if (line === null) {
      const blob = parseBlobLine(text)
      const bytes = Buffer.from(blob?.data_base64 ?? '', 'base64')
      if (blob === null || createHash('sha256').update(bytes).digest('hex') !== blob.id) {
        throw new LinesRefused(`line ${number}`, 'it is not one that "casebook export" writes, or was changed')
      }
      yield { kind: 'blob', sha256: blob.id, bytes, mediaType: blob.datacontenttype }
    } else {
      if (line.index !== 0) throw new LinesRefused(`line ${number}`, 'the events before it in its commit are missing')
      const [category = '', id = ''] = line.event.subject.split('/', 2)
      const eventOrg = /^\/casebook\/(.+)$/.exec(line.event.source)?.[1] ?? ''
      subject = `casebook.events.${eventOrg}.${category}.${id}`
      lines = [line]
    }
  }
  yield* commit()
}

interface Checked {
  readonly streams: ReadonlyMap<string, StreamHere>
  /** Blobs of what is not left out. */
  readonly named: ReadonlySet<string>
}

const naming = /"(?:sha256|blob)":"([0-9a-f]{64})"/g

const checked = async (connection: NatsConnection, org: OrgId, file: string): Promise<Checked> => {
  const streams = new Map<string, StreamHere>()
  const named = new Set<string>()
  for await (const part of partsOf(file)) {
    if (part.kind === 'blob') continue
    const { subject, lines, number } = part
    const id = parseEventSubject(subject)
    if (id === null || !exported.has(id.category))
      throw new LinesRefused(`line ${number}`, 'it is no session, alert or task')
    if (id.org !== org) throw new LinesRefused(`line ${number}`, `it belongs to the org ${id.org}, and this is ${org}`)
    const stream = streams.get(subject) ?? (await streamHere(connection, subject))
    streams.set(subject, stream)
    const { payload, headers: stored } = commitOfLines(lines)
    if (!stream.erased) for (const [, hash = ''] of payload.matchAll(naming)) named.add(hash)
    const hash = stored[commitHeaders.hash] ?? ''
    if (hash !== chainHash(stream.hash, payload)) {
      throw new LinesRefused(
        `line ${number}`,
        'its hash does not follow from the commit before it: something was changed',
      )
    }
    const already = stream.hashes[stream.commits]
    if (already !== undefined && already !== hash) throw new ImportConflict(subject, 'is another one')
    stream.hash = hash
    stream.commits++
    stream.ended ||= id.category !== 'session' || lines.some(({ event }) => event.type === 'casebook.session.ended.v1')
  }
  for (const [subject, { commits, hashes, ended, erased }] of streams) {
    if (erased) continue
    if (hashes.length > commits) throw new ImportConflict(subject, 'goes on after what the file has')
    if (!ended) throw new LinesRefused(subject, 'it has not ended: export it again when it has')
  }
  return { streams, named }
}

const streamHere = async (connection: NatsConnection, subject: string): Promise<StreamHere> => {
  const hashes: string[] = []
  let last = 0
  for await (const { sequence, headers: stored } of messagesOf(connection, subject)) {
    hashes.push(stored[commitHeaders.hash] ?? '')
    last = sequence
  }
  return { hashes, last, commits: 0, hash: '', ended: false, erased: await isErased(connection, subject) }
}

const isErased = async (connection: NatsConnection, subject: string): Promise<boolean> => {
  if (parseEventSubject(subject)?.category !== 'session') return false
  for await (const _ of messagesOf(connection, subject.replace('.session.', '.erasure.'))) return true
  return false
}

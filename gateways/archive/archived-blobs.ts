// Blobs in the archive: `blob-<sha256>`, cut into chunks that fit an event, so that a restore needs nothing else.
import { hash } from 'node:crypto'
import { binaryEvent, type EventStoreDBClient, NO_STREAM } from '@eventstore/db-client'
import { z } from 'zod'
import type { BlobRef } from '../../schemas/stored-text.ts'
import { blobStreamOf } from './archive-streams.ts'
import { archiveEventId } from './event-id.ts'
import { readStream } from './read-stream.ts'

/** Under the megabyte that a server takes in one append, unless told otherwise. */
const chunkBytes = 512 * 1024

const metadata = z.object({ bytes: z.int(), mediaType: z.string(), index: z.int(), count: z.int() })

interface Chunks {
  readonly count: number
  /** Where the next one goes: after this revision. A stream that was deleted and came back goes on counting. */
  readonly revision: bigint | null
  /** Its size once every chunk is there. */
  readonly whole: number | null
}

export const chunksOf = async (client: EventStoreDBClient, sha256: string): Promise<Chunks> => {
  const last = { direction: 'backwards', fromRevision: 'end', maxCount: 1 } as const
  for await (const { metadata: given, revision } of readStream(client, blobStreamOf(sha256), last)) {
    const { index, count, bytes } = metadata.parse(given)
    return { count: index + 1, revision, whole: count === index + 1 ? bytes : null }
  }
  return { count: 0, revision: null, whole: null }
}

export const appendBlob = async (client: EventStoreDBClient, ref: BlobRef, bytes: Uint8Array): Promise<void> => {
  const stream = blobStreamOf(ref.sha256)
  const count = Math.max(1, Math.ceil(bytes.byteLength / chunkBytes))
  const there = await chunksOf(client, ref.sha256)
  let revision = there.revision
  for (let index = there.count; index < count; index++) {
    const chunk = binaryEvent({
      id: archiveEventId(stream, String(index)),
      type: 'casebook.blob.chunk',
      data: bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
      metadata: { bytes: ref.bytes, mediaType: ref.mediaType, index, count },
    })
    const expectedRevision = revision ?? NO_STREAM
    revision = (await client.appendToStream(stream, chunk, { expectedRevision })).nextExpectedRevision
  }
}

/** @returns null when it is not there, not whole, or not what its name says. */
export const readBlob = async (
  client: EventStoreDBClient,
  sha256: string,
): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string } | null> => {
  const chunks: Uint8Array[] = []
  let mediaType = ''
  for await (const { data, metadata: given } of readStream(client, blobStreamOf(sha256), {})) {
    const parsed = metadata.safeParse(given)
    if (!(data instanceof Uint8Array) || !parsed.success) return null
    chunks.push(data)
    mediaType = parsed.data.mediaType
  }
  const bytes = Buffer.concat(chunks)
  return chunks.length > 0 && hash('sha256', bytes, 'hex') === sha256 ? { bytes, mediaType } : null
}

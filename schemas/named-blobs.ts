// Which blobs an event names: who may read them through its session, and what goes with it when it is erased.
import { z } from 'zod'
import { blobRef } from './stored-text.ts'

export interface NamedBlob {
  readonly sha256: string
  readonly mediaType: string
}

/** What models, tools and people write as they like: whoever writes a hash there has named nothing. */
const foreign: ReadonlySet<string> = new Set(['arguments', 'inputSchema', 'labels', 'annotations'])

const attachments = z.array(z.object({ mediaType: z.string(), blob: z.string() }))

export const namedBlobs = (value: unknown): readonly NamedBlob[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, each]) => (foreign.has(key) ? [] : (namedBy(key, each) ?? namedBlobs(each))))

/** What a stored message looks like that names one; few do. */
export const mayNameBlobs = /"(?:sha256|blob)":"[0-9a-f]{64}"/

/** By a message of the log as it is stored, each once. One that nobody can read names nothing. */
export const blobsNamedIn = (payload: string): readonly NamedBlob[] => {
  if (!mayNameBlobs.test(payload)) return []
  try {
    const named = namedBlobs(JSON.parse(payload))
    return [...new Map(named.map((blob) => [blob.sha256, blob])).values()]
  } catch {
    return []
  }
}

/** A reference stands under one of three keys. */
const namedBy = (key: string, value: unknown): readonly NamedBlob[] | null => {
  if (key === 'blob' || key === 'original') {
    const { data } = blobRef.safeParse(value)
    return data === undefined ? null : [{ sha256: data.sha256, mediaType: data.mediaType }]
  }
  if (key !== 'attachments') return null
  const { data } = attachments.safeParse(value)
  return data?.map(({ blob, mediaType }) => ({ sha256: blob, mediaType })) ?? null
}

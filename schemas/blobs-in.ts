// Which blobs a value may refer to: what is kept beside the commits for a copy of them to be whole. One too many does no harm here;
// who may read or erase a blob asks `named-blobs.ts`, which believes no hash that an outsider wrote.
import { type BlobRef, blobRef } from './stored-text.ts'

/** What a tool's answer holds beside text names its content otherwise than texts do. */
const attachment = blobRef
  .omit({ sha256: true })
  .extend({ blob: blobRef.shape.sha256 })
  .loose()
  .transform(({ blob: sha256, bytes, mediaType }): BlobRef => ({ sha256, bytes, mediaType }))

/** Each once. Text from outside may look like a reference: there may be no such blob. */
export const blobsIn = (value: unknown): readonly BlobRef[] => {
  const found = new Map<string, BlobRef>()
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const parsed = 'sha256' in next ? blobRef.safeParse(next) : 'blob' in next ? attachment.safeParse(next) : null
    if (parsed?.success) found.set(parsed.data.sha256, parsed.data)
    else waiting.push(...Object.values(next))
  }
  return [...found.values()]
}

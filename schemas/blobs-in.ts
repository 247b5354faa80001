// Which blobs a value refers to: what must be kept beside the commits for a copy of them to be whole.
import { type BlobRef, blobRef } from './stored-text.ts'

/** Each once. Text from outside may look like a reference: there may be no such blob. */
export const blobsIn = (value: unknown): readonly BlobRef[] => {
  const found = new Map<string, BlobRef>()
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const parsed = 'sha256' in next ? blobRef.safeParse(next) : null
    if (parsed?.success) found.set(parsed.data.sha256, parsed.data)
    else waiting.push(...Object.values(next))
  }
  return [...found.values()]
}

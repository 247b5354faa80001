// Text that may be too large for an event: whole when short, else a preview with a reference to the blob (claim check).
import { z } from 'zod'

export const blobRef = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string(),
})
/** Names a value in the blob store by its content. */
export type BlobRef = Readonly<z.infer<typeof blobRef>>

export const storedText = z.object({ text: z.string(), blob: blobRef.optional() })
/** `text` is everything when there is no `blob`, else the beginning and the end of it. */
export type StoredText = Readonly<z.infer<typeof storedText>>

/** Values above this many bytes go to the blob store. */
export const claimCheckBytes = 64 * 1024

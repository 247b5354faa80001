// The claim check: text too large for an event goes to the blob store, and the event keeps its beginning and its end.
import { claimCheckBytes, type StoredText } from '../schemas/stored-text.ts'
import type { BlobStore } from './ports/blob-store.ts'

export type StoreText = (text: string, mediaType?: string) => Promise<StoredText>

/** Characters kept in the event of a text that went to the blob store: what the agent reads on. */
const headChars = 24_000
const tailChars = 8_000

export const createStoreText =
  (blobs: BlobStore): StoreText =>
  async (written, mediaType = 'text/plain; charset=utf-8') => {
    // Half a surrogate pair is no text: endpoints refuse a prompt that holds one.
    const text = written.toWellFormed()
    // Measured as it will stand in the event: escaping makes up to six bytes of one character.
    if (text.length * 6 <= claimCheckBytes || Buffer.byteLength(JSON.stringify(text)) - 2 <= claimCheckBytes)
      return { text }
    const blob = await blobs.put(new TextEncoder().encode(text), mediaType)
    return { text: preview(text).toWellFormed(), blob }
  }

const preview = (text: string): string => {
  const cut = text.length - headChars - tailChars
  return `${text.slice(0, headChars)}\n… ${cut} characters left out; the whole text is kept …\n${text.slice(-tailChars)}`
}

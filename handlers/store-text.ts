// The claim check: text too large for an event goes to the blob store, and the event keeps its beginning and its end.
import { claimCheckBytes, type StoredText } from '../schemas/stored-text.ts'
import type { BlobStore } from './ports/blob-store.ts'

/** `longest`: bytes of a text that may stand whole in the event, where that is less than the claim check takes. */
export type StoreText = (text: string, mediaType?: string, longest?: number) => Promise<StoredText>

/** Characters kept in the event of a text that went to the blob store, three quarters of them from its beginning. */
const keptChars = 32_000

export const createStoreText =
  (blobs: BlobStore): StoreText =>
  async (written, mediaType = 'text/plain; charset=utf-8', longest = claimCheckBytes) => {
    // Half a surrogate pair is no text: endpoints refuse a prompt that holds one.
    const text = written.toWellFormed()
    if (Buffer.byteLength(text) <= longest && fitsEvent(text)) return { text }
    const blob = await blobs.put(new TextEncoder().encode(text), mediaType)
    return { text: preview(text, Math.min(keptChars, longest)).toWellFormed(), blob }
  }

/** Measured as it will stand in the event: escaping makes up to six bytes of one character. */
const fitsEvent = (text: string): boolean =>
  text.length * 6 <= claimCheckBytes || Buffer.byteLength(JSON.stringify(text)) - 2 <= claimCheckBytes

const preview = (text: string, most: number): string => {
  // Of few characters that weigh much, half.
  const kept = text.length > most ? most : Math.floor(text.length / 2)
  const head = Math.floor(kept * 0.75)
  const cut = text.length - kept
  return `${text.slice(0, head)}\n… ${cut} characters left out; the whole text is kept …\n${text.slice(head - kept)}`
}

// EventStoreDB names events by UUIDs: one is derived from ours (RFC 9562, version 5), so that a repeat is the same event.
import { hash } from 'node:crypto'

/** Any UUID will do, as long as it stays. */
const namespace = Buffer.from('6f0a3d0c5d1b4c0e9a0f8c2b7d4e1f36', 'hex')

/** Ours are unique in their stream only. */
export const archiveEventId = (stream: string, eventId: string): string => {
  const digest = hash('sha1', Buffer.concat([namespace, Buffer.from(`${stream}/${eventId}`)]), 'buffer')
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

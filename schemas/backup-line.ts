// The lines of a backup file. These names are a storage format: lines and fields are added, never renamed.
import { z } from 'zod'

export const backupFormat = 1

const headers = z.record(z.string(), z.string())
const count = z.int().nonnegative()

/** The first line. Everything below was taken when the log stood at `upTo`. */
export const backupHeader = z.object({
  kind: z.literal('casebook_backup'),
  format: z.int(),
  at: z.iso.datetime(),
  /** Creation time of the log. */
  epoch: z.string(),
  upTo: count,
})
export type BackupHeader = Readonly<z.infer<typeof backupHeader>>

const commit = z.object({
  kind: z.literal('commit'),
  sequence: z.int().positive(),
  subject: z.string(),
  headers,
  payload: z.string(),
})

/** A large value of the object store; `content` is base64. */
const blob = z.object({
  kind: z.literal('blob'),
  sha256: z.string(),
  mediaType: z.string(),
  content: z.string(),
})

/** Of a key-value bucket. */
const entry = z.object({ kind: z.literal('entry'), bucket: z.string(), key: z.string(), value: z.string() })

/** What waits in a queue, or was parked. */
const message = z.object({
  kind: z.literal('message'),
  stream: z.string(),
  subject: z.string(),
  headers,
  payload: z.string(),
})

/** How far a handler had settled the log. */
const consumer = z.object({
  kind: z.literal('consumer'),
  name: z.string(),
  filter: z.string(),
  settled: count,
  ackWaitNanos: count,
  maxAckPending: z.int(),
})

/** The last line: SHA-256 of all bytes before it. */
const end = z.object({ kind: z.literal('end'), lines: count, sha256: z.string() })

export const backupLine = z.discriminatedUnion('kind', [backupHeader, commit, blob, entry, message, consumer, end])
export type BackupLine = Readonly<z.infer<typeof backupLine>>

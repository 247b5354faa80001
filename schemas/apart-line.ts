// What is kept beside backups, since it may not live as long as they do. These names are a storage format: lines and fields are added, never renamed.
import { z } from 'zod'
import { orgId, personId } from './ids.ts'

export const apartLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('casebook_keys'), format: z.int(), at: z.iso.datetime() }),
  /** `key` is base64. A person without was forgotten. */
  z.object({
    kind: z.literal('person_key'),
    org: orgId,
    person: personId,
    who: z.string().nullable(),
    key: z.string().nullable(),
  }),
  /** As it lies in the log: a session that was erased by then. */
  z.object({
    kind: z.literal('tombstone'),
    subject: z.string(),
    headers: z.record(z.string(), z.string()),
    payload: z.string(),
  }),
  z.object({ kind: z.literal('end'), lines: z.int() }),
])
export type ApartLine = Readonly<z.infer<typeof apartLine>>
export const apartFormat = 1

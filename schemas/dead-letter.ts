// A parked message as it is kept, what may become of it, and how both are shown.
import { z } from 'zod'
import { actor } from './actor.ts'
import { blobRef } from './stored-text.ts'

export const parkReason = z.object({ code: z.string(), message: z.string() })

/** What a handler says of a message that it will not be given again by itself. */
export const parkedMessage = z.object({
  consumer: z.string(),
  /** Where the message lies, or lay: stream and subject, and its sequence there. */
  stream: z.string().optional(),
  subject: z.string(),
  sequence: z.int().optional(),
  /** Names the message among all of its stream, so that one taken up again is no other. */
  messageId: z.string().optional(),
  /** Which entry of the message it is; absent means all of it. */
  entry: z.int().optional(),
  attempts: z.int(),
  error: parkReason,
  headers: z.record(z.string(), z.string()),
  payload: z.string(),
  /** The letter that was retried, when this is what became of it. */
  retryOf: z.string().optional(),
})
export type ParkedMessage = Readonly<z.infer<typeof parkedMessage>>

/** As it lies in the stream. The first letters had no id. */
export const deadLetter = parkedMessage.extend({
  id: z.string().optional(),
  parkedAt: z.iso.datetime(),
  /** The whole payload, when it is large: `payload` then has its beginning and its end. */
  payloadBlob: blobRef.optional(),
  /** The payload is not as it came: a secret in it was masked. */
  masked: z.boolean().optional(),
})

export const deadLetterDecision = z.object({
  what: z.enum(['retried', 'dropped']),
  by: actor,
  at: z.iso.datetime(),
  reason: z.string().optional(),
})
export type DeadLetterDecision = Readonly<z.infer<typeof deadLetterDecision>>

export const deadLetterStatus = z.enum(['open', 'retried', 'dropped'])
export type DeadLetterStatus = z.infer<typeof deadLetterStatus>

export const deadLetterView = deadLetter.extend({
  id: z.string(),
  status: deadLetterStatus,
  decision: deadLetterDecision.nullable(),
  /** Its place among the letters; a page goes on below it. */
  position: z.int(),
})
export type DeadLetterView = Readonly<z.infer<typeof deadLetterView>>

// How and why something ended.
import { z } from 'zod'

/** Why something ended: a stable code, words for a person, and what an operator can do next. */
export const cause = z.object({
  code: z.string(),
  message: z.string(),
  nextStep: z.string(),
  /** The event that led here, when one did. */
  eventId: z.string().optional(),
})
export type Cause = Readonly<z.infer<typeof cause>>

export const sessionOutcome = z.enum(['completed', 'failed', 'cancelled'])
export type SessionOutcome = z.infer<typeof sessionOutcome>

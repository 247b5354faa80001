// Forgetting a person, by the id of their key: a name is on no stream.
import { z } from 'zod'
import { personId } from './ids.ts'

export const personCommandData = {
  ForgetPerson: z.strictObject({ personId, reason: z.string().trim().min(1).max(2000) }),
  /** The janitor has destroyed the key. */
  CompleteForgetting: z.strictObject({ personId }),
} as const

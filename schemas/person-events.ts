// That a person is forgotten, one stream each. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { actor } from './actor.ts'
import { personId } from './ids.ts'

export const personEventData = {
  /** Decided: what was sealed with their key is to be read by nobody any more. */
  'person.forgotten': z.object({ personId, by: actor, reason: z.string() }),
  /** The key is gone. */
  'person.key_destroyed': z.object({ personId }),
} as const

// What stays of a session that was erased, one stream each. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { actor } from './actor.ts'
import { sessionId } from './ids.ts'

export const erasureEventData = {
  /** The tombstone: written before anything is removed, so that what is missing is always accounted for. */
  'erasure.recorded': z.object({
    sessionId,
    by: actor,
    reason: z.string(),
    requestedAt: z.iso.datetime(),
    /** Version of the session's stream after its last event, and the hash its chain ended with. */
    version: z.int().positive(),
    lastHash: z.string(),
  }),
  /** Its commits and every blob that no other session names are gone. */
  'erasure.completed': z.object({
    commits: z.int().nonnegative(),
    blobs: z.int().nonnegative(),
    /** Named by other sessions, too. */
    blobsKept: z.int().nonnegative(),
  }),
} as const

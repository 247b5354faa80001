// The facts of an alert, one stream per fingerprint. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { normalisedAlert } from './alert.ts'
import { sessionOutcome } from './cause.ts'
import { sessionId } from './ids.ts'

const occurrence = { occurrenceKey: z.string(), receivedAt: z.iso.datetime() }

export const alertEventData = {
  /** A new episode: a session is to be opened under the id reserved here. */
  'alert.fired': z.object({ ...occurrence, episode: z.int().positive(), sessionId, alert: normalisedAlert }),
  /** The same episode again; it joins the session. */
  'alert.repeated': z.object({ ...occurrence, episode: z.int().positive(), sessionId }),
  /** The source says it is over; `sessionId` is absent when no episode was open. */
  'alert.resolved': z.object({
    ...occurrence,
    episode: z.int().nonnegative(),
    sessionId: sessionId.optional(),
    alert: normalisedAlert,
  }),
  /** The session of the episode ended. */
  'alert.investigated': z.object({ episode: z.int().positive(), sessionId, status: sessionOutcome }),
} as const

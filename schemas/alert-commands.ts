// What can be asked of an alert stream; only the intake and the alert follower ask.
import { z } from 'zod'
import { alertMessage } from './alert.ts'
import { sessionOutcome } from './cause.ts'
import { alertId, sessionId } from './ids.ts'

export const alertCommandData = {
  /** `sessionId` is used when this occurrence opens a new episode. */
  RecordAlert: z.strictObject({ alertId, sessionId, ...alertMessage.shape }),
  RecordInvestigation: z.strictObject({ alertId, sessionId, status: sessionOutcome }),
} as const

// What can be asked of an alert stream; only the intake and the alert follower ask.
import { z } from 'zod'
import { alertMessage } from './alert.ts'
import { alertId, sessionId } from './ids.ts'
import { sessionOutcome } from './session-events.ts'

export const alertCommandData = {
  /** `sessionId` is used when this occurrence opens a new episode. */
  RecordAlert: z.strictObject({ alertId, sessionId, ...alertMessage.shape }),
  RecordInvestigation: z.strictObject({ alertId, sessionId, status: sessionOutcome }),
} as const

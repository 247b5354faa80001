// Whom an agent hands work to: helpers in the session, and sessions of their own. NOTE stored as it stands here.
import { z } from 'zod'
import { helperDispatched } from './built-in-tools.ts'
import { sessionOutcome } from './cause.ts'
import { executionId, sessionId, toolCallId } from './ids.ts'
import { childRelation } from './session-origin.ts'
import { storedText } from './stored-text.ts'

export const sessionDelegationEventData = {
  /** An agent called on another; the helper's own events follow under its execution id. */
  'session.helper_dispatched': helperDispatched,
  /** The helper's parent has been given its report. */
  'session.helper_reported': z.object({ executionId, parentId: executionId }),
  /** A session of its own was started from here: its events are in its own stream. */
  'session.child_started': z.object({
    childId: sessionId,
    relation: childRelation,
    why: z.string(),
    title: z.string(),
    agent: z.string().optional(),
    /** What it is to look into, when an agent asked. */
    input: storedText.optional(),
    depth: z.int().positive(),
    /** The call waits for its report. */
    awaited: z.boolean(),
    executionId: executionId.optional(),
    toolCallId: toolCallId.optional(),
  }),
  'session.child_ended': z.object({ childId: sessionId, status: sessionOutcome, report: storedText }),
} as const

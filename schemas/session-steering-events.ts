// Where people come in: questions and answers, messages, pauses, budgets. NOTE stored as it stands here.
import { z } from 'zod'
import { actor } from './actor.ts'
import { pinnedAgent } from './agent-definition.ts'
import { budgetAction } from './budget.ts'
import { executionId, inputId, messageId, sessionId } from './ids.ts'
import { budgetKind, inputQuestion, recordedAnswer } from './session-inputs.ts'
import { storedText } from './stored-text.ts'

export const messageSender = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), actor }),
  z.object({ kind: z.literal('agent'), executionId, name: z.string() }),
  z.object({ kind: z.literal('session'), sessionId, name: z.string() }),
])

export const messageRecipient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('execution'), executionId }),
  /** Whichever agent of this name speaks next, in this stage or a later one. */
  z.object({ kind: z.literal('agent'), name: z.string() }),
])

export const sessionSteeringEventData = {
  'session.input_requested': z.object({ inputId, question: inputQuestion, expiresAt: z.iso.datetime() }),
  'session.input_answered': z.object({ inputId, answer: recordedAnswer, by: actor }),
  'session.input_expired': z.object({ inputId }),
  /** What asked has ended: nobody needs to answer any more. */
  'session.input_withdrawn': z.object({ inputId }),
  'session.message_sent': z.object({
    messageId,
    from: messageSender,
    to: messageRecipient,
    text: storedText,
    /** The command that sent it, so that a repeat is sent once. */
    commandId: z.string().optional(),
  }),
  'session.paused': z.object({ by: actor, reason: z.string() }),
  'session.resumed': z.object({ by: actor }),
  'session.budget_reached': z.object({
    budget: budgetKind,
    /** Absent: the session's own. */
    executionId: executionId.optional(),
    /** Set when it is the budget of the whole org on this day in UTC. */
    day: z.iso.date().optional(),
    /** What follows; absent: what the plan's budgets say. */
    action: budgetAction.optional(),
    used: z.number().nonnegative(),
    limit: z.number().nonnegative(),
  }),
  'session.budget_raised': z.object({
    budget: budgetKind,
    day: z.iso.date(),
    limit: z.number().nonnegative(),
  }),
  /** Asked of the session after its end; answered under `executionId`, one question after another. */
  'session.question_asked': z.object({
    executionId,
    text: storedText,
    by: actor,
    at: z.iso.datetime(),
    /** The command that asked, so that a repeat is answered once. */
    commandId: z.string(),
    /** Who answers; absent, the `chatAgent` of the plan. */
    agent: pinnedAgent.optional(),
  }),
  /** A legal hold: it is not erased, whatever a retention policy says. */
  'session.held': z.object({ by: actor, reason: z.string() }),
  'session.hold_released': z.object({ by: actor }),
  /** The last event of a session: what follows is its tombstone, in a stream of its own. */
  'session.erasure_requested': z.object({ by: actor, reason: z.string() }),
} as const

// The turns of an agent: what it is offered, what its model said, and why it was asked again. NOTE stored as it stands here.
import { z } from 'zod'
import { executionId, messageId, toolCallId } from './ids.ts'
import { citation, finishReason, modelFailureClass, modelIdentity, tokenUsage } from './model.ts'
import { storedText } from './stored-text.ts'
import { offeredTool, unavailableServer } from './tool.ts'

export const recordedToolCall = z.object({
  toolCallId,
  name: z.string(),
  /** As the model wrote them, masked. */
  arguments: z.string(),
})

export const turnMode = z.enum(['normal', 'forced_conclusion', 'nudge'])
export type TurnMode = z.infer<typeof turnMode>

/** What led to a nudge or a forced conclusion, when it is not an empty reply or the last of an agent's turns. */
export const turnReason = z.enum(['budget', 'loop', 'asked'])
export type TurnReason = z.infer<typeof turnReason>

export const sessionTurnEventData = {
  'session.tools_offered': z.object({
    executionId,
    tools: z.array(offeredTool),
    unavailable: z.array(unavailableServer),
  }),
  'session.turn_requested': z.object({
    executionId,
    /** 1-based within the execution. */
    turn: z.int().positive(),
    /** 1-based within the turn; rises when the model fails and is asked again. */
    attempt: z.int().positive(),
    mode: turnMode,
    /** Why it is not an ordinary turn. */
    why: turnReason.optional(),
    /** Messages the agent gets with this turn. */
    delivers: z.array(messageId).optional(),
    /** Not to be begun before this moment (back-off). */
    notBefore: z.iso.datetime().optional(),
  }),
  'session.model_replied': z.object({
    executionId,
    turn: z.int().positive(),
    text: storedText,
    thinking: storedText.optional(),
    /** What its provider found on the web for it. */
    citations: z.array(citation).max(50).optional(),
    toolCalls: z.array(recordedToolCall),
    finishReason,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    firstTokenMs: z.int().nonnegative().optional(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
  }),
  'session.model_failed': z.object({
    executionId,
    turn: z.int().positive(),
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string(),
    /** What had arrived before a stream broke off. */
    partialText: z.string().optional(),
  }),
  /** From here on the execution asks another model: the one before failed for good. */
  'session.provider_switched': z.object({
    executionId,
    turn: z.int().positive(),
    from: z.object({ provider: z.string(), model: z.string() }),
    to: z.object({ provider: z.string(), model: z.string() }),
    class: modelFailureClass,
  }),
  /** The conversation had grown too long: up to this turn the agent goes on from its own summary. */
  'session.context_compacted': z.object({
    executionId,
    throughTurn: z.int().positive(),
    text: storedText,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
  }),
  /** An agent went round in circles: told once, made to conclude the second time. */
  'session.loop_detected': z.object({
    executionId,
    /** The last turn of the circle; the one being answered where the text of a reply repeats itself. */
    turn: z.int().positive(),
    pattern: z.enum(['same_result', 'same_error', 'alternating', 'monologue', 'repeated_text']),
    evidence: z.string(),
    /** 1 leads to a nudge, 2 to a forced conclusion. */
    trip: z.int().positive(),
  }),
  'session.turn_held': z.object({ executionId, turn: z.int().positive(), attempt: z.int().positive() }),
  'session.unpriced_noticed': z.object({ executionId, provider: z.string(), model: z.string() }),
} as const

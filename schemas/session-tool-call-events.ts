// The calls of an agent: asked for, refused, begun, recorded, and summed up when the result is long. NOTE stored as it stands here.
import { z } from 'zod'
import { executionId, toolCallId } from './ids.ts'
import { jsonValue } from './json-value.ts'
import { modelFailureClass, modelIdentity, tokenUsage } from './model.ts'
import { blobRef, storedText } from './stored-text.ts'
import { toolEffect, toolOutcome } from './tool.ts'

export const toolRefusal = z.enum([
  'unknown_tool',
  'invalid_arguments',
  'tools_withdrawn',
  'denied_by_policy',
  'denied_by_person',
  'approval_expired',
  'budget_reached',
  'not_possible',
])
export type ToolRefusal = z.infer<typeof toolRefusal>

export const sessionToolCallEventData = {
  'session.tool_call_requested': z.object({
    toolCallId,
    executionId,
    turn: z.int().positive(),
    name: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: jsonValue,
    effect: toolEffect,
  }),
  'session.tool_call_refused': z.object({
    toolCallId,
    executionId,
    turn: z.int().positive(),
    name: z.string(),
    code: toolRefusal,
    /** Said to the model, so that it can mend its call. */
    message: z.string(),
  }),
  'session.tool_call_begun': z.object({ toolCallId, executionId, attempt: z.int().positive(), worker: z.string() }),
  'session.tool_call_recorded': z.object({
    toolCallId,
    executionId,
    outcome: toolOutcome,
    content: storedText,
    /** Parts that are not text, by reference. */
    attachments: z
      .array(z.object({ type: z.string(), mediaType: z.string(), blob: z.string(), bytes: z.int() }))
      .optional(),
    durationMs: z.int().nonnegative(),
    /** Arrived after the session had ended or the outcome had been given up: kept for the audit, changes nothing. */
    late: z.boolean().optional(),
  }),
  /** The result is longer than the agent is to be shown. */
  'session.result_summary_requested': z.object({
    toolCallId,
    executionId,
    attempt: z.int().positive(),
    notBefore: z.iso.datetime().optional(),
    /** Who is asked, once the model of `summarize_results` has failed for good; absent asks that one. */
    by: z.object({ provider: z.string(), model: z.string() }).optional(),
  }),
  'session.result_summary_failed': z.object({
    toolCallId,
    executionId,
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string(),
  }),
  /** What the agent is shown in the place of the result: by a model, or cut short where none could be asked. */
  'session.result_summarized': z.object({
    toolCallId,
    executionId,
    how: z.enum(['summary', 'excerpt']),
    text: storedText,
    /** The whole result; absent where it stands whole in `session.tool_call_recorded`. */
    original: blobRef.optional(),
    usage: tokenUsage.optional(),
    by: modelIdentity.optional(),
    durationMs: z.int().nonnegative().optional(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
    /** Why it is only an excerpt. */
    reason: z.string().optional(),
  }),
} as const

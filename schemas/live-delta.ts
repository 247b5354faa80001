// A piece of what a model is writing, as it passes on `casebook.live.<org>.<session>`.
import { z } from 'zod'
import { executionId, sessionId, toolCallId } from './ids.ts'

/** Text so far is the concatenation of deltas with the same execution, turn, attempt and kind, ordered by `offset`. */
export const liveDelta = z.object({
  sessionId,
  executionId,
  turn: z.int(),
  attempt: z.int(),
  kind: z.enum(['text', 'thinking', 'tool_arguments', 'tool_progress']),
  /** Characters of this kind sent before this delta, so that a reader can detect a gap and drop a repeat. */
  offset: z.int(),
  text: z.string(),
  /** For `tool_arguments`: which call of the reply, and its tool. */
  toolIndex: z.int().optional(),
  toolName: z.string().optional(),
  /** For `tool_progress`: which call says how far it is, a line each time. Its `attempt` is that of the call. */
  toolCallId: toolCallId.optional(),
})
export type LiveDelta = Readonly<z.infer<typeof liveDelta>>

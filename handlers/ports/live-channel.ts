// The port to the ephemeral stream of model deltas: best effort, never awaited, minutes of memory.
import type { ExecutionId, OrgId, SessionId, ToolCallId } from '../../schemas/ids.ts'

/** Text so far is the concatenation of deltas with the same execution, turn, attempt and kind, ordered by `offset`. */
export interface LiveDelta {
  readonly sessionId: SessionId
  readonly executionId: ExecutionId
  readonly turn: number
  readonly attempt: number
  readonly kind: 'text' | 'thinking' | 'tool_arguments' | 'tool_progress'
  /** Characters of this kind sent before this delta, so that a reader can detect a gap and drop a repeat. */
  readonly offset: number
  readonly text: string
  /** For `tool_arguments`: which call of the reply, and its tool. */
  readonly toolIndex?: number | undefined
  readonly toolName?: string | undefined
  /** For `tool_progress`: which call says how far it is, a line each time. Its `attempt` is that of the call. */
  readonly toolCallId?: ToolCallId | undefined
}

export interface LiveChannel {
  publish(org: OrgId, delta: LiveDelta): void
}

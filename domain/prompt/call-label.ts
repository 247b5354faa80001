// What a conclusion may name a tool call by: `[call 3]`, told with the call's result.
import { evidenceIn } from '../session/citable-calls.ts'
import type { ToolCall } from '../session/session-state.ts'

/** Empty for a call that is no evidence. */
export const callLabel = (call: ToolCall, end: ' ' | '\n'): string =>
  evidenceIn(call) === null ? '' : `[call ${call.number}]${end}`

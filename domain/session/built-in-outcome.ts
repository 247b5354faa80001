// What a call of a built-in tool asks, and what it leads to.
import type { SessionEvent } from '../../schemas/events.ts'
import type { JsonValue } from '../../schemas/json-value.ts'

/** `waits`: the result comes later, by an event of its own. */
export type BuiltInOutcome =
  | { readonly kind: 'done'; readonly text: string; readonly events: readonly SessionEvent[] }
  | { readonly kind: 'waits'; readonly events: readonly SessionEvent[] }
  | { readonly kind: 'refused'; readonly message: string }

export interface BuiltInCall {
  readonly tool: string
  readonly arguments: JsonValue
  readonly toolCallId: Extract<SessionEvent, { type: 'session.tool_call_requested' }>['data']['toolCallId']
}

// Where a session can be gone on from: not in front of an event that nothing but the one before it asks for.
import type { SessionEvent } from '../../schemas/events.ts'

const askedOnce: ReadonlySet<string> = new Set<SessionEvent['type']>([
  'session.execution_started',
  'session.tool_call_requested',
  'session.tool_call_refused',
  'session.input_requested',
  'session.plan_extended',
  'session.helper_dispatched',
])

/** True of an event that belongs to the one before it in its commit: a fork that ends between them would wait for it for ever. */
export const belongsToBefore = ({ type }: { readonly type: string }): boolean => askedOnce.has(type)

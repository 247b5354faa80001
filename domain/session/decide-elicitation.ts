// A server's question in the middle of a call: asked while that attempt of the call waits for it, and no longer.
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valueAt } from '../persistent-map.ts'
import { ended } from './decide-lifecycle.ts'
import { type Elicitation, isAwaited, isOf } from './elicitations.ts'
import { requestInput } from './request-input.ts'
import { openInputsOf } from './session-parts.ts'
import type { PresentSession } from './session-state.ts'

export const requestElicitation = (
  { toolCallId, attempt, message, request }: CommandData<'RequestElicitation'>,
  state: PresentSession,
  { at }: CommandMetadata,
): Decision<SessionEvent> => {
  const call = valueAt(state.toolCalls, toolCallId)
  if (call?.request == null) return reject('tool_call_not_found', `No tool call ${toolCallId} in this session.`)
  if (state.ended !== null) return ended(state)
  if (state.paused) return reject('session_paused', 'The session is paused: nobody is asked anything.')
  const { executionId } = call
  const { server, tool } = call.request
  const question: Elicitation = {
    kind: 'elicitation',
    executionId,
    toolCallId,
    attempt,
    server,
    tool,
    message,
    request,
  }
  const running = state.executions[executionId]?.status === 'running'
  const open = openInputsOf(state).some(
    (input) => input.question.kind === 'elicitation' && isOf(input.question, question),
  )
  // A call asks one thing after the other: an open question of its own is this one, sent again.
  return running && isAwaited(state, question) && !open ? accept(requestInput(state, question, at)) : alreadySo
}

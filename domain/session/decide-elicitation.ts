// A server's question in the middle of a call: asked while that attempt of the call waits for it, and no longer.
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { ended } from './decide-lifecycle.ts'
import { requestInput } from './request-input.ts'
import type { PresentSession } from './session-state.ts'

type Elicitation = Extract<InputQuestion, { kind: 'elicitation' }>

export const requestElicitation = (
  { toolCallId, attempt, message, request }: CommandData<'RequestElicitation'>,
  state: PresentSession,
  { at }: CommandMetadata,
): Decision<SessionEvent> => {
  const call = state.toolCalls[toolCallId]
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
  const open = Object.values(state.inputs).some(
    (input) => input.status === 'open' && input.question.kind === 'elicitation' && isOf(input.question, question),
  )
  // A call asks one thing after the other: an open question of its own is this one, sent again.
  return running && isAwaited(state, question) && !open ? accept(requestInput(state, question, at)) : alreadySo
}

/** Only the attempt that asked can hear the answer. */
export const isAwaited = (
  state: PresentSession,
  { toolCallId, attempt }: Pick<Elicitation, 'toolCallId' | 'attempt'>,
): boolean => {
  const call = state.toolCalls[toolCallId]
  return call?.status === 'begun' && call.attempt === attempt
}

export const isOf = (
  question: Pick<Elicitation, 'toolCallId' | 'attempt'>,
  { toolCallId, attempt }: Pick<Elicitation, 'toolCallId' | 'attempt'>,
): boolean => question.toolCallId === toolCallId && question.attempt === attempt

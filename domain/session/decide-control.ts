// What people do to a running session: pause, resume, say something, end one agent.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valuesOf } from '../persistent-map.ts'
import { cancelledBy, timedOut } from './causes.ts'
import { questionsOf } from './chat.ts'
import { ended } from './decide-lifecycle.ts'
import { endExecution } from './ends.ts'
import { messageIdOf } from './session-ids.ts'
import { openInputsOf } from './session-parts.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

/** Calls under way finish; nothing new begins. */
export const pauseSession = (
  { reason }: CommandData<'PauseSession'>,
  state: PresentSession,
  { actor }: CommandMetadata,
): Decided => {
  if (state.paused) return alreadySo
  if (state.ended !== null) return ended(state)
  // A call that waits for an answer could not finish.
  const withdrawn = openInputsOf(state)
    .filter(({ question }) => question.kind === 'elicitation')
    .map(({ id }): SessionEvent => ({ type: 'session.input_withdrawn', data: { inputId: id } }))
  return accept<SessionEvent>({ type: 'session.paused', data: { by: actor, reason } }, ...withdrawn)
}

export const resumeSession = (state: PresentSession, { actor }: CommandMetadata): Decided => {
  if (state.ended !== null) return ended(state)
  if (!state.paused) return alreadySo
  // Calls that were asked for and not begun are asked for again: whoever was to run them let them go.
  const waiting = valuesOf(state.toolCalls).flatMap(({ status, request, attempt, executionId }) =>
    status === 'requested' &&
    request !== null &&
    request.server !== builtInServer &&
    attempt === 0 &&
    state.executions[executionId]?.status === 'running'
      ? [{ type: 'session.tool_call_requested', data: request } satisfies SessionEvent]
      : [],
  )
  return accept<SessionEvent>({ type: 'session.resumed', data: { by: actor } }, ...waiting)
}

export const sendMessage = (
  { executionId, text }: CommandData<'SendMessage'>,
  state: PresentSession,
  { actor, commandId }: CommandMetadata,
): Decided => {
  if (state.messageCommands.includes(commandId)) return alreadySo
  if (state.ended !== null && !questionsOf(state).some(({ status }) => status === 'running')) return ended(state)
  const running = Object.values(state.executions).filter(({ status }) => status === 'running')
  const recipients = executionId === undefined ? running : running.filter(({ id }) => id === executionId)
  if (recipients.length === 0) {
    return executionId === undefined
      ? reject('nobody_listening', 'No agent is at work in this session.')
      : reject('execution_not_running', `${executionId} is not at work in this session.`)
  }
  const sent = state.messages.size
  return accept(
    ...recipients.map(
      ({ id }, index): SessionEvent => ({
        type: 'session.message_sent',
        data: {
          messageId: messageIdOf(state.id, sent + index + 1),
          from: { kind: 'person', actor },
          to: { kind: 'execution', executionId: id },
          text: { text },
          commandId,
        },
      }),
    ),
  )
}

export const cancelExecution = (
  { executionId, reason }: CommandData<'CancelExecution'>,
  state: PresentSession,
  { actor }: CommandMetadata,
): Decided => {
  const execution = state.executions[executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${executionId}.`)
  if (execution.status === 'cancelled') return alreadySo
  const waits = execution.question !== null && execution.status === 'planned'
  if (execution.status !== 'running' && !waits) {
    return reject('execution_not_running', `${executionId} is ${execution.status}; only an agent at work can be ended.`)
  }
  return accept(endExecution(execution, { status: 'cancelled', cause: cancelledBy(actor.id, reason) }))
}

export const expireExecution = (
  { executionId }: CommandData<'ExpireExecution'>,
  state: PresentSession,
  { at }: CommandMetadata,
): Decided => {
  const execution = state.executions[executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${executionId}.`)
  const { helper } = execution
  if (execution.status !== 'running' || helper === null || at < helper.deadline) return alreadySo
  return accept(endExecution(execution, { status: 'failed', cause: timedOut(helper.deadline) }))
}

// What a person's answer leads to; the first one wins, and no answer in time is the cautious one.
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { InputAnswer, InputQuestion } from '../../schemas/session-inputs.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valueAt } from '../persistent-map.ts'
import { decideUnderAll, policiesOf } from '../policy/decide-tool.ts'
import { isOver } from './chat.ts'
import { contentNotFitting } from './check-content.ts'
import { ended } from './decide-lifecycle.ts'
import type { Input, PresentSession } from './session-state.ts'
import { carryOut, requestOf } from './settle-call.ts'

type Decided = Decision<SessionEvent>

export const answerInput = (
  data: CommandData<'AnswerInput'>,
  state: PresentSession,
  { actor, at }: CommandMetadata,
): Decided => {
  const input = valueAt(state.inputs, data.inputId)
  if (input === undefined) return reject('input_not_found', `No input ${data.inputId} in this session.`)
  const same = input.by?.id === actor.id && JSON.stringify(input.answer) === JSON.stringify(data.answer)
  if (input.status === 'answered' && same) return alreadySo
  if (input.status !== 'open') return reject('input_closed', closedText(input))
  if (isOver(state, input.question.executionId)) return ended(state)
  const fitting = answersTo[input.question.kind]
  if (!fitting.includes(data.answer.kind)) {
    return reject(
      'answer_not_fitting',
      `A question of the kind ${input.question.kind} is answered with one of: ${fitting.join(', ')}.`,
    )
  }
  const { inputId, answer } = data
  const wrong = notFitting(input.question, answer)
  if (wrong !== null) return reject('answer_not_fitting', `The answer does not fit: ${wrong}.`)
  const denied = deniedByPolicy(state, input.question, answer)
  if (denied !== null) return reject('answer_not_fitting', `The tool policy refuses these arguments: ${denied}.`)
  return accept<SessionEvent>(
    { type: 'session.input_answered', data: { inputId, answer, by: actor } },
    ...afterAnswer(state, input.question, answer, actor.id, at),
  )
}

export const expireInput = (
  data: CommandData<'ExpireInput'>,
  state: PresentSession,
  { at }: CommandMetadata,
): Decided => {
  const input = valueAt(state.inputs, data.inputId)
  if (input === undefined || input.status !== 'open' || at < input.expiresAt) return alreadySo
  if (isOver(state, input.question.executionId)) return alreadySo
  return accept<SessionEvent>(
    { type: 'session.input_expired', data: { inputId: input.id } },
    ...afterExpiry(input.question),
  )
}

/** A person may change what is asked about, not what the policy refuses. @returns why it does. */
const deniedByPolicy = (state: PresentSession, question: InputQuestion, answer: InputAnswer): string | null => {
  if (question.kind !== 'tool_approval' || answer.kind !== 'approve' || answer.arguments === undefined) return null
  const tool = state.executions[question.executionId]?.tools?.find(({ name }) => name === question.name)
  if (tool === undefined) return null
  const { verdict, reason } = decideUnderAll(policiesOf(state.plan), tool, answer.arguments)
  return verdict === 'deny' ? reason : null
}

const notFitting = (question: InputQuestion, answer: InputAnswer): string | null => {
  if (question.kind !== 'elicitation' || answer.kind !== 'accept') return null
  const { request } = question
  if (request.mode === 'form') return contentNotFitting(request.requestedSchema, answer.content ?? {})
  return answer.content === undefined ? null : 'a link is accepted without content'
}

const answersTo: Record<InputQuestion['kind'], readonly InputAnswer['kind'][]> = {
  tool_approval: ['approve', 'deny'],
  question: ['reply', 'deny'],
  budget: ['raise', 'finish'],
  elicitation: ['accept', 'decline', 'cancel'],
}

const closedText = ({ status, by }: Input): string => {
  switch (status) {
    case 'answered':
      return `Already answered by ${by?.id ?? 'somebody'}.`
    case 'expired':
      return 'It expired; nobody had answered in time.'
    case 'withdrawn':
      return 'It was withdrawn: what asked has ended.'
    case 'open':
      return 'It is open.'
  }
}

const afterAnswer = (
  state: PresentSession,
  question: InputQuestion,
  answer: InputAnswer,
  by: string,
  at: string,
): readonly SessionEvent[] => {
  switch (question.kind) {
    case 'tool_approval':
      if (answer.kind === 'approve') {
        const requested = requestOf(question, answer.arguments ?? question.arguments)
        const execution = state.executions[question.executionId]
        return execution === undefined ? [requested] : carryOut(state, execution, requested, at)
      }
      return [refused(question, 'denied_by_person', deniedBy(by, answer.kind === 'deny' ? answer.reason : ''))]
    case 'question':
      return [told(question, answer.kind === 'reply' ? answer.text : 'Nobody will answer this question.')]
    case 'budget':
    case 'elicitation':
      return []
  }
}

const afterExpiry = (question: InputQuestion): readonly SessionEvent[] => {
  switch (question.kind) {
    case 'tool_approval':
      return [refused(question, 'approval_expired', 'Nobody approved this call in time.')]
    case 'question':
      return [told(question, 'Nobody answered in time.')]
    case 'budget':
    case 'elicitation':
      return []
  }
}

const deniedBy = (by: string, reason: string): string =>
  reason === '' ? `Denied by ${by}.` : `Denied by ${by}: ${reason.replace(/[.\s]+$/, '')}.`

type Approval = Extract<InputQuestion, { kind: 'tool_approval' }>

const refused = (
  { toolCallId, executionId, turn, name }: Approval,
  code: 'denied_by_person' | 'approval_expired',
  message: string,
): SessionEvent => ({
  type: 'session.tool_call_refused',
  data: {
    toolCallId,
    executionId,
    turn,
    name,
    code,
    message: `${message} It was not run; do not try to get around this.`,
  },
})

const told = (
  { toolCallId, executionId }: Extract<InputQuestion, { kind: 'question' }>,
  text: string,
): SessionEvent => ({
  type: 'session.tool_call_recorded',
  data: { toolCallId, executionId, outcome: 'succeeded', content: { text }, durationMs: 0 },
})

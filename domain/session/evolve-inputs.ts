// The fold of what a person is asked and answers, and of what an answer changes for good.
import type { EventOf } from '../../schemas/events.ts'
import { valueAt } from '../persistent-map.ts'
import { budgetKey } from './budgets.ts'
import { withInput } from './session-parts.ts'
import type { Input, PresentSession } from './session-state.ts'

type InputEvent = EventOf<
  'session.input_requested' | 'session.input_answered' | 'session.input_expired' | 'session.input_withdrawn'
>

export const evolveInputs = (state: PresentSession, event: InputEvent): PresentSession => {
  const { inputId: id } = event.data
  if (event.type === 'session.input_requested') {
    const { question, expiresAt } = event.data
    const input: Input = { id, question, expiresAt, status: 'open', answer: null, by: null }
    return withInput(state, input)
  }
  const input = valueAt(state.inputs, id)
  if (input === undefined) return state
  switch (event.type) {
    case 'session.input_answered': {
      const { answer, by } = event.data
      return withAnswer(withInput(state, { ...input, status: 'answered', answer, by }), input, event)
    }
    case 'session.input_expired':
      return withBudget(withInput(state, { ...input, status: 'expired' }), input, 0)
    case 'session.input_withdrawn':
      return withInput(state, { ...input, status: 'withdrawn' })
  }
}

const withAnswer = (
  state: PresentSession,
  { question }: Input,
  { data }: EventOf<'session.input_answered'>,
): PresentSession => {
  const { answer } = data
  if (question.kind === 'tool_approval' && answer.kind === 'approve' && answer.scope === 'session')
    return { ...state, approvedTools: [...state.approvedTools, question.name] }
  const input = valueAt(state.inputs, data.inputId)
  return input === undefined ? state : withBudget(state, input, answer.kind === 'raise' ? answer.by : 0)
}

/** Nothing granted means: finish. */
const withBudget = (state: PresentSession, { question }: Input, by: number): PresentSession => {
  if (question.kind !== 'budget') return state
  const key = budgetKey(question)
  const before = state.reached[key]
  if (before === undefined) return state
  const status = by > 0 ? 'raised' : 'finishing'
  return { ...state, reached: { ...state.reached, [key]: { limit: before.limit + by, status } } }
}

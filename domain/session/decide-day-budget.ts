// What becomes of a session that comes upon a budget of its org's day: its turn is held, and people are asked or it concludes.
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { budgetKey } from './budgets.ts'
import { dayUsedUp } from './causes.ts'
import { answersQuestion, isOver } from './chat.ts'
import { endExecution } from './ends.ts'
import { requestInput } from './request-input.ts'
import { openInputsOf } from './session-parts.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const holdTurn = (
  { executionId, turn, attempt, action, sessionId: _, ...reached }: CommandData<'HoldTurn'>,
  state: PresentSession,
  { at }: CommandMetadata,
): Decided => {
  const execution = state.executions[executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${executionId}.`)
  const open = execution.openTurn
  if (isOver(state, executionId) || open === null || open.failed || open.turn !== turn || open.attempt !== attempt)
    return alreadySo
  const held: SessionEvent = { type: 'session.turn_held', data: { executionId, turn, attempt } }
  // Whoever asks about a session that has ended is there to be told at once.
  if (answersQuestion(state, executionId))
    return accept(held, endExecution(execution, { status: 'failed', cause: dayUsedUp }))
  const known = state.reached[budgetKey(reached)]
  // Another agent came upon it first; or somebody has granted more meanwhile, and the turn is asked for again at once.
  if (known !== undefined && (known.status !== 'raised' || known.limit > reached.used)) return accept(held)
  return accept<SessionEvent>(
    held,
    { type: 'session.budget_reached', data: { ...reached, action } },
    ...(action === 'ask' ? [requestInput(state, { kind: 'budget', ...reached }, at)] : []),
  )
}

export const liftBudget = ({ budget, day, limit }: CommandData<'LiftBudget'>, state: PresentSession): Decided => {
  const key = budgetKey({ budget, day })
  const known = state.reached[key]
  if (state.ended !== null || known?.status !== 'waiting' || limit <= known.limit) return alreadySo
  const asked = openInputsOf(state).filter(({ question }) => question.kind === 'budget' && budgetKey(question) === key)
  return accept<SessionEvent>(
    { type: 'session.budget_raised', data: { budget, day, limit } },
    ...asked.map(({ id }): SessionEvent => ({ type: 'session.input_withdrawn', data: { inputId: id } })),
  )
}

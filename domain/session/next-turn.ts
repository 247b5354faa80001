// When an agent is to speak again, and how it is asked: by the state alone, so that nothing has to remember to ask.
import type { EventOf } from '../../schemas/events.ts'
import type { TurnMode, TurnReason } from '../../schemas/session-turn-events.ts'
import { mustFinish, waitsForBudget } from './budgets.ts'
import { needsCondensing } from './condense-result.ts'
import { helpersOf, isAtWork } from './helpers.ts'
import { latestCallsOf, unheardOf } from './session-parts.ts'
import { type Execution, isSettled, type Message, type OpenTurn, type PresentSession } from './session-state.ts'

/** Empty replies in a row that are answered with a nudge before the execution is given up. */
export const maxNudges = 2

/** Nothing keeps this agent from speaking but that nobody has asked it. */
export const isDue = (state: PresentSession, execution: Execution): boolean =>
  execution.status === 'running' &&
  (execution.openTurn === null || execution.openTurn.failed) &&
  !state.paused &&
  !waitsForBudget(state, execution) &&
  !waitsForHelpers(state, execution) &&
  latestCallsOf(state, execution).every((call) => isSettled(call) && !needsCondensing(execution, call))

/** It has concluded but for the reports of its helpers. */
const waitsForHelpers = (state: PresentSession, execution: Execution): boolean => {
  const last = execution.turns.at(-1)
  return (
    last !== undefined &&
    last.toolCalls.length === 0 &&
    last.text.text.trim() !== '' &&
    helpersOf(state, execution.id).some(isAtWork) &&
    messagesFor(state, execution).length === 0
  )
}

export const nextTurnOf = (state: PresentSession, execution: Execution): EventOf<'session.turn_requested'> => {
  const open = execution.openTurn
  if (open !== null) return again(state, execution, open)
  const turn = (execution.turns.at(-1)?.turn ?? 0) + 1
  const delivers = messagesFor(state, execution).map(({ id }) => id)
  return {
    type: 'session.turn_requested',
    data: {
      executionId: execution.id,
      turn,
      attempt: 1,
      ...manner(state, execution, turn),
      ...(delivers.length > 0 && { delivers }),
    },
  }
}

const again = (state: PresentSession, execution: Execution, open: OpenTurn): EventOf<'session.turn_requested'> => {
  const { turn, attempt, why } = open
  const before = { mode: open.mode, ...(why !== null && { why }) }
  // While it was held, its session may have been told to conclude.
  const now = mustFinish(state, execution) ? manner(state, execution, turn) : before
  return { type: 'session.turn_requested', data: { executionId: execution.id, turn, attempt: attempt + 1, ...now } }
}

/** Messages to this agent that it has not been given. */
export const messagesFor = (state: PresentSession, { id, agent }: Execution): readonly Message[] =>
  unheardOf(state).filter(({ to }) => (to.kind === 'execution' ? to.executionId === id : to.name === agent.name))

/** The last allowed turn is asked to conclude without tools. */
const manner = (
  state: PresentSession,
  execution: Execution,
  turn: number,
): { readonly mode: TurnMode; readonly why?: TurnReason } => {
  if (mustFinish(state, execution)) return { mode: 'forced_conclusion', why: 'budget' }
  if (turn > execution.agent.maxIterations) return { mode: 'forced_conclusion' }
  const loop = execution.loops > 0 && execution.loopsSeenUntil === turn - 1
  if (loop) return { mode: execution.loops > 1 ? 'forced_conclusion' : 'nudge', why: 'loop' }
  const last = execution.turns.at(-1)
  const empty = last !== undefined && last.text.text.trim() === ''
  const nudge = empty && (last.toolCalls.length === 0 || execution.agent.controller === 'single_shot')
  return { mode: nudge ? 'nudge' : 'normal' }
}

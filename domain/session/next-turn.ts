// When an agent is to speak again, and how it is asked: by the state alone, so that nothing has to remember to ask.
import type { SessionEvent } from '../../schemas/events.ts'
import type { TurnMode } from '../../schemas/session-events.ts'
import { type Execution, isSettled, type PresentSession } from './session-state.ts'

/** Empty replies in a row that are answered with a nudge before the execution is given up. */
export const maxNudges = 2

export const nextTurnOf = (state: PresentSession, execution: Execution): readonly SessionEvent[] => {
  if (execution.status !== 'running' || execution.openTurn !== null) return []
  const last = execution.turns.at(-1)
  const waiting = last?.toolCalls.some((id) => {
    const call = state.toolCalls[id]
    return call !== undefined && !isSettled(call)
  })
  if (waiting === true) return []
  const turn = (last?.turn ?? 0) + 1
  return [
    {
      type: 'session.turn_requested',
      data: { executionId: execution.id, turn, attempt: 1, mode: modeOf(execution, turn) },
    },
  ]
}

/** The last allowed turn is asked to conclude without tools. */
const modeOf = (execution: Execution, turn: number): TurnMode => {
  if (turn > execution.agent.maxIterations) return 'forced_conclusion'
  const last = execution.turns.at(-1)
  const empty = last !== undefined && last.text.text.trim() === ''
  return empty && (last.toolCalls.length === 0 || execution.agent.controller === 'single_shot') ? 'nudge' : 'normal'
}

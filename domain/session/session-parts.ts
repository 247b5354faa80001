// A session with one of its parts changed; an unknown part changes nothing.
import type { StageId } from '../../schemas/ids.ts'
import { lineageOf } from './helpers.ts'
import type { Execution, PresentSession, Stage, ToolCall, Usage } from './session-state.ts'

/** What a helper uses, its parents use. */
export const withUsage = (state: PresentSession, id: Execution['id'], more: Usage): PresentSession =>
  lineageOf(state, id).reduce(
    (current, each) =>
      withExecution(current, each.id, (execution) => ({ ...execution, used: plus(execution.used, more) })),
    { ...state, used: plus(state.used, more) },
  )

const plus = (one: Usage, other: Usage): Usage => ({
  tokens: one.tokens + other.tokens,
  costMicros: one.costMicros + other.costMicros,
  toolCalls: one.toolCalls + other.toolCalls,
})

export const withStage = (state: PresentSession, id: StageId, status: Stage['status']): PresentSession => {
  const stage = state.stages[id]
  return stage === undefined ? state : { ...state, stages: { ...state.stages, [id]: { ...stage, status } } }
}

export const withExecution = (
  state: PresentSession,
  id: Execution['id'],
  change: (execution: Execution) => Execution,
): PresentSession => {
  const execution = state.executions[id]
  return execution === undefined ? state : { ...state, executions: { ...state.executions, [id]: change(execution) } }
}

export const withToolCall = (
  state: PresentSession,
  id: ToolCall['id'],
  change: (call: ToolCall) => ToolCall,
): PresentSession => {
  const call = state.toolCalls[id]
  return call === undefined ? state : { ...state, toolCalls: { ...state.toolCalls, [id]: change(call) } }
}

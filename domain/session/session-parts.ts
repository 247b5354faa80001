// The parts of a session: looked up, or changed; an unknown part changes nothing.
import type { StageId } from '../../schemas/ids.ts'
import { valueAt, withValue } from '../persistent-map.ts'
import { lineageOf } from './helpers.ts'
import type { Execution, Input, Message, PresentSession, Stage, ToolCall, Turn, Usage } from './session-state.ts'

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
  const call = valueAt(state.toolCalls, id)
  return call === undefined ? state : { ...state, toolCalls: withValue(state.toolCalls, id, change(call)) }
}

/** The calls that a turn led to. */
export const callsOf = (state: PresentSession, { toolCalls }: Pick<Turn, 'toolCalls'>): readonly ToolCall[] =>
  toolCalls.flatMap((id) => valueAt(state.toolCalls, id) ?? [])

/** Of its last turn: an agent speaks again when all of them are settled, so that none before is open. */
export const latestCallsOf = (state: PresentSession, { turns }: Execution): readonly ToolCall[] => {
  const last = turns.at(-1)
  return last === undefined ? [] : callsOf(state, last)
}

export const withInput = (state: PresentSession, input: Input): PresentSession => {
  const others = state.openInputs.filter((id) => id !== input.id)
  return {
    ...state,
    inputs: withValue(state.inputs, input.id, input),
    openInputs: input.status === 'open' ? [...others, input.id] : others,
  }
}

export const openInputsOf = ({ inputs, openInputs }: PresentSession): readonly Input[] =>
  openInputs.flatMap((id) => valueAt(inputs, id) ?? [])

export const withMessage = (state: PresentSession, message: Message): PresentSession => {
  const others = state.unheard.filter((id) => id !== message.id)
  return {
    ...state,
    messages: withValue(state.messages, message.id, message),
    unheard: message.deliveredTo === null ? [...others, message.id] : others,
  }
}

export const unheardOf = ({ messages, unheard }: PresentSession): readonly Message[] =>
  unheard.flatMap((id) => valueAt(messages, id) ?? [])

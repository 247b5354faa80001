// Which tool calls an agent may name as evidence: those whose results it was given, by itself or in words of others.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { Evidence } from '../../schemas/conclusion.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import { valuesOf } from '../persistent-map.ts'
import { answersQuestion } from './chat.ts'
import { helpersOf } from './helpers.ts'
import { callsOf } from './session-parts.ts'
import type { Execution, PresentSession, ToolCall } from './session-state.ts'
import { ancestorsOf } from './stage-graph.ts'

/** Null for a call that was never made, or is not done, or whose result is only words of other agents. */
export const evidenceIn = ({ id, number, name, status, request }: ToolCall): Evidence | null => {
  if (status === 'requested' || status === 'begun' || status === 'refused') return null
  if (request?.server === builtInServer && request.tool !== 'ask_person') return null
  return { toolCallId: id, call: number, tool: name, outcome: status }
}

export const citableCalls = (state: PresentSession, execution: Execution): ReadonlyMap<number, Evidence> => {
  const turns = [...heardBy(state, execution)].flatMap((id) => state.executions[id]?.turns ?? [])
  const evidence = turns.flatMap((turn) => callsOf(state, turn)).flatMap((call) => evidenceIn(call) ?? [])
  return new Map(evidence.map((each) => [each.call, each]))
}

/** Itself, the agents of earlier stages, whoever sent it a message, and the helpers of each; who answers about a session, all. */
const heardBy = (state: PresentSession, execution: Execution): ReadonlySet<ExecutionId> => {
  if (answersQuestion(state, execution.id)) return new Set(Object.values(state.executions).map(({ id }) => id))
  const above = ancestorsOf(state, execution.stageId)
  const heard = new Set<ExecutionId>()
  const add = (id: ExecutionId): void => {
    if (heard.has(id)) return
    heard.add(id)
    for (const helper of helpersOf(state, id)) add(helper.id)
  }
  add(execution.id)
  for (const { id, stageId } of Object.values(state.executions)) if (above.has(stageId)) add(id)
  for (const { from, deliveredTo } of valuesOf(state.messages))
    if (from.kind === 'agent' && deliveredTo === execution.id) add(from.executionId)
  return heard
}

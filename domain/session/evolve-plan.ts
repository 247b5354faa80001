// The fold of plans and helpers: which stages and agents there are.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventOf } from '../../schemas/events.ts'
import type { ExtensionReason, PlannedStage } from '../../schemas/session-plan.ts'
import { chatStageIdOf } from './session-ids.ts'
import { type Execution, nothingUsed, type PresentSession } from './session-state.ts'
import { withPlannedStages } from './stage-graph.ts'

const plannedExecution = (id: Execution['id'], stageId: Execution['stageId'], agent: PinnedAgent): Execution => ({
  id,
  stageId,
  agent,
  status: 'planned',
  startedAt: null,
  tools: null,
  unavailable: [],
  turns: [],
  openTurn: null,
  conclusion: null,
  reading: {},
  cause: null,
  used: nothingUsed,
  compacted: null,
  loops: 0,
  loopsSeenUntil: 0,
  loopEvidence: '',
  switches: 0,
  attemptsBefore: 0,
  helper: null,
  question: null,
})

export const dispatched = (state: PresentSession, { data }: EventOf<'session.helper_dispatched'>): PresentSession => {
  const { executionId: id, stageId, parentId, task, depth, deadline, maxIterations } = data
  const agent = state.plan?.helperAgents?.find(({ name }) => name === data.agent)
  if (agent === undefined) return state
  const execution: Execution = {
    ...plannedExecution(id, stageId, { ...agent, maxIterations }),
    helper: { parentId, task, depth, deadline, reported: false },
  }
  return { ...state, executions: { ...state.executions, [id]: execution } }
}

export const asked = (state: PresentSession, { data }: EventOf<'session.question_asked'>): PresentSession => {
  const { executionId: id, text, by, at, commandId } = data
  const agent = data.agent ?? state.plan?.chatAgent
  if (agent === undefined || state.executions[id] !== undefined) return state
  const question = { text, by, at, commandId }
  const execution: Execution = { ...plannedExecution(id, chatStageIdOf(state.id), agent), question }
  return { ...state, executions: { ...state.executions, [id]: execution } }
}

export const withPlan = (
  state: PresentSession,
  planned: readonly PlannedStage[],
  reason?: ExtensionReason,
): PresentSession => {
  const executions: Record<string, Execution> = { ...state.executions }
  for (const { stageId, agents } of planned) {
    for (const { executionId, agent } of agents) {
      executions[executionId] = plannedExecution(executionId, stageId, agent)
    }
  }
  return { ...state, stages: withPlannedStages(state.stages, planned, reason), executions }
}

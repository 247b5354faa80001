// What stands beside the story: the alert, the plan with its graph, tools offered, budgets as raised. Folded from the few events that say it.
import type { PresentSession } from '../../../../domain/session/session-state.ts'
import { withPlannedStages } from '../../../../domain/session/stage-graph.ts'
import type { RecordedEvent } from '../../../../schemas/commit.ts'
import type { EventData } from '../../../../schemas/events.ts'
import type { StageId } from '../../../../schemas/ids.ts'
import type { BudgetKind } from '../../../../schemas/session-inputs.ts'

export interface Board {
  readonly started: EventData<'session.started'> | null
  readonly plan: EventData<'session.plan_adopted'> | null
  /** Version after which the plan stands: the first that can be forked from. */
  readonly planVersion: number | null
  readonly stages: PresentSession['stages']
  /** Of a stage in a loop: how many cycles there may be. */
  readonly cycles: Readonly<Record<string, number>>
  /** By execution. */
  readonly tools: Readonly<Record<string, EventData<'session.tools_offered'>>>
  /** The session's own limits, where a person raised them. */
  readonly raised: Readonly<Partial<Record<BudgetKind, number>>>
  /** Budgets that people were asked about, by input. */
  readonly asked: Readonly<Record<string, BudgetKind>>
  /** Questions asked after the end, by the execution that answers; the agent's name. */
  readonly answers: Readonly<Record<string, string>>
}

export const emptyBoard: Board = {
  started: null,
  plan: null,
  planVersion: null,
  stages: {},
  cycles: {},
  tools: {},
  raised: {},
  asked: {},
  answers: {},
}

export const evolveBoard = (board: Board, event: RecordedEvent): Board => {
  switch (event.type) {
    case 'session.started':
      return { ...board, started: event.data }
    case 'session.forked':
      return { ...board, planVersion: event.version, raised: {} }
    case 'session.plan_adopted':
      return {
        ...board,
        plan: event.data,
        planVersion: event.version,
        stages: withPlannedStages(board.stages, event.data.stages),
      }
    case 'session.plan_extended': {
      const { stages, reason } = event.data
      const of = reason.kind === 'cycle' ? stages.map(({ stageId }) => [stageId, reason.of]) : []
      return {
        ...board,
        stages: withPlannedStages(board.stages, stages, reason),
        cycles: { ...board.cycles, ...Object.fromEntries(of) },
      }
    }
    case 'session.stage_started':
    case 'session.stage_ended': {
      const stage = board.stages[event.data.stageId]
      if (stage === undefined) return board
      const status = event.type === 'session.stage_started' ? 'running' : event.data.status
      return { ...board, stages: { ...board.stages, [stage.id]: { ...stage, status } } }
    }
    case 'session.tools_offered':
      return { ...board, tools: { ...board.tools, [event.data.executionId]: event.data } }
    case 'session.budget_reached': {
      const { budget, executionId, day, limit } = event.data
      return isOfSession({ executionId, day }) ? { ...board, raised: { ...board.raised, [budget]: limit } } : board
    }
    case 'session.input_requested': {
      const { inputId, question } = event.data
      if (question.kind !== 'budget' || !isOfSession(question)) return board
      return { ...board, asked: { ...board.asked, [inputId]: question.budget } }
    }
    case 'session.input_answered': {
      const { inputId, answer } = event.data
      const budget = board.asked[inputId]
      if (budget === undefined || answer.kind !== 'raise') return board
      return { ...board, raised: { ...board.raised, [budget]: (board.raised[budget] ?? 0) + answer.by } }
    }
    case 'session.question_asked': {
      const { executionId, agent = board.plan?.chatAgent } = event.data
      return { ...board, answers: { ...board.answers, [executionId]: agent?.name ?? 'chat' } }
    }
    default:
      return board
  }
}

const isOfSession = (of: { readonly executionId?: string | undefined; readonly day?: string | undefined }): boolean =>
  of.executionId === undefined && of.day === undefined

/** The cycle a stage stands in, and how many there may be; null outside of loops. */
export const cycleOf = (
  { stages, cycles }: Board,
  id: StageId,
): { readonly cycle: number; readonly of: number } | null => {
  const planned = stages[id]?.planned
  const of = planned?.loop?.maxCycles ?? cycles[id]
  return planned === undefined || of === undefined ? null : { cycle: planned.cycle ?? 1, of }
}

/** Agents that the plan knows, by name: whom a fork may put in another's place. */
export const agentsOf = ({ plan, stages }: Board): readonly string[] => {
  const planned = Object.values(stages).flatMap(({ planned: { agents } }) => agents.map(({ agent }) => agent.name))
  return [...new Set([...planned, ...(plan?.helperAgents ?? []).map(({ name }) => name)])].sort()
}

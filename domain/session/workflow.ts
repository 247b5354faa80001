// The workflow engine: what follows when an execution ends, all the way to the session's end, as events of one commit.
import type { CommandMetadata } from '../../schemas/commands.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import type { Cause, PlannedStage, SessionOutcome } from '../../schemas/session-events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import type { Execution, PresentSession } from './session-state.ts'

/** The first events of a stage: it starts, its agents start, each is asked for its first turn. */
export const startStage = (stage: PlannedStage, index: number, total: number, at: string): readonly SessionEvent[] => [
  { type: 'session.stage_started', data: { stageId: stage.stageId, name: stage.name, index, total } },
  ...stage.agents.flatMap(({ executionId, agent }): readonly SessionEvent[] => [
    {
      type: 'session.execution_started',
      data: { executionId, stageId: stage.stageId, agent: agent.name, controller: agent.controller, at },
    },
    { type: 'session.turn_requested', data: { executionId, turn: 1, attempt: 1, mode: 'normal' } },
  ]),
]

export interface ExecutionEnd {
  readonly status: SessionOutcome
  readonly conclusion?: StoredText
  readonly forced?: boolean
  readonly cause?: Cause
}

/** Ends an execution and everything that ends or starts because of it. */
export const endExecution = (
  state: PresentSession,
  execution: Execution,
  end: ExecutionEnd,
  metadata: CommandMetadata,
): readonly SessionEvent[] => {
  const ended: EventOf<'session.execution_ended'> = {
    type: 'session.execution_ended',
    data: { executionId: execution.id, stageId: execution.stageId, ...end },
  }
  return [ended, ...closeStage(state, execution, end, metadata.at)]
}

const closeStage = (state: PresentSession, last: Execution, end: ExecutionEnd, at: string): readonly SessionEvent[] => {
  const plan = state.plan
  const stageIndex = plan?.stages.findIndex((stage) => stage.stageId === last.stageId) ?? -1
  const stage = plan?.stages[stageIndex]
  if (plan === null || stage === undefined) return []

  const results = stage.agents.map(({ executionId }) =>
    executionId === last.id
      ? { id: executionId, status: end.status, conclusion: end.conclusion ?? null }
      : {
          id: executionId,
          status: state.executions[executionId]?.status,
          conclusion: state.executions[executionId]?.conclusion ?? null,
        },
  )
  if (results.some(({ status }) => status === 'running' || status === 'planned')) return []

  const best = results.find(({ status }) => status === 'completed')
  const stageEnded: SessionEvent = {
    type: 'session.stage_ended',
    data: { stageId: stage.stageId, status: best === undefined ? 'failed' : 'completed' },
  }
  if (best === undefined) return [stageEnded, endSession('failed', end.cause ?? stageFailed(stage.name))]

  const next = plan.stages[stageIndex + 1]
  if (next !== undefined) return [stageEnded, ...startStage(next, stageIndex + 1, plan.stages.length, at)]
  return [
    stageEnded,
    {
      type: 'session.final_analysis_recorded',
      data: { text: best.conclusion ?? { text: '' }, executionId: best.id },
    },
    { type: 'session.summary_requested', data: { attempt: 1 } },
  ]
}

const stageFailed = (stage: string): Cause => ({
  code: 'stage_failed',
  message: `No agent of stage ${stage} completed.`,
  nextStep: 'Look at the ends of its executions.',
})

export const endSession = (status: SessionOutcome, cause: Cause): SessionEvent => ({
  type: 'session.ended',
  data: { status, cause },
})

/** The moment `ms` after the command was made. */
export const laterThan = (metadata: CommandMetadata, ms: number): string =>
  new Date(new Date(metadata.at).getTime() + ms).toISOString()

/** Exponential back-off, at most 60 s, never sooner than the endpoint asked for (bounded to 10 minutes). */
export const backoffMs = (baseMs: number, attempt: number, retryAfterMs = 0): number =>
  Math.max(Math.min(60_000, baseMs * 2 ** (attempt - 1)), Math.min(600_000, retryAfterMs))

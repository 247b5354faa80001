// Changes to one part of a session's view.
import type { EventData } from '../schemas/events.ts'
import type { PlannedStage } from '../schemas/session-plan.ts'
import { viewOfConclusion } from './conclusion-view.ts'
import type { SessionView } from './session-view.ts'
import { noCost, noUsage } from './spent.ts'

export const withPlanned = (
  view: SessionView,
  planned: readonly PlannedStage[],
): Pick<SessionView, 'stages' | 'executions'> => ({
  stages: [
    ...view.stages,
    ...planned.map(({ stageId, name, cycle, attempt }, index) => ({
      id: stageId,
      name,
      index: view.stages.length + index,
      status: 'planned',
      ...(cycle !== undefined && { cycle }),
      ...(attempt !== undefined && { attempt }),
      startedAt: null,
      endedAt: null,
    })),
  ],
  executions: [
    ...view.executions,
    ...planned.flatMap(({ stageId, agents }) =>
      agents.map(({ executionId, agent }) => ({
        ...notStarted,
        id: executionId,
        stageId,
        agent: agent.name,
        provider: agent.provider,
        model: agent.model,
      })),
    ),
  ],
})

export const withHelper = (
  view: SessionView,
  { executionId: id, stageId, agent, parentId, task }: EventData<'session.helper_dispatched'>,
): SessionView => ({
  ...view,
  helpers: [...view.helpers, { ...notStarted, id, stageId, agent, provider: '', model: '', parentId, task }],
})

const notStarted = {
  status: 'planned',
  turns: 0,
  usage: noUsage,
  cost: noCost,
  startedAt: null,
  endedAt: null,
  conclusion: null,
  ...viewOfConclusion({}),
  cause: null,
} as const

type Stage = SessionView['stages'][number]
export type Execution = SessionView['executions'][number]

export const withStage = (view: SessionView, id: string, change: Partial<Stage>): SessionView => ({
  ...view,
  stages: view.stages.map((stage) => (stage.id === id ? { ...stage, ...change } : stage)),
})

/** Of an agent of the plan or a helper. */
export const withExecution = (
  view: SessionView,
  id: string,
  change: (execution: Execution) => Partial<Execution>,
): SessionView => {
  const changed = <T extends Execution>(execution: T): T =>
    execution.id === id ? { ...execution, ...change(execution) } : execution
  return { ...view, executions: view.executions.map(changed), helpers: view.helpers.map(changed) }
}

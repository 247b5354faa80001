// A planner agent breaks its task into stages: checked as a graph, bounded by the hop budget, and put behind its own stage.
import type { PlanProposal } from '../../schemas/built-in-tools.ts'
import type { EventData } from '../../schemas/events.ts'
import type { PlannedStage } from '../../schemas/session-plan.ts'
import { executionIdOf, stageIdOf } from './session-ids.ts'
import type { Execution, PresentSession } from './session-state.ts'

export type Decomposition =
  | { readonly kind: 'extend'; readonly data: EventData<'session.plan_extended'> }
  | { readonly kind: 'refused'; readonly message: string }

const refused = (message: string): Decomposition => ({ kind: 'refused', message })

export const decompose = (
  state: PresentSession,
  planner: Execution,
  { rationale, stages }: PlanProposal,
): Decomposition => {
  if (planner.helper !== null) return refused('A helper cannot change the plan.')
  const count = Object.keys(state.stages).length
  const limit = state.plan?.limits.maxStages
  if (limit !== undefined && count + stages.length > limit)
    return refused(`${stages.length} more stages are over the limit of ${limit}; ${count} are planned. Propose fewer.`)
  const numbers = new Map<string, number>()
  for (const [index, { name }] of stages.entries()) {
    if (numbers.has(name)) return refused(`Two stages are called "${name}".`)
    numbers.set(name, count + index + 1)
  }
  const planned: PlannedStage[] = []
  for (const { name, agent: wanted, task, depends_on } of stages) {
    const agent = state.plan?.helperAgents?.find((each) => each.name === wanted)
    const allowed = planner.agent.helpers ?? []
    if (agent === undefined || !allowed.includes(wanted))
      return refused(`Stage "${name}" names agent "${wanted}". Agents you may plan with: ${allowed.join(', ')}.`)
    const number = numbers.get(name) ?? 0
    const missing = depends_on.find((each) => !numbers.has(each))
    if (missing !== undefined) return refused(`Stage "${name}" waits for "${missing}", which is not in your list.`)
    // Only what stands before it: so the graph has no circles.
    const later = depends_on.find((each) => (numbers.get(each) ?? 0) >= number)
    if (later !== undefined) return refused(`Stage "${name}" waits for "${later}": name stages in their order.`)
    planned.push({
      stageId: stageIdOf(state.id, number),
      name,
      task,
      agents: [{ executionId: executionIdOf(state.id, number, 1), agent }],
      dependsOn: [planner.stageId, ...depends_on.map((each) => stageIdOf(state.id, numbers.get(each) ?? 0))],
    })
  }
  const reason = { kind: 'decomposition', stageId: planner.stageId, executionId: planner.id, rationale } as const
  return { kind: 'extend', data: { reason, stages: planned } }
}

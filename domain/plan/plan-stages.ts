// From the stages of a chain to those of a plan: in their order, with the stages that weigh what several agents found.
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { ChainDefinition, StageDefinition } from '../../schemas/chain-definition.ts'
import type { SessionId, StageId } from '../../schemas/ids.ts'
import type { PlannedStage } from '../../schemas/session-plan.ts'
import { executionIdOf, stageIdOf } from '../session/session-ids.ts'
import { pinAgent } from './pin-agent.ts'
import { stageAgents } from './stage-agents.ts'
import { hasSynthesis, lastOf, type StageOrder } from './stage-order.ts'

interface Planning {
  readonly session: SessionId
  readonly chainName: string
  readonly chain: ChainDefinition
  readonly configuration: Configuration
}

/** `order` must be without faults. */
export const planStages = (planning: Planning, { order, needs }: StageOrder): readonly PlannedStage[] => {
  const { session, chainName, chain, configuration } = planning
  const planned: PlannedStage[] = []
  const first = new Map<number, StageId>()
  /** What a stage found: its synthesis, where it has one. */
  const result = new Map<number, StageId>()
  const resultsOf = (indexes: readonly number[]): StageId[] => indexes.flatMap((index) => result.get(index) ?? [])
  const add = (stage: Omit<PlannedStage, 'stageId' | 'dependsOn'>, dependsOn: readonly StageId[]): StageId => {
    const stageId = stageIdOf(session, planned.length + 1)
    const before = planned.at(-1)?.stageId
    // Absent means the one before.
    const asListed = dependsOn.length === (before === undefined ? 0 : 1) && dependsOn[0] === before
    planned.push({ ...stage, stageId, ...(!asListed && { dependsOn: [...dependsOn] }) })
    return stageId
  }
  const synthesis = (name: string, agent: string): Omit<PlannedStage, 'stageId' | 'dependsOn'> => ({
    name,
    agents: [
      {
        executionId: executionIdOf(session, planned.length + 1, 1),
        agent: pinAgent(agent, configuration, { chain: chainName }),
      },
    ],
    synthesis: true,
  })

  for (const index of order) {
    const stage = chain.stages[index]
    if (stage === undefined) continue
    const number = planned.length + 1
    const weighed = hasSynthesis(stage)
    const loop = loopOf(stage, chain, first)
    const id = add(
      {
        name: stage.name,
        agents: stageAgents(stage).map(({ agent, name, at }, agentIndex) => ({
          executionId: executionIdOf(session, number, agentIndex + 1),
          agent: pinAgent(agent, configuration, { chain: chainName, stage: index, agent: at }, name),
        })),
        ...rulesOf(stage),
        ...(loop !== undefined && !weighed && { loop }),
      },
      resultsOf(needs[index] ?? []),
    )
    first.set(index, id)
    result.set(index, id)
    if (!weighed) continue
    const agent = typeof stage.synthesis === 'string' ? stage.synthesis : configuration.defaults.synthesis_agent
    const weighing = {
      ...synthesis(`${stage.name} synthesis`, agent),
      ...(stage.optional && { optional: true }),
      // Reviewers may differ: the verdict is that of the stage that weighs theirs.
      ...(loop !== undefined && { loop }),
    }
    result.set(index, add(weighing, [id]))
  }
  const last = lastOf(needs)
  if (last.length > 1) add(synthesis('synthesis', configuration.defaults.synthesis_agent), resultsOf(last))
  return planned
}

const rulesOf = (stage: StageDefinition): Partial<PlannedStage> => {
  const { policy, early_stop, optional, retries, task } = stage
  return {
    // Absent means any.
    ...(policy !== 'any' && {
      policy: typeof policy === 'string' ? { kind: policy } : { kind: 'quorum', count: policy.quorum },
    }),
    ...(early_stop && { earlyStop: true }),
    ...(optional && { optional: true }),
    ...(retries > 0 && { retries }),
    ...(task !== undefined && { task }),
  }
}

/** What is sent back to stands before: it is planned already. */
const loopOf = (
  { loop }: StageDefinition,
  chain: ChainDefinition,
  first: ReadonlyMap<number, StageId>,
): PlannedStage['loop'] => {
  if (loop === undefined) return undefined
  const backTo = first.get(chain.stages.findIndex(({ name }) => name === loop.back_to))
  return backTo === undefined ? undefined : { backTo, maxCycles: loop.max_cycles, until: loop.until }
}

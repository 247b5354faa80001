// Who works in a stage: its one agent or its several, each as often as it is replicated, under names that tell them apart.
import type { StageDefinition } from '../../schemas/chain-definition.ts'

export interface StageAgent {
  /** As it is configured. */
  readonly agent: string
  /** As the session calls it: `x-1`, `x-2` where there are several of the same. */
  readonly name: string
  /** Index in the `agents` of the stage; absent for the one of `agent`. */
  readonly at?: number
}

/** As they are written, without replicas. */
export const writtenAgents = ({ agent, agents }: StageDefinition): readonly Omit<StageAgent, 'name'>[] =>
  agents?.map((each, at) => ({ agent: typeof each === 'string' ? each : each.agent, at })) ??
  (agent === undefined ? [] : [{ agent }])

export const stageAgents = (stage: StageDefinition): readonly StageAgent[] => {
  const all = writtenAgents(stage).flatMap((each) => Array.from({ length: stage.replicas }, () => each))
  const numbers = new Map<string, number>()
  return all.map((each) => {
    const number = (numbers.get(each.agent) ?? 0) + 1
    numbers.set(each.agent, number)
    const alone = all.filter(({ agent }) => agent === each.agent).length === 1
    return { ...each, name: alone ? each.agent : `${each.agent}-${number}` }
  })
}

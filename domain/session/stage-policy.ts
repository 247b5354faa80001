// Whether a stage has succeeded, from how its agents stand; helpers of its agents have no say.
import type { Execution, PresentSession, Stage } from './session-state.ts'

export type StageVerdict =
  | { readonly kind: 'open' }
  | { readonly kind: 'decided'; readonly status: 'completed' | 'failed'; readonly settled: boolean }

export const executionsOf = (state: PresentSession, { planned }: Stage): readonly Execution[] =>
  planned.agents.flatMap(({ executionId }) => state.executions[executionId] ?? [])

/** `settled`: nobody is at work any more. A stage that may stop early is decided before. */
export const verdictOnStage = (state: PresentSession, stage: Stage): StageVerdict => {
  const executions = executionsOf(state, stage)
  const total = executions.length
  const completed = executions.filter(({ status }) => status === 'completed').length
  const open = executions.filter(({ status }) => status === 'running' || status === 'planned').length
  const needed = neededOf(stage, total)
  const settled = open === 0
  if (settled) return { kind: 'decided', status: completed >= needed ? 'completed' : 'failed', settled }
  if (stage.planned.earlyStop !== true) return { kind: 'open' }
  if (completed >= needed) return { kind: 'decided', status: 'completed', settled }
  return completed + open < needed ? { kind: 'decided', status: 'failed', settled } : { kind: 'open' }
}

/** A quorum larger than the stage would never be met: it means all. */
const neededOf = ({ planned }: Stage, total: number): number => {
  const policy = planned.policy ?? { kind: 'any' }
  switch (policy.kind) {
    case 'any':
      return 1
    case 'all':
      return total
    case 'quorum':
      return Math.min(policy.count, total)
  }
}

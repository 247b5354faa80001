// A plan grows while it runs: a failed stage is run again, and a review sends the work back for another cycle.
import type { EventData } from '../../schemas/events.ts'
import type { StageId } from '../../schemas/ids.ts'
import type { ExtensionReason, PlannedStage } from '../../schemas/session-plan.ts'
import { executionIdOf, stageIdOf } from './session-ids.ts'
import type { PresentSession, Stage } from './session-state.ts'
import { stagesBetween } from './stage-graph.ts'
import { executionsOf } from './stage-policy.ts'
import { verdictIn } from './verdict.ts'

export type Extension =
  | { readonly kind: 'extend'; readonly data: EventData<'session.plan_extended'> }
  | { readonly kind: 'limit'; readonly data: EventData<'session.limit_reached'> }
  | { readonly kind: 'none' }

const none: Extension = { kind: 'none' }

/** What a stage that has just ended calls for. */
export const extensionAfter = (state: PresentSession, stage: Stage): Extension =>
  stage.status === 'failed' ? retryOf(state, stage) : stage.status === 'completed' ? cycleAfter(state, stage) : none

const retryOf = (state: PresentSession, stage: Stage): Extension => {
  const attempt = stage.planned.attempt ?? 1
  const attempts = (stage.planned.retries ?? 0) + 1
  if (attempt >= attempts) return none
  const reason: ExtensionReason = { kind: 'retry', stageId: stage.id, attempt: attempt + 1, of: attempts }
  return extend(state, stage, reason, [stage], (planned) => ({ ...planned, attempt: attempt + 1 }))
}

const cycleAfter = (state: PresentSession, stage: Stage): Extension => {
  const { loop } = stage.planned
  if (loop === undefined) return none
  const verdict = verdictIn(conclusionOf(state, stage))
  if (verdict === loop.until.toLowerCase()) return none
  const cycle = stage.planned.cycle ?? 1
  const said = verdict === '' ? 'no verdict' : `the verdict "${verdict}"`
  if (cycle >= loop.maxCycles) {
    const message = `${stage.name} ended with ${said} after cycle ${cycle} of ${loop.maxCycles}; the work goes on as it is.`
    return { kind: 'limit', data: { limit: 'cycles', stageId: stage.id, message } }
  }
  const again = stagesBetween(state, loop.backTo, stage.id)
  if (again.length === 0) return none
  const reason: ExtensionReason = { kind: 'cycle', stageId: stage.id, cycle: cycle + 1, of: loop.maxCycles, verdict }
  return extend(state, stage, reason, again, (planned) => ({ ...planned, cycle: cycle + 1 }))
}

const extend = (
  state: PresentSession,
  ended: Stage,
  reason: ExtensionReason,
  again: readonly Stage[],
  change: (planned: PlannedStage) => PlannedStage,
): Extension => {
  const count = Object.keys(state.stages).length
  const limit = state.plan?.limits.maxStages
  if (limit !== undefined && count + again.length > limit) {
    const message = `${ended.name} would run ${again.length} more of at most ${limit} stages; ${count} are planned already.`
    return { kind: 'limit', data: { limit: 'stages', stageId: ended.id, message } }
  }
  const ids = new Map(again.map(({ id }, index) => [id, stageIdOf(state.id, count + index + 1)]))
  const rerun = (id: StageId): StageId => ids.get(id) ?? id
  const stages = again.map((stage, index): PlannedStage => {
    const { planned } = stage
    const number = count + index + 1
    const own = stage.dependsOn.map(rerun)
    // The first stage of a new cycle goes on from the review that asked for it.
    const dependsOn = reason.kind === 'cycle' && index === 0 ? [...own, ended.id] : own
    return {
      ...change(planned),
      stageId: rerun(stage.id),
      repeats: stage.id,
      dependsOn,
      agents: planned.agents.map(({ agent }, agentIndex) => ({
        executionId: executionIdOf(state.id, number, agentIndex + 1),
        agent,
      })),
      ...(planned.loop !== undefined && { loop: { ...planned.loop, backTo: rerun(planned.loop.backTo) } }),
    }
  })
  return { kind: 'extend', data: { reason, stages } }
}

const conclusionOf = (state: PresentSession, stage: Stage): string =>
  executionsOf(state, stage).find(({ status }) => status === 'completed')?.conclusion?.text ?? ''

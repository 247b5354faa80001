// The plan as a graph of stages: what may start, what lies between two stages, where it ends.
import type { StageId } from '../../schemas/ids.ts'
import type { ExtensionReason, PlannedStage } from '../../schemas/session-plan.ts'
import type { PresentSession, Stage } from './session-state.ts'

/** Adds planned stages to those there are; one that repeats another takes its place before what has not started. */
export const withPlannedStages = (
  stages: PresentSession['stages'],
  added: readonly PlannedStage[],
  reason?: ExtensionReason,
): PresentSession['stages'] => {
  const result: Record<string, Stage> = {}
  const replacedBy = new Map(
    added.flatMap(({ stageId, repeats }) => (repeats === undefined ? [] : [[repeats, stageId]])),
  )
  // What waits for the stage that was broken down waits for every part of it.
  const parts = reason?.kind === 'decomposition' ? { of: reason.stageId, ids: lastOf(added) } : undefined
  for (const stage of Object.values(stages)) {
    const waits = stage.status === 'planned'
    const more = waits && parts !== undefined && stage.dependsOn.includes(parts.of) ? parts.ids : []
    result[stage.id] = {
      ...stage,
      dependsOn: waits ? [...stage.dependsOn.map((id) => replacedBy.get(id) ?? id), ...more] : stage.dependsOn,
      repeatedBy: replacedBy.get(stage.id) ?? stage.repeatedBy,
    }
  }
  let before = Object.values(stages).at(-1)?.id
  for (const planned of added) {
    const { stageId: id, name } = planned
    const dependsOn = planned.dependsOn ?? (before === undefined ? [] : [before])
    const index = Object.keys(result).length
    result[id] = { id, name, index, status: 'planned', planned, dependsOn, repeatedBy: null }
    before = id
  }
  return result
}

/** Those that none of the others waits for. */
const lastOf = (planned: readonly PlannedStage[]): readonly StageId[] => {
  const waitedFor = new Set(planned.flatMap(({ dependsOn }) => dependsOn ?? []))
  return planned.flatMap(({ stageId }) => (waitedFor.has(stageId) ? [] : [stageId]))
}

/** Stages whose last word counts: all but those that are run again. */
export const currentStages = (state: PresentSession): readonly Stage[] =>
  Object.values(state.stages).filter(({ repeatedBy }) => repeatedBy === null)

export const stagesToStart = (state: PresentSession): readonly Stage[] =>
  Object.values(state.stages).filter(
    ({ status, dependsOn }) =>
      status === 'planned' &&
      dependsOn.every((id) => {
        const needed = state.stages[id]
        return needed !== undefined && (needed.status === 'completed' || (hasEnded(needed) && isOptional(needed)))
      }),
  )

/** Every stage on a way from `first` to `last`, both included, in the order of the plan. */
export const stagesBetween = (state: PresentSession, first: StageId, last: StageId): readonly Stage[] => {
  const needed = new Set(ancestorsOf(state, last)).add(last)
  return Object.values(state.stages).filter(
    ({ id }) => needed.has(id) && (id === first || ancestorsOf(state, id).has(first)),
  )
}

export const ancestorsOf = (state: PresentSession, id: StageId): ReadonlySet<StageId> => {
  const found = new Set<StageId>()
  const visit = (each: StageId): void => {
    for (const above of state.stages[each]?.dependsOn ?? []) {
      if (found.has(above)) continue
      found.add(above)
      visit(above)
    }
  }
  visit(id)
  return found
}

/** The stage whose conclusion is the session's: the last completed one that no other stage goes on from. */
export const lastStage = (state: PresentSession): Stage | undefined => {
  const completed = currentStages(state).filter(({ status }) => status === 'completed')
  const goneOnFrom = new Set(completed.flatMap(({ dependsOn }) => dependsOn))
  return completed.findLast(({ id }) => !goneOnFrom.has(id))
}

export const hasEnded = ({ status }: Stage): boolean => status !== 'planned' && status !== 'running'
export const isOptional = ({ planned }: Stage): boolean => planned.optional === true

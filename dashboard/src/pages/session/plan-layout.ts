// Where the stages of a plan stand in its picture: each below all it waits for, near the middle of those.
interface PlannedStage {
  readonly id: string
  readonly dependsOn: readonly string[]
}

export interface Place {
  readonly id: string
  /** From the top; 0 waits for nothing. */
  readonly layer: number
  /** Within its layer, from the left. */
  readonly slot: number
}

/** A stage that waits for one of a later place, or of none, stands as if it did not: a picture never fails. */
export const layoutPlan = (stages: readonly PlannedStage[]): readonly Place[] => {
  const layers = new Map<string, number>()
  for (const { id, dependsOn } of stages) {
    layers.set(id, Math.max(-1, ...dependsOn.map((each) => layers.get(each) ?? -1)) + 1)
  }
  const places = new Map<string, Place>()
  const deepest = Math.max(-1, ...layers.values())
  for (let layer = 0; layer <= deepest; layer++) {
    const own = stages.filter(({ id }) => layers.get(id) === layer)
    const middle = ({ dependsOn }: PlannedStage): number => {
      const slots = dependsOn.flatMap((id) => places.get(id)?.slot ?? [])
      return slots.reduce((sum, slot) => sum + slot, 0) / Math.max(1, slots.length)
    }
    for (const [slot, { id }] of own.toSorted((a, b) => middle(a) - middle(b)).entries()) {
      places.set(id, { id, layer, slot })
    }
  }
  return stages.flatMap(({ id }) => places.get(id) ?? [])
}

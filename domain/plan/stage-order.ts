// The stages of a chain as a graph: what each waits for, an order to stand in, and what is wrong with it.
import type { ChainDefinition, StageDefinition } from '../../schemas/chain-definition.ts'

export interface ChainFault {
  /** Within the chain, such as `['stages', 1, 'depends_on', 0]`. */
  readonly path: readonly (string | number)[]
  readonly message: string
  /** A name that was not found, and those there are: one of them may be meant. */
  readonly name?: { readonly written: string; readonly known: readonly string[] }
}

export interface StageOrder {
  /** Indexes into the stages of the chain; each stands behind those it waits for, else as written. */
  readonly order: readonly number[]
  /** By index: the stages it waits for. */
  readonly needs: readonly (readonly number[])[]
  readonly faults: readonly ChainFault[]
}

export const agentCountOf = ({ agents, replicas }: StageDefinition): number => (agents?.length ?? 1) * replicas

/** `mostStages` is the chain's own limit, else the one of `defaults`. */
export const orderStages = ({ stages }: ChainDefinition, mostStages: number): StageOrder => {
  const faults: ChainFault[] = []
  const indexOf = new Map<string, number>()
  for (const [index, { name }] of stages.entries()) {
    if (indexOf.has(name)) {
      faults.push({ path: ['stages', index, 'name'], message: `another stage is called "${name}"; name it otherwise` })
    } else indexOf.set(name, index)
  }
  const known = [...indexOf.keys()]
  const find = (written: string, path: ChainFault['path']): number | undefined => {
    const index = indexOf.get(written)
    if (index === undefined) faults.push({ path, message: `there is no stage "${written}"`, name: { written, known } })
    return index
  }

  const needs = stages.map(({ depends_on }, index): readonly number[] => {
    if (depends_on === undefined) return index === 0 ? [] : [index - 1]
    const found = depends_on.flatMap((name, at) => find(name, ['stages', index, 'depends_on', at]) ?? [])
    return [...new Set(found)]
  })
  const order = inOrder(needs)
  if (order.length < stages.length) faults.push(circleFault(stages, needs, order))

  const count = stages.length + stages.filter(hasSynthesis).length + (lastOf(needs).length > 1 ? 1 : 0)
  if (count > mostStages) {
    const message = `${mostStages} stages are fewer than the ${count} the chain begins with, each synthesis counted`
    faults.push({ path: ['max_stages'], message })
  }
  for (const [index, stage] of stages.entries()) {
    faults.push(...policyFaults(stage, index))
    if (stage.loop === undefined) continue
    const path = ['stages', index, 'loop', 'back_to']
    const back = find(stage.loop.back_to, path)
    if (back !== undefined && !ancestorsOf(needs, index).has(back)) {
      const message = `"${stage.loop.back_to}" does not come before "${stage.name}": only work that led here can be sent back`
      faults.push({ path, message })
    }
  }
  return { order, needs, faults }
}

/** Those nobody waits for: what they find is the end of the session. */
export const lastOf = (needs: StageOrder['needs']): readonly number[] => {
  const waitedFor = new Set(needs.flat())
  return needs.flatMap((_, index) => (waitedFor.has(index) ? [] : [index]))
}

export const hasSynthesis = (stage: StageDefinition): boolean =>
  stage.synthesis === undefined ? agentCountOf(stage) > 1 : stage.synthesis !== false

const policyFaults = (stage: StageDefinition, index: number): readonly ChainFault[] => {
  const { policy } = stage
  const count = agentCountOf(stage)
  if (typeof policy !== 'object' || policy.quorum <= count) return []
  const message = `is more than the ${count === 1 ? 'one agent' : `${count} agents`} of the stage`
  return [{ path: ['stages', index, 'policy', 'quorum'], message }]
}

/** What is part of a circle, or waits for one, is left out. */
const inOrder = (needs: StageOrder['needs']): readonly number[] => {
  const order: number[] = []
  const placed = new Set<number>()
  for (;;) {
    const next = needs.findIndex((own, index) => !placed.has(index) && own.every((each) => placed.has(each)))
    if (next < 0) return order
    placed.add(next)
    order.push(next)
  }
}

/** Walks from a stage that found no place to what it waits for, until one comes up again. */
const circleFault = (
  stages: readonly StageDefinition[],
  needs: StageOrder['needs'],
  order: readonly number[],
): ChainFault => {
  const placed = new Set(order)
  const walked: number[] = []
  let at = needs.findIndex((_, index) => !placed.has(index))
  while (!walked.includes(at)) {
    walked.push(at)
    at = needs[at]?.find((each) => !placed.has(each)) ?? at
  }
  const circle = [...walked.slice(walked.indexOf(at)), at]
  const names = circle.map((index) => `"${stages[index]?.name}"`).join(' waits for ')
  const first = Math.min(...circle)
  // A stage that says nothing waits for the one before it: the word that closes the circle stands elsewhere.
  const told = circle.find((index) => stages[index]?.depends_on !== undefined) ?? first
  return { path: ['stages', told, 'depends_on'], message: `the stages wait in a circle: ${names}` }
}

const ancestorsOf = (needs: StageOrder['needs'], index: number): ReadonlySet<number> => {
  const found = new Set<number>()
  const visit = (each: number): void => {
    for (const above of needs[each] ?? []) {
      if (found.has(above)) continue
      found.add(above)
      visit(above)
    }
  }
  visit(index)
  return found
}

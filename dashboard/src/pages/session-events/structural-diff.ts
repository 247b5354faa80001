// What differs between two states, place by place: things with an id are compared with themselves, wherever they stand.
export interface Change {
  /** Such as `executions[exe_…].turns`. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: unknown
  readonly after?: unknown
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** By `id` where each has one of its own, else by place. */
const partsOf = (list: readonly unknown[]): Fields => {
  const ids = list.map((each) => (isFields(each) && typeof each['id'] === 'string' ? each['id'] : null))
  const named = ids.every((id) => id !== null) && new Set(ids).size === ids.length
  return Object.fromEntries(list.map((each, index) => [named ? ids[index] : index, each]))
}

export const changesBetween = (before: unknown, after: unknown, path = ''): readonly Change[] => {
  if (Object.is(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after)) {
    return changesOfParts(partsOf(before), partsOf(after), (part) => `${path}[${part}]`)
  }
  if (isFields(before) && isFields(after)) {
    return changesOfParts(before, after, (part) => (path === '' ? part : `${path}.${part}`))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (before === undefined) return [{ path, kind: 'added', after }]
  if (after === undefined) return [{ path, kind: 'removed', before }]
  return [{ path, kind: 'changed', before, after }]
}

const changesOfParts = (before: Fields, after: Fields, pathOf: (part: string) => string): readonly Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((part) =>
    changesBetween(before[part], after[part], pathOf(part)),
  )

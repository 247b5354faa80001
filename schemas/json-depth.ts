// How deep JSON may be nested: what walks over it later recurses, and must not run out of stack.
export const maxJsonDepth = 100

/** Found without recursion. */
export const isTooDeep = (value: unknown): boolean => {
  let level = containersIn([value])
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === maxJsonDepth) return true
    level = level.flatMap((each) => containersIn(Object.values(each)))
  }
  return false
}

const containersIn = (values: readonly unknown[]): readonly object[] =>
  values.filter((value): value is object => typeof value === 'object' && value !== null)

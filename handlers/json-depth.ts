// How deep JSON from a model or a tool server may nest: every reader of the log recurses over it, each on another stack.
import type { JsonValue } from '../schemas/json-value.ts'

/** Far deeper than anything people write, far from the end of any stack. */
export const maxJsonDepth = 64

export const isTooDeep = (value: JsonValue): boolean => {
  let level: readonly JsonValue[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxJsonDepth) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}

// Patterns of an operator's own: they run before the named ones, over the text and over strings that JSON escapes.
import { mapIslands, mapStrings } from './json-islands.ts'
import { isPlaceholder, placeholder } from './placeholder.ts'

export interface CustomPattern {
  readonly name: string
  /** Must be linear-time: it runs over text from outside. */
  readonly pattern: RegExp
  /** As `String.replace` takes it; `__MASKED_<NAME>__` when absent. */
  readonly replacement?: string
}

/** `found` is told the name of each pattern that masked something, each time. */
export const maskCustom = (text: string, patterns: readonly CustomPattern[], found: (name: string) => void): string => {
  if (patterns.length === 0) return text
  const raw = patterns.reduce((done, pattern) => replaced(done, pattern, found), text)
  return mapIslands(
    raw,
    (loose) => loose,
    (value) => mapStrings(value, (each) => (isEscaped(each) ? maskCustom(each, patterns, found) : each)),
  )
}

/** As JSON writes it, it looks different, so that a pattern could not see it there. */
const isEscaped = (text: string): boolean => JSON.stringify(text).length !== text.length + 2

const replaced = (
  text: string,
  { name, pattern, replacement }: CustomPattern,
  found: (name: string) => void,
): string => {
  const everywhere = pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`)
  const once = new RegExp(pattern, pattern.flags.replace(/[gy]/g, ''))
  return text.replace(everywhere, (secret: string) => {
    if (secret === '' || isPlaceholder(secret)) return secret
    found(name)
    return replacement === undefined ? placeholder(name) : secret.replace(once, replacement)
  })
}

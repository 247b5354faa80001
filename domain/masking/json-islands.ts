// Finds the JSON texts inside a text, and rewrites their strings in place: everything else of them stays as it was written.
import type { JsonValue } from '../../schemas/json-value.ts'

interface JsonIsland {
  readonly start: number
  readonly end: number
  readonly value: JsonValue
}

/** Not in the middle of a word: that may be a secret. A list of numbers only at the beginning of a line: `[1]` is in many texts. */
const candidate = /(?<!\w)(?:\{\s*(?=")|\[\s*(?=[{["]))|(?<=^[ \t]*)\[\s*(?=-?\d|true|false|null)/gm
/** Scanning is paid from a budget, so that a text of opening brackets costs no more than a few readings of it. */
const readings = 16
const maxDepth = 200

const jsonIslands = (text: string): readonly JsonIsland[] => {
  const islands: JsonIsland[] = []
  let budget = text.length * readings
  candidate.lastIndex = 0
  const starts = new RegExp(candidate)
  for (let found = starts.exec(text); found !== null && budget > 0; found = starts.exec(text)) {
    const start = found.index
    // A member of a larger JSON text that could not be read means nothing without its surroundings.
    if (/"\s*:\s*$/.test(text.slice(Math.max(0, start - 20), start))) continue
    const end = balancedEnd(text, start)
    budget -= (end ?? text.length) - start
    const value = end === undefined ? undefined : parsed(text.slice(start, end))
    if (end === undefined || value === undefined) continue
    islands.push({ start, end, value })
    starts.lastIndex = end
  }
  return islands
}

/** Rewrites what is JSON and what is not, each in its own way. */
export const mapIslands = (
  text: string,
  loose: (text: string) => string,
  island: (value: JsonValue) => JsonValue,
): string => {
  let out = ''
  let done = 0
  for (const { start, end, value } of jsonIslands(text)) {
    out += loose(text.slice(done, start)) + rewriteJson(text.slice(start, end), island(value))
    done = end
  }
  return out + loose(text.slice(done))
}

export const mapStrings = (value: JsonValue, map: (text: string) => string): JsonValue => {
  if (typeof value === 'string') return map(value)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => mapStrings(item, map))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapStrings(member, map)]))
}

/** `masked` has the shape of what `text` holds; strings (and any other leaf) that differ are written anew. */
const rewriteJson = (text: string, masked: JsonValue): string => {
  let out = ''
  let done = 0
  let at = 0
  const space = (): void => {
    while (/\s/.test(text[at] ?? 'x')) at++
  }
  const token = (): string => {
    const start = at
    if (text[at] === '"') at = endOfString(text, at)
    else while (at < text.length && !/[\s,:\]}]/.test(text[at] ?? ',')) at++
    return text.slice(start, at)
  }
  const visit = (value: JsonValue | undefined): void => {
    space()
    const open = text[at]
    if (open === '{' || open === '[') {
      at++
      space()
      for (let index = 0; text[at] !== '}' && text[at] !== ']'; index++) {
        let name: string | number = index
        if (open === '{') {
          name = String(parsed(token()))
          space()
          at++
        }
        visit(memberOf(value, name))
        space()
        if (text[at] === ',') at++
        space()
        if (at >= text.length) return
      }
      at++
      return
    }
    const start = at
    const raw = token()
    if (value === undefined || typeof value === 'object') return
    if (parsed(raw) === value) return
    out += text.slice(done, start) + JSON.stringify(value)
    done = at
  }
  visit(masked)
  return out + text.slice(done)
}

const memberOf = (value: JsonValue | undefined, name: string | number): JsonValue | undefined => {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return typeof name === 'number' ? value[name] : undefined
  return Object.hasOwn(value, name) ? value[name] : undefined
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

const parsed = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const balancedEnd = (text: string, start: number): number | undefined => {
  const marks = /["{}[\]]/g
  marks.lastIndex = start
  let depth = 0
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const mark = found[0]
    if (mark === '"') marks.lastIndex = endOfString(text, found.index)
    else if (mark === '{' || mark === '[') depth++
    else depth--
    if (depth > maxDepth) return undefined
    if (depth === 0) return found.index + 1
  }
  return undefined
}

/** Just behind the closing quote, or the end of the text. */
const endOfString = (text: string, quoteAt: number): number => {
  const marks = /["\\]/g
  marks.lastIndex = quoteAt + 1
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    if (found[0] === '"') return marks.lastIndex
    marks.lastIndex = found.index + 2
  }
  return text.length
}

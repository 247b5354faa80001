// Where the value of a key begins and ends, by the conventions of whoever wrote it: quotes, YAML lines and blocks, lists, words.
import { closingOf, openingAt } from './quoted.ts'
import type { Where } from './secret-keys.ts'
import { refersAt } from './secret-values.ts'
import type { TextEnds } from './text-ends.ts'

export interface ValueSpan {
  readonly start: number
  readonly end: number
  readonly where: Where
  /** Written before the placeholder. */
  readonly prefix?: string
}

export interface Assigned {
  /** Behind the separator. */
  readonly at: number
  readonly keyAt: number
  readonly keyQuote: string | undefined
  readonly separator: string
  /** The secret may hold spaces. */
  readonly spaces: boolean
  /** An HTTP header, whose value runs to the end of its line. */
  readonly header: boolean
}

export const valueSpansAt = (ends: TextEnds, key: Assigned): readonly ValueSpan[] => {
  const { text } = ends
  const quoted = quotedAt(ends, key.at, key)
  if (quoted !== undefined) return quoted === 'none' ? [] : [quoted]
  if (refersAt(text, key.at)) return []
  if (text[key.at] === '[') return listAt(ends, key.at + 1, key)
  const lineEnd = ends.endOfLine(key.at)
  const rest = text.slice(key.at, Math.min(lineEnd, key.at + 300)).trimEnd()
  const yamlLine = key.separator.includes(':') && /^[ \t]*(?:- +)?["']?$/.test(lineBefore(text, key.keyAt))
  if (yamlLine && /^(?:[|>][-+\d]{0,3}(?: +#.*)?)?$/.test(rest)) return blockAt(ends, key.keyAt, lineEnd, rest !== '')
  // JSON would not stay JSON.
  if (key.keyQuote?.endsWith('"') && /^(?:-?\d[\d.eE+-]*|true|false|null)(?=[\s,}\]\\]|$)/.test(rest)) return []
  if (key.header) {
    const end = endOfHeader(text, key.at, lineEnd)
    return [{ start: key.at, end, where: 'line' }]
  }
  const startsLine = /^[ \t]*(?:- +)?$/.test(lineBefore(text, key.keyAt)) && /[:=][ \t]+$/.test(key.separator)
  if (key.spaces && startsLine && rest.length < 256 && !/[:=]\s|\w=|\\[nrt]|\\*["']\s*[,}\]]/.test(rest)) {
    const comment = rest.search(/\s#/)
    const value = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd()
    return [{ start: key.at, end: key.at + value.length, where: 'line' }]
  }
  const where: Where = key.separator.includes('=') ? 'whole' : startsLine || yamlLine ? 'line' : 'prose'
  return [{ start: key.at, end: ends.endOfPlain(key.at), where }]
}

const quotedAt = (ends: TextEnds, at: number, key: Assigned): ValueSpan | 'none' | undefined => {
  const { text } = ends
  const open = openingAt(text, at)
  if (open === undefined) return undefined
  const keyLevel = key.keyQuote === undefined ? 0 : key.keyQuote.length - 1
  if (key.keyQuote !== undefined && open.level < keyLevel) return 'none'
  // The quote ends the text that the key stands in: "password:", not password:"…"
  if (key.keyQuote === undefined && /^(?:[,}\])]|\s|$)/.test(text.slice(open.start, open.start + 1))) return 'none'
  const lineEnd = ends.endOfLine(at)
  let close = closingOf(text, open, lineEnd)
  if (!close.closed && close.end === lineEnd) {
    const further = closingOf(text, open, Math.min(text.length, open.start + 2000))
    if (further.closed && !/[:=]/.test(text.slice(lineEnd, further.end))) close = further
  }
  return { start: open.start, end: close.end, where: 'whole' }
}

const listAt = (ends: TextEnds, at: number, key: Assigned): readonly ValueSpan[] => {
  const { text } = ends
  const spans: ValueSpan[] = []
  const gap = /[\s,]*/y
  for (let next = at; spans.length < 1000; ) {
    gap.lastIndex = next
    gap.test(text)
    const item = quotedAt(ends, gap.lastIndex, { ...key, keyQuote: '"' })
    if (item === undefined || item === 'none') return spans
    spans.push(item)
    next = item.end + (openingAt(text, item.end)?.level ?? 0) + 1
  }
  return spans
}

/** A YAML block scalar, or the value (or list) on the lines below its key. */
const blockAt = (ends: TextEnds, keyAt: number, lineEnd: number, scalar: boolean): readonly ValueSpan[] => {
  const { text } = ends
  const indent = indentation(`${lineBefore(text, keyAt)}x`)
  const spans: ValueSpan[] = []
  let first: number | undefined
  let last = lineEnd
  for (let at = lineEnd + 1; at < text.length; ) {
    const end = ends.endOfLine(at)
    const line = text.slice(at, end)
    const dash = scalar ? null : /^\s*- +/.exec(line)
    const depth = indentation(line)
    if (line.trim() !== '') {
      if (depth < indent || (depth === indent && dash === null)) break
      if (!scalar && /^[^"']*:(?:\s|$)/.test(line)) break
      const skip = dash?.[0].length ?? depth
      const open = scalar ? undefined : openingAt(text, at + skip)
      if (open !== undefined && open.level === 0) {
        spans.push({ start: open.start, end: closingOf(text, open, end).end, where: 'whole' })
      } else if (dash !== null) spans.push({ start: at + skip, end: at + line.trimEnd().length, where: 'line' })
      else {
        first ??= at + skip
        last = at + line.trimEnd().length
      }
    }
    at = end + 1
  }
  return first === undefined
    ? spans
    : [{ start: first, end: last, where: 'line' }, ...spans.filter((s) => s.start > last)]
}

const endOfHeader = (text: string, at: number, lineEnd: number): number => {
  const stops = /["'`]|\\+["'nr]|,\s*[A-Za-z-]{1,40}:/g
  stops.lastIndex = at
  const stop = stops.exec(text.slice(0, Math.min(lineEnd, at + 16_000)))
  const end = stop?.index ?? lineEnd
  return at + text.slice(at, end).trimEnd().length
}

/** What stands before the key on its line; a key further right than this is no line's beginning. */
const lineBefore = (text: string, at: number): string => {
  const near = text.slice(Math.max(0, at - 200), at)
  return near.includes('\n') ? near.slice(near.lastIndexOf('\n') + 1) : at <= 200 ? near : 'far'
}

const indentation = (line: string): number => line.length - line.trimStart().length

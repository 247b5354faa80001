// Where the value of a key begins and ends, by the conventions of whoever wrote it: quotes, YAML lines and blocks, lists, words.
import { closingOf, openingAt } from './quoted.ts'
import type { Where } from './secret-keys.ts'
import { refersAt } from './secret-values.ts'

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

export const valueSpansAt = (text: string, key: Assigned): readonly ValueSpan[] => {
  const quoted = quotedAt(text, key.at, key)
  if (quoted !== undefined) return quoted === 'none' ? [] : [quoted]
  if (refersAt(text, key.at)) return []
  if (text[key.at] === '[') return listAt(text, key.at + 1, key)
  const lineEnd = endOfLine(text, key.at)
  const rest = text.slice(key.at, Math.min(lineEnd, key.at + 300)).trimEnd()
  // `kubectl describe` says where a value comes from, and goes on behind it.
  if (rest.startsWith("<set to the key '")) return []
  const yamlLine = key.separator.includes(':') && /^[ \t]*(?:- +)?["']?$/.test(lineBefore(text, key.keyAt))
  if (yamlLine && /^(?:[|>][-+\d]{0,3}(?: +#.*)?)?$/.test(rest)) return blockAt(text, key.keyAt, lineEnd, rest !== '')
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
  return [{ start: key.at, end: endOfPlain(text, key.at), where }]
}

const quotedAt = (text: string, at: number, key: Assigned): ValueSpan | 'none' | undefined => {
  const open = openingAt(text, at)
  if (open === undefined) return undefined
  const keyLevel = key.keyQuote === undefined ? 0 : key.keyQuote.length - 1
  if (key.keyQuote !== undefined && open.level < keyLevel) return 'none'
  // The quote ends the text that the key stands in: "password:", not password:"…"
  if (key.keyQuote === undefined && /^(?:[,}\])]|\s|$)/.test(text.slice(open.start, open.start + 1))) return 'none'
  const lineEnd = endOfLine(text, at)
  let close = closingOf(text, open, lineEnd)
  if (!close.closed && close.end === lineEnd) {
    const further = closingOf(text, open, Math.min(text.length, open.start + 2000))
    if (further.closed && !/[:=]/.test(text.slice(lineEnd, further.end))) close = further
  }
  return { start: open.start, end: close.end, where: 'whole' }
}

const listAt = (text: string, at: number, key: Assigned): readonly ValueSpan[] => {
  const spans: ValueSpan[] = []
  const gap = /[\s,]*/y
  for (let next = at; spans.length < 1000; ) {
    gap.lastIndex = next
    gap.test(text)
    const item = quotedAt(text, gap.lastIndex, { ...key, keyQuote: '"' })
    if (item === undefined || item === 'none') return spans
    spans.push(item)
    next = item.end + (openingAt(text, item.end)?.level ?? 0) + 1
  }
  return spans
}

/** A YAML block scalar, or the value (or list) on the lines below its key. */
const blockAt = (text: string, keyAt: number, lineEnd: number, scalar: boolean): readonly ValueSpan[] => {
  const indent = indentation(`${lineBefore(text, keyAt)}x`)
  const spans: ValueSpan[] = []
  let first: number | undefined
  let last = lineEnd
  for (let at = lineEnd + 1; at < text.length; ) {
    const end = endOfLine(text, at)
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

/** A word ends at a space, or where punctuation closes what it stands in; punctuation inside belongs to the secret. */
export const endOfPlain = (text: string, at: number): number => {
  const stops = /[\s"'`,;&\\<)\]}]/g
  stops.lastIndex = at
  for (let stop = stops.exec(text); stop !== null; stop = stops.exec(text)) {
    const mark = stop[0]
    const after = text.slice(stop.index + 1, stop.index + 81)
    if (/\s/.test(mark)) return trimmed(text, at, stop.index)
    if (/["'`]/.test(mark) && stop.index > at + 1 && /^(?:[\s,;:)}\]>]|$)/.test(after)) return stop.index
    if (/[,;&]/.test(mark) && /^\s*(?:$|\\*["']?[\w.%-]{1,64}\\*["']?\s*[:=])|^\s/.test(after)) return stop.index
    if (mark === '\\' && /^(?:[nrt]|\\*["'])/.test(after)) return stop.index
    if (mark === '<' && after.startsWith('/')) return stop.index
    if (/[)\]}]/.test(mark) && /^[)\]}]*(?:[\s,;"'`\\]|$)/.test(after)) return stop.index
    if (mark === '\\') stops.lastIndex = stop.index + 2
  }
  return trimmed(text, at, text.length)
}

const trimmed = (text: string, at: number, end: number): number =>
  end > at && /[.,;!?]/.test(text[end - 1] ?? '') ? end - 1 : end

const endOfHeader = (text: string, at: number, lineEnd: number): number => {
  const stops = /["'`]|\\+["'nr]|,\s*[A-Za-z-]{1,40}:/g
  stops.lastIndex = at
  const stop = stops.exec(text.slice(0, Math.min(lineEnd, at + 16_000)))
  const end = stop?.index ?? lineEnd
  return at + text.slice(at, end).trimEnd().length
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** What stands before the key on its line; a key further right than this is no line's beginning. */
const lineBefore = (text: string, at: number): string => {
  const near = text.slice(Math.max(0, at - 200), at)
  return near.includes('\n') ? near.slice(near.lastIndexOf('\n') + 1) : at <= 200 ? near : 'far'
}

const indentation = (line: string): number => line.length - line.trimStart().length

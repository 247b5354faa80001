// Masks values by their keys in any text: env files, YAML, headers, flags, queries, logs, escaped JSON. One pass, no parser.

import { type ValueSpan, valueSpansAt } from './assigned-values.ts'
import type { PatternName } from './patterns.ts'
import { isPlaceholder, placeholder } from './placeholder.ts'
import { authorizationScheme, type SecretKey, secretKeyOf } from './secret-keys.ts'
import { textEnds } from './text-ends.ts'

export interface MaskedAssignments {
  readonly text: string
  readonly found: readonly PatternName[]
}

/** A key run begins where none can have begun earlier, so each is read once. Flags may part from their value by a space. */
const assignment =
  /(?<![\w.-])([\w.-]+)(\\*["'])?([ \t]*(?:=>|:=|[:=])[ \t]*)|(?<![\w.-])(--?[A-Za-z][\w.-]*)(?:[ \t]+|["'],?[ \t]+|["'],|["']?[ \t]*\r?\n[ \t]*-[ \t]+)(?![-\s])|<([A-Za-z][\w.:-]*)(?:\s[^<>]*)?>(?=[^<>\s][^<>]*<\/)/g

/** A key's name as data, the secret beside it: `- name: DB_PASSWORD` and then `value: …`. */
const namesAKey = /^(?:name|key)$/i
const holdsAValue = /^value$/i

export const maskAssignments = (text: string, asked: ReadonlySet<PatternName>): MaskedAssignments => {
  const found: PatternName[] = []
  let out = ''
  let done = 0
  let named: string | undefined
  const ends = textEnds(text)
  const scan = new RegExp(assignment)
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const at = scan.lastIndex
    const flag = match[4]
    const element = match[5]
    const key = match[1] ?? flag ?? element ?? ''
    const secret = secretKeyFor(key, text, match.index, holdsAValue.test(key) ? named : undefined)
    if (namesAKey.test(key)) {
      named = /[\w.-]{1,80}/y.exec(text.slice(at, at + 90).replace(/^\\*["']/, ''))?.[0]
    } else named = undefined
    const name = secret?.names.find((candidate) => asked.has(candidate))
    if (secret === undefined || name === undefined) continue
    const spans: readonly ValueSpan[] =
      element === undefined
        ? valueSpansAt(ends, {
            at,
            keyAt: match.index,
            keyQuote: match[2],
            separator: match[3] ?? ' ',
            spaces: secret.spaces,
            header: name === 'bearer' || name === 'cookie',
          })
        : [{ start: at, end: text.indexOf('<', at), where: 'whole' }]
    for (const span of spans) {
      const start = name === 'bearer' ? span.start + schemeLength(text.slice(span.start, span.end)) : span.start
      if (start < done || span.end <= start) continue
      // Masked before, by this very rule: what follows it was no part of the secret then.
      if (text.startsWith(placeholder(name), start)) continue
      const value = text.slice(start, span.end)
      if (isPlaceholder(value) || !accepts(secret, text.slice(span.start, span.end), span)) continue
      out += text.slice(done, start) + (span.prefix ?? '') + placeholder(name)
      done = span.end
      found.push(name)
      scan.lastIndex = Math.max(scan.lastIndex, span.end)
    }
  }
  return { text: out + text.slice(done), found }
}

const accepts = (secret: SecretKey, value: string, { where }: ValueSpan): boolean => secret.accepts(value, where)

const schemeLength = (value: string): number => authorizationScheme.exec(value.slice(0, 60))?.[0].length ?? 0

/** `API key: …` and `client secret = …` are written with spaces, too. */
const secretKeyFor = (key: string, text: string, at: number, named: string | undefined): SecretKey | undefined => {
  if (named !== undefined) return secretKeyOf(named)
  const before =
    text[at - 1] === ' ' ? (/([A-Za-z]{2,12}) $/.exec(text.slice(Math.max(0, at - 14), at))?.[1] ?? '') : ''
  return (
    secretKeyOf(key) ?? (/^(?:key|secret)s?$/i.test(key) && before !== '' ? secretKeyOf(`${before}_${key}`) : undefined)
  )
}

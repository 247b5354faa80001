// Masks Kubernetes Secrets in YAML and in broken JSON by their structure; ConfigMaps stay as they are. Key names stay too.
import type { JsonValue } from '../../schemas/json-value.ts'
import { isPlaceholder, placeholder } from './placeholder.ts'
import { closingOf, openingAt } from './quoted.ts'
import { isBase64 } from './secret-values.ts'

export interface MaskedSecrets {
  readonly text: string
  readonly count: number
}

const masked = placeholder('kubernetes_secret')
const secretType = /^(?:Opaque$|kubernetes\.io\/|bootstrap\.kubernetes\.io\/|helm\.sh\/release)/

/** A Secret by its kind, or by its type when the kind is cut away, as in the items of a SecretList. */
export const isKubernetesSecret = (value: { readonly [key: string]: JsonValue }): boolean =>
  value['kind'] === undefined
    ? typeof value['type'] === 'string' && secretType.test(value['type'])
    : value['kind'] === 'Secret'

interface Mapping {
  readonly column: number
  readonly parent: Mapping | undefined
  kind?: string
  type?: string
  apiVersion?: boolean
}

/** By lines and indentation: no YAML library where decisions are made, and half a document is still masked. */
export const maskSecretYaml = (text: string): MaskedSecrets => {
  if (!/^[ \t-]*["']?(?:data|stringData)["']?:/m.test(text)) return { text, count: 0 }
  const lines = text.split('\n')
  const mappings = mappingsOf(lines)
  const out: string[] = []
  let count = 0
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const mapping = mappings.get(index)
    const verdict = mapping === undefined ? 'leave' : verdictOf(mapping)
    out.push(line)
    if (mapping === undefined || verdict === 'leave') continue
    const colon = line.indexOf(':')
    const inline = line.slice(colon + 1).trim()
    if (inline !== '' && !/^(?:#|!|&)/.test(inline)) {
      if (verdict === 'mask' && inline !== '{}' && inline !== 'null' && !isPlaceholder(inline)) {
        out[out.length - 1] = `${line.slice(0, colon + 1)} ${masked}${carriage(line)}`
        count++
        while (index + 1 < lines.length && within(lines[index + 1] ?? '', mapping.column)) index++
      }
      continue
    }
    let child: number | undefined
    while (index + 1 < lines.length && within(lines[index + 1] ?? '', mapping.column)) {
      const member = lines[++index] ?? ''
      if (member.trim() === '') {
        if (verdict !== 'mask' || !within(lines[index + 1] ?? 'x', mapping.column)) out.push(member)
        continue
      }
      child ??= indentation(member)
      const pair =
        indentation(member) === child ? /^(\s*(?:"[^"]*"|'[^']*'|[^\s:#]+)\s*:)(?:\s+(.*))?$/.exec(member) : null
      const value = (pair?.[2] ?? '').trim()
      if (verdict === 'base64' && !isBase64(value.replace(/^["']|["']$/g, ''))) out.push(member)
      else if (pair !== null) {
        out.push(isPlaceholder(value) ? member : `${pair[1]} ${masked}${carriage(member)}`)
        if (!isPlaceholder(value)) count++
      }
    }
  }
  return count === 0 ? { text, count } : { text: out.join('\n'), count }
}

const verdictOf = (mapping: Mapping): 'mask' | 'base64' | 'leave' => {
  if (mapping.kind !== undefined) return mapping.kind === 'Secret' ? 'mask' : 'leave'
  if (mapping.type !== undefined && secretType.test(mapping.type)) return 'mask'
  for (let above = mapping.parent; above !== undefined; above = above.parent) {
    if (above.kind === 'SecretList') return 'mask'
  }
  return mapping.apiVersion === true ? 'base64' : 'leave'
}

/** The mapping of each line that begins with `data:` or `stringData:`; one pass, however deep the text goes. */
const mappingsOf = (lines: readonly string[]): ReadonlyMap<number, Mapping> => {
  const result = new Map<number, Mapping>()
  let top: Mapping | undefined
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      top = undefined
      continue
    }
    const lead = /^\s*(?:- +){0,8}/.exec(line)?.[0] ?? ''
    const column = lead.length
    const indent = indentation(line)
    const dashed = column > indent
    while (top !== undefined && top.column > (dashed ? indent : column)) top = top.parent
    if (top === undefined || top.column < column) top = { column, parent: top }
    const pair = /^["']?(kind|type|apiVersion|data|stringData)["']?\s*:(?:\s+(?:!!str\s+)?["']?([^\s"'#,]*))?/.exec(
      line.slice(column, column + 200),
    )
    if (pair === null || line.trimEnd().endsWith(',') || line.trimEnd().endsWith(': {')) continue
    const value = pair[2] ?? ''
    if (pair[1] === 'kind') top.kind = value
    else if (pair[1] === 'type') top.type = value
    else if (pair[1] === 'apiVersion') top.apiVersion = true
    else result.set(index, top)
  }
  return result
}

const within = (line: string, column: number): boolean => line.trim() === '' || indentation(line) > column
const carriage = (line: string): string => (line.endsWith('\r') ? '\r' : '')
const indentation = (line: string): number => line.length - line.trimStart().length

const dataObject = /(\\*)"(?:data|stringData)\\*"\s*:\s*\{/g
const memberKey = /(?:[\s,]|\\+[nrt])*(\\*)"[^"\\]{0,300}\\*"\s*:\s*/y

/** For JSON that cannot be read (cut off, or escaped inside something else): the members of `data`, wherever they stand. */
export const maskSecretFragments = (text: string): MaskedSecrets => {
  if (!/"(?:data|stringData)\\*"/.test(text)) return { text, count: 0 }
  const aSecret = /"kind\\*"\s*:\s*\\*"Secret|"type\\*"\s*:\s*\\*"(?:Opaque|kubernetes\.io\/)|"stringData\\*"/.test(
    text,
  )
  const aConfigMap = /"kind\\*"\s*:\s*\\*"ConfigMap/.test(text)
  if (aConfigMap && !aSecret) return { text, count: 0 }
  let out = ''
  let done = 0
  let count = 0
  for (const found of text.matchAll(dataObject)) {
    let at = found.index + found[0].length
    if (at < done) continue
    for (;;) {
      memberKey.lastIndex = at
      if (!memberKey.test(text)) break
      const open = openingAt(text, memberKey.lastIndex)
      if (open === undefined) break
      const { end } = closingOf(text, open, text.length)
      const value = text.slice(open.start, end)
      if (value !== '' && !isPlaceholder(value) && (aSecret || isBase64(value))) {
        out += text.slice(done, open.start) + masked
        done = end
        count++
      }
      at = end + open.level + 1
    }
  }
  return { text: out + text.slice(done), count }
}

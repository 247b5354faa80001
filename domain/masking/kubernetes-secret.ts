// Masks Kubernetes Secrets by their structure, in JSON and YAML, alone or in lists; ConfigMaps stay as they are.
import type { JsonValue } from '../../schemas/json-value.ts'

export interface MaskedSecrets {
  readonly text: string
  readonly count: number
}

const masked = '__MASKED_KUBERNETES_SECRET__'

export const maskKubernetesSecrets = (text: string): MaskedSecrets => {
  if (!/\bSecret(?:List)?\b/.test(text)) return { text, count: 0 }
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const json = parseJson(trimmed)
    if (json !== undefined) {
      const counter = { count: 0 }
      const result = maskValue(json, counter)
      return counter.count === 0
        ? { text, count: 0 }
        : { text: JSON.stringify(result, null, indentOf(trimmed)), count: counter.count }
    }
  }
  return maskYaml(text)
}

const parseJson = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const indentOf = (text: string): number => /\n( +)"/.exec(text)?.[1]?.length ?? 0

const maskValue = (value: JsonValue, counter: { count: number }): JsonValue => {
  if (typeof value === 'string') return maskEmbedded(value, counter)
  if (Array.isArray(value)) return value.map((item: JsonValue) => maskValue(item, counter))
  if (typeof value !== 'object' || value === null) return value
  const object = value as { readonly [key: string]: JsonValue }
  const secret =
    object['kind'] === 'Secret' || ('type' in object && String(object['type']).startsWith('kubernetes.io/'))
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => {
      if (secret && (key === 'data' || key === 'stringData')) return [key, maskMembers(member, counter)]
      return [key, maskValue(member, counter)]
    }),
  )
}

const maskMembers = (value: JsonValue, counter: { count: number }): JsonValue => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    counter.count += value === masked ? 0 : 1
    return masked
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (member !== masked) counter.count++
      return [key, masked]
    }),
  )
}

/** `kubectl apply` keeps a copy of the whole object, as JSON, in an annotation. */
const maskEmbedded = (text: string, counter: { count: number }): string => {
  if (!text.includes('"Secret"')) return text
  const json = parseJson(text)
  if (json === undefined || typeof json !== 'object') return text
  const before = counter.count
  const result = JSON.stringify(maskValue(json, counter))
  return counter.count === before ? text : `${result}${text.endsWith('\n') ? '\n' : ''}`
}

/** By lines and indentation: no YAML library where decisions are made, and half a document is still masked. */
const maskYaml = (text: string): MaskedSecrets => {
  const lines = text.split('\n')
  const counter = { count: 0 }
  const secretLines = linesOfSecrets(lines)
  let data: { indent: number; child: number | null } | null = null
  let skipDeeperThan: number | null = null
  const out: string[] = []
  for (const [index, line] of lines.entries()) {
    const indent = indentation(line)
    const blank = line.trim() === ''
    if (skipDeeperThan !== null) {
      if (blank || indent > skipDeeperThan) continue
      skipDeeperThan = null
    }
    if (data !== null && !blank && indent <= data.indent) data = null
    if (data !== null && !blank) {
      data.child ??= indent
      const member = indent === data.child ? /^(\s*(?:"[^"]*"|'[^']*'|[^\s:#]+)\s*:)(.*)$/.exec(line) : null
      if (member !== null) {
        const value = (member[2] ?? '').trim()
        if (value !== masked) counter.count++
        out.push(`${member[1]} ${masked}`)
        skipDeeperThan = indent
        continue
      }
      continue
    }
    if (secretLines.has(index)) {
      const start = /^(\s*(?:- )?\s*)(?:data|stringData):\s*(.*)$/.exec(line)
      if (start !== null) {
        const inline = (start[2] ?? '').trim()
        if (inline !== '' && inline !== '{}' && inline !== 'null' && !inline.startsWith('#')) {
          counter.count++
          out.push(`${line.slice(0, line.indexOf(':') + 1)} ${masked}`)
          continue
        }
        data = { indent: (start[1] ?? '').length, child: null }
        out.push(line)
        continue
      }
      const embedded = /^(\s*)(\{.*"Secret".*\})\s*$/.exec(line)
      if (embedded !== null) {
        out.push(`${embedded[1]}${maskEmbedded(embedded[2] ?? '', counter)}`)
        continue
      }
    }
    out.push(line)
  }
  return counter.count === 0 ? { text, count: 0 } : { text: out.join('\n'), count: counter.count }
}

/** Lines that belong to an object whose `kind` is Secret: up and down from that line, within its own indentation. */
const linesOfSecrets = (lines: readonly string[]): ReadonlySet<number> => {
  const result = new Set<number>()
  for (const [index, line] of lines.entries()) {
    const kind = /^(\s*(?:- )?\s*)kind:\s*["']?Secret["']?\s*$/.exec(line)
    if (kind === null) continue
    const depth = (kind[1] ?? '').length
    const inside = (other: string): boolean => other.trim() === '' || indentation(other) >= depth
    for (let up = index; up >= 0; up--) {
      const other = lines[up] ?? ''
      if (other.startsWith('---')) break
      // The first key of a list item stands behind its dash.
      const dashed = /^(\s*- \s*)\S/.exec(other)
      if (dashed !== null && (dashed[1] ?? '').length === depth) {
        result.add(up)
        break
      }
      if (!inside(other)) break
      result.add(up)
    }
    for (let down = index + 1; down < lines.length; down++) {
      const other = lines[down] ?? ''
      if (other.startsWith('---') || !inside(other) || /^\s*- /.test(other.slice(0, depth))) break
      result.add(down)
    }
  }
  return result
}

const indentation = (line: string): number => line.length - line.trimStart().length

// YAML that knows the line each of its parts was written on, and says what is broken instead of throwing.
import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import type { ConfigurationIssue } from './settings-errors.ts'

export type ParsedYaml =
  | { readonly kind: 'broken'; readonly issues: readonly ConfigurationIssue[] }
  | {
      readonly kind: 'parsed'
      readonly content: unknown
      /** Of the deepest part of the path that is there. */
      readonly line: (path: readonly PropertyKey[]) => number
    }

export const parseYaml = (file: string, text: string, linesBefore: number): ParsedYaml => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line + linesBefore
  const broken = document.errors.map(({ message, pos }) => ({ file, line: lineAt(pos[0]), path: '', message }))
  if (broken.length > 0) return { kind: 'broken', issues: broken }
  try {
    const content: unknown = document.toJS({ maxAliasCount: 100 })
    return { kind: 'parsed', content, line: (path) => lineAt(offsetOf(document, path)) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'broken', issues: [{ file, line: 1, path: '', message }] }
  }
}

const offsetOf = (document: Document.Parsed, path: readonly PropertyKey[]): number => {
  let node: unknown = document.contents
  let offset = rangeStart(node) ?? 0
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(part))
      if (pair === undefined) break
      offset = rangeStart(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part]
      offset = rangeStart(node) ?? offset
    } else break
  }
  return offset
}

const rangeStart = (node: unknown): number | undefined => {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [start]: readonly unknown[] = node.range
  return typeof start === 'number' ? start : undefined
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The part at a path, when there is one. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((each, part) => {
    if (Array.isArray(each)) return typeof part === 'number' ? each[part] : undefined
    return isRecord(each) ? each[String(part)] : undefined
  }, value)

/** Such as `chains.default.stages[0].agent`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`),
    '',
  )

// One file of the configuration as named entries that know the line each of their parts was written on.
import { basename } from 'node:path'
import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import { configuration } from '../../schemas/agent-definition.ts'
import { interpolateDeep, type Variables } from './interpolate.ts'
import { didYouMean } from './nearest-name.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

export type Section = keyof typeof configuration.shape
const sections: readonly string[] = Object.keys(configuration.shape)
const isSection = (name: string): name is Section => sections.includes(name)

export interface Entry {
  readonly section: Section
  /** Of the agent, chain, …; of the field for `defaults`. */
  readonly name: string
  /** As written, variables filled in, not yet checked. */
  readonly value: unknown
  /** An issue about a part of the entry. */
  issue(path: readonly PropertyKey[], message: string): ConfigurationIssue
  /** A part as it stands in the file, variables not filled in. */
  written(path: readonly PropertyKey[]): unknown
}

export interface ReadFile {
  readonly entries: readonly Entry[]
  readonly issues: readonly ConfigurationIssue[]
}

/** A YAML file may hold any sections; file names are for people. */
export const readYamlFile = (file: string, text: string, variables: Variables): ReadFile => {
  const parsed = parseYaml(file, text, 0)
  if (parsed.kind === 'broken') return { entries: [], issues: parsed.issues }
  const { content, line } = parsed
  if (content === null) return { entries: [], issues: [] }
  const issues: ConfigurationIssue[] = []
  const entries: Entry[] = []
  if (!isRecord(content)) {
    return { entries, issues: [{ file, line: 1, path: '', message: `must be a map of ${sections.join(', ')}` }] }
  }
  for (const [section, members] of Object.entries(content)) {
    const place = { file, line: line([section]), path: section }
    if (!isSection(section)) {
      issues.push({
        ...place,
        message: `is no section; sections are ${sections.join(', ')}${didYouMean(section, sections)}`,
      })
    } else if (members !== null && !isRecord(members)) {
      issues.push({ ...place, message: `must be a map from names to ${section}` })
    } else {
      for (const [name, written] of Object.entries(members ?? {})) {
        const inFile = (path: readonly PropertyKey[]) => line([section, name, ...path])
        entries.push(entryOf({ file, section, name, written, line: inFile }, variables, issues))
      }
    }
  }
  return { entries, issues }
}

const opening = /^---[ \t]*\r?\n/
const closing = /^---[ \t]*(?:\r?\n|$)/m

/** `agents/<name>.md`: front matter between `---` lines, the body is the instructions. The body is taken as it is. */
export const readAgentFile = (file: string, text: string, variables: Variables): ReadFile => {
  const name = basename(file, '.md')
  const issue = (line: number, message: string): ReadFile => ({
    entries: [],
    issues: [{ file, line, path: `agents.${name}`, message }],
  })
  const source = text.replace(/^\uFEFF/, '')
  const start = opening.exec(source)?.[0].length ?? 0
  const end = start === 0 ? null : closing.exec(source.slice(start))
  if (start > 0 && end === null) return issue(1, 'the front matter is never closed; end it with a line "---"')
  const frontMatter = end === null ? '' : source.slice(start, start + end.index)
  const body = end === null ? source : source.slice(start + end.index + end[0].length)
  const parsed = parseYaml(file, frontMatter, 1)
  if (parsed.kind === 'broken') return { entries: [], issues: parsed.issues }
  const fields = parsed.content ?? {}
  if (!isRecord(fields)) return issue(2, 'the front matter must be a map of fields')
  if ('instructions' in fields) {
    return issue(
      parsed.line(['instructions']),
      'the text below the front matter is the instructions; remove this field',
    )
  }
  const issues: ConfigurationIssue[] = []
  const entry = entryOf({ file, section: 'agents', name, written: fields, line: parsed.line }, variables, issues)
  const value = isRecord(entry.value) ? { ...entry.value, instructions: body.trim() } : entry.value
  return { entries: [{ ...entry, value }], issues }
}

interface Written {
  readonly file: string
  readonly section: Section
  readonly name: string
  readonly written: unknown
  readonly line: (path: readonly PropertyKey[]) => number
}

const entryOf = (
  { file, section, name, written, line }: Written,
  variables: Variables,
  issues: ConfigurationIssue[],
): Entry => {
  const issue = (path: readonly PropertyKey[], message: string): ConfigurationIssue => ({
    file,
    line: line(path),
    path: pathText([section, name, ...path]),
    message,
  })
  const value = interpolateDeep(written, variables, (path, message) => issues.push(issue(path, message)))
  return { section, name, value, issue, written: (path) => at(written, path) }
}

type Parsed =
  | { readonly kind: 'broken'; readonly issues: readonly ConfigurationIssue[] }
  | {
      readonly kind: 'parsed'
      readonly content: unknown
      /** Of the deepest part of the path that is there. */
      readonly line: (path: readonly PropertyKey[]) => number
    }

const parseYaml = (file: string, text: string, linesBefore: number): Parsed => {
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

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((each, part) => {
    if (Array.isArray(each)) return typeof part === 'number' ? each[part] : undefined
    return isRecord(each) ? each[String(part)] : undefined
  }, value)

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`),
    '',
  )

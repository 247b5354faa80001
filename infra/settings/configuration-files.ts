// Reads a configuration folder: YAML files with sections, and agents as Markdown with front matter; remembers every line.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isMap, isScalar, LineCounter, parseDocument, type ParsedNode } from 'yaml'

export const sections = ['defaults', 'agents', 'chains', 'mcp_servers', 'providers'] as const
export type Section = (typeof sections)[number]

export interface ConfigurationIssue {
  readonly file: string
  readonly line: number
  readonly path: string
  readonly message: string
}

/** One entry of a section, with the way back to its lines. */
export interface Entry {
  readonly section: Section
  /** Empty for `defaults`. */
  readonly name: string
  readonly value: unknown
  readonly file: string
  lineOf(path: readonly PropertyKey[]): number
}

export type Variables = Readonly<Record<string, string | undefined>>

export interface ReadFolder {
  readonly entries: readonly Entry[]
  readonly issues: readonly ConfigurationIssue[]
}

export const readFolder = (folder: string, variables: Variables): ReadFolder => {
  if (!existsSync(folder)) {
    return { entries: [], issues: [{ file: folder, line: 0, path: '', message: 'there is no such folder' }] }
  }
  const yaml = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort()
  const agents = join(folder, 'agents')
  const markdown = existsSync(agents) ? readdirSync(agents).filter((name) => name.endsWith('.md')).sort() : []
  const read = [
    ...yaml.map((name) => readYaml(join(folder, name), variables)),
    ...markdown.map((name) => readAgent(join(agents, name), variables)),
  ]
  return { entries: read.flatMap(({ entries }) => entries), issues: read.flatMap(({ issues }) => issues) }
}

const readYaml = (file: string, variables: Variables): ReadFolder => {
  const parsed = parseYaml(file, readFileSync(file, 'utf8'), 0, variables)
  const entries: Entry[] = []
  const issues = [...parsed.issues]
  const { root, value, lineOf } = parsed
  if (root === null || typeof value !== 'object' || value === null) return { entries, issues }
  for (const [key, section] of Object.entries(value)) {
    const known = sections.find((each) => each === key)
    if (known === undefined) {
      const message = `there is no section "${key}"; sections are ${sections.join(', ')}`
      issues.push({ file, line: lineOf([key]), path: key, message })
    } else if (known === 'defaults') {
      entries.push({ section: known, name: '', value: section, file, lineOf: (path) => lineOf([key, ...path]) })
    } else if (typeof section === 'object' && section !== null) {
      for (const [name, entry] of Object.entries(section)) {
        entries.push({ section: known, name, value: entry, file, lineOf: (path) => lineOf([key, name, ...path]) })
      }
    }
  }
  return { entries, issues }
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/

/** The body of the file is the agent's instructions. */
const readAgent = (file: string, variables: Variables): ReadFolder => {
  const match = frontMatter.exec(readFileSync(file, 'utf8'))
  if (match === null) {
    const message = 'an agent file begins with front matter between two lines of "---"'
    return { entries: [], issues: [{ file, line: 1, path: '', message }] }
  }
  const { value, lineOf, issues } = parseYaml(file, match[1] ?? '', 1, variables)
  const fields = typeof value === 'object' && value !== null ? value : {}
  const entry: Entry = {
    section: 'agents',
    name: basename(file, '.md'),
    value: { ...fields, instructions: (match[2] ?? '').trim() },
    file,
    lineOf,
  }
  return { entries: [entry], issues }
}

const parseYaml = (file: string, text: string, linesBefore: number, variables: Variables) => {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const lineAt = (offset: number): number => linesBefore + counter.linePos(offset).line
  const issues: ConfigurationIssue[] = document.errors.map(({ message, pos }) => ({
    file,
    line: lineAt(pos[0]),
    path: '',
    message,
  }))
  const root = document.contents
  if (root !== null) interpolate(root, variables, (offset, message) => issues.push({ file, line: lineAt(offset), path: '', message }))
  const lineOf = (path: readonly PropertyKey[]): number => {
    let node: unknown = root
    let offset = root?.range?.[0] ?? 0
    for (const key of path) {
      if (!isMap(node)) {
        const next = document.getIn(path.map((each) => (typeof each === 'symbol' ? String(each) : each)), true)
        return isScalar(next) && next.range ? lineAt(next.range[0]) : lineAt(offset)
      }
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair === undefined) break
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0]
      node = pair.value
    }
    return lineAt(offset)
  }
  const value: unknown = document.errors.length > 0 ? {} : document.toJS()
  return { root, value, lineOf, issues }
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Replaces `${NAME}` and `${NAME:-default}` in every string. */
const interpolate = (
  node: ParsedNode | unknown,
  variables: Variables,
  report: (offset: number, message: string) => void,
): void => {
  if (isScalar(node)) {
    if (typeof node.value !== 'string') return
    const offset = node.range?.[0] ?? 0
    node.value = node.value.replace(variable, (_, name: string, fallback: string | undefined) => {
      const value = variables[name]
      if (value !== undefined && value !== '') return value
      if (fallback !== undefined) return fallback
      report(offset, `\${${name}} is not set; set it, or write \${${name}:-default}`)
      return ''
    })
    return
  }
  if (typeof node !== 'object' || node === null || !('items' in node) || !Array.isArray(node.items)) return
  for (const item of node.items) {
    const child: unknown = typeof item === 'object' && item !== null && 'key' in item && 'value' in item ? item.value : item
    interpolate(child, variables, report)
  }
}

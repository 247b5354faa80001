// An agent in a Markdown file: front matter between `---` lines, the text below is its instructions.
import { basename } from 'node:path'
import { fromFrontMatter } from './agent-front-matter.ts'
import { type Entry, entryOf, nothingRead, type ReadFile } from './configuration-entry.ts'
import type { Variables } from './interpolate.ts'
import { lenientFrontMatter } from './lenient-front-matter.ts'
import type { ConfigurationIssue } from './settings-errors.ts'
import { isRecord, type ParsedYaml, parseYaml, pathText, valueAt } from './yaml-document.ts'

const opening = /^---[ \t]*\r?\n/
const closing = /^---[ \t]*(?:\r?\n|$)/m

/** The name is that of the front matter, else that of the file. Variables are filled in above the text, never within it. */
export const readAgentFile = (file: string, text: string, variables: Variables): ReadFile => {
  const fileName = basename(file, '.md')
  const broken = (line: number, message: string): ReadFile => ({
    ...nothingRead,
    issues: [{ file, line, path: `agents.${fileName}`, message }],
  })
  const source = text.replace(/^\uFEFF/, '')
  const start = opening.exec(source)?.[0].length ?? 0
  const end = start === 0 ? null : closing.exec(source.slice(start))
  if (start > 0 && end === null) return broken(1, 'the front matter is never closed; end it with a line "---"')
  const frontMatter = end === null ? '' : source.slice(start, start + end.index)
  const body = end === null ? source : source.slice(start + end.index + end[0].length)

  const { parsed, warnings } = parseFrontMatter(file, frontMatter, start > 0 ? 1 : 0)
  if (parsed.kind === 'broken') return { ...nothingRead, issues: parsed.issues }
  const written = parsed.content ?? {}
  if (!isRecord(written)) return broken(2, 'the front matter must be a map of fields')
  if ('instructions' in written) {
    return broken(
      parsed.line(['instructions']),
      'the text below the front matter is the instructions; remove this field',
    )
  }

  const issues: ConfigurationIssue[] = []
  const name = typeof written['name'] === 'string' ? written['name'] : fileName
  const read = entryOf({ file, section: 'agents', name, written, line: parsed.line }, variables, issues)
  const mapped = fromFrontMatter(isRecord(read.value) ? read.value : {})
  const spelled = (path: readonly PropertyKey[]): readonly PropertyKey[] => {
    const [field, ...rest] = path
    if (field === 'extra') return rest
    return field === undefined ? path : [mapped.writtenAs.get(String(field)) ?? field, ...rest]
  }
  const agent: Entry = {
    section: 'agents',
    name,
    value: { ...mapped.fields, instructions: body.trim() },
    lenient: mapped.lenient,
    issue: (path, message) => ({ ...read.issue(spelled(path), message), path: pathText(['agents', name, ...path]) }),
    written: (path) =>
      path.length === 1 && path[0] === 'extra' ? mapped.fields['extra'] : valueAt(written, spelled(path)),
  }
  const inline = mapped.servers.map(
    ({ name: server, definition, at }): Entry => ({
      section: 'mcp_servers',
      name: server,
      value: definition,
      issue: (path, message) => ({
        ...read.issue([...at, ...path], message),
        path: pathText(['mcp_servers', server, ...path]),
      }),
      written: (path) => valueAt(written, [...at, ...(path[0] === 'transport' ? path.slice(1) : path)]),
    }),
  )
  return {
    entries: [agent, ...inline],
    issues: [...issues, ...mapped.faults.map(({ key, message }) => read.issue([key], message))],
    warnings: [...warnings, ...mapped.warnings.map(({ key, message }) => read.issue([key], message))],
  }
}

interface FrontMatter {
  readonly parsed: ParsedYaml
  readonly warnings: readonly ConfigurationIssue[]
}

/** Other programs take `description: Use this when: …` for plain text where YAML sees a map within a map. */
const parseFrontMatter = (file: string, text: string, linesBefore: number): FrontMatter => {
  const strict = parseYaml(file, text, linesBefore)
  if (strict.kind === 'parsed') return { parsed: strict, warnings: [] }
  const lenient = lenientFrontMatter(text)
  const warnings = lenient.plain.map(({ key, line }) => ({
    file,
    line: line + linesBefore,
    path: key,
    message: 'is read as plain text; put it in quotes',
  }))
  const parsed = parseYaml(file, lenient.text, linesBefore)
  return parsed.kind === 'parsed' ? { parsed, warnings } : { parsed: strict, warnings: [] }
}

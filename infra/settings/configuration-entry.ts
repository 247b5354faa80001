// One named thing of the configuration as it was written, which knows the line of each of its parts.
import { configuration } from '../../schemas/agent-definition.ts'
import { interpolateDeep, type Variables } from './interpolate.ts'
import type { ConfigurationIssue } from './settings-errors.ts'
import { pathText, valueAt } from './yaml-document.ts'

export type Section = keyof typeof configuration.shape
export const sections: readonly string[] = Object.keys(configuration.shape)
export const isSection = (name: string): name is Section => sections.includes(name)

export interface Entry {
  readonly section: Section
  /** Of the agent, chain, …; of the field for `defaults`. */
  readonly name: string
  /** As written, variables filled in, not yet checked. */
  readonly value: unknown
  /** What is asked for only if it is there: agent files are often written for another program. */
  readonly lenient?: {
    /** MCP servers that `tools` names. */
    readonly servers: readonly string[]
    /** A word for a model, such as `sonnet`. */
    readonly modelWord?: string | undefined
  }
  /** An issue about a part of the entry. */
  issue(path: readonly PropertyKey[], message: string): ConfigurationIssue
  /** A part as it stands in the file, variables not filled in. */
  written(path: readonly PropertyKey[]): unknown
}

export interface ReadFile {
  readonly entries: readonly Entry[]
  readonly issues: readonly ConfigurationIssue[]
  /** What is read all the same, and may not be what was meant. */
  readonly warnings: readonly ConfigurationIssue[]
}

export const nothingRead: ReadFile = { entries: [], issues: [], warnings: [] }

export type FindEntry = (section: Section, name: string) => Entry | undefined

export interface Written {
  readonly file: string
  readonly section: Section
  readonly name: string
  readonly written: unknown
  readonly line: (path: readonly PropertyKey[]) => number
}

/** Variables that cannot be filled in are pushed to `issues`. */
export const entryOf = (
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
  return { section, name, value, issue, written: (path) => valueAt(written, path) }
}

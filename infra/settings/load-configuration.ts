// The configuration in force: built-in files with the user's over them, checked as a whole, every mistake told at once.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  agentDefinition,
  type Configuration,
  chainDefinition,
  configuration,
  defaultsDefinition,
  mcpServerDefinition,
  providerDefinition,
} from '../../schemas/agent-definition.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { type ConfigurationIssue, type Entry, readFolder, type Section, type Variables } from './configuration-files.ts'
import { didYouMean } from './nearest-name.ts'

export class ConfigurationInvalid extends CasebookError {
  readonly code = 'configuration_invalid'
  readonly retryable = false
  readonly issues: readonly ConfigurationIssue[]

  constructor(issues: readonly ConfigurationIssue[]) {
    const lines = issues.map(({ file, line, path, message }) => `  ${file}:${line} ${path === '' ? '' : `${path}: `}${message}`)
    super(`The configuration has ${issues.length} ${issues.length === 1 ? 'mistake' : 'mistakes'}:\n${lines.join('\n')}`)
    this.issues = issues
  }
}

export interface LoadConfigurationOptions {
  readonly builtInDir: string
  readonly userDir?: string | undefined
  /** For `${NAME}` in the files. */
  readonly variables: Variables
}

export interface LoadedConfiguration {
  readonly configuration: Configuration
  /** SHA-256 of the configuration as resolved; a session pins it. */
  readonly hash: string
}

const schemas = {
  defaults: defaultsDefinition.partial(),
  agents: agentDefinition,
  chains: chainDefinition,
  mcp_servers: mcpServerDefinition,
  providers: providerDefinition,
} as const satisfies Record<Section, z.ZodType>

/** @throws ConfigurationInvalid with every mistake found. */
export const loadConfiguration = (options: LoadConfigurationOptions): LoadedConfiguration => {
  const folders = [options.builtInDir, ...(options.userDir === undefined ? [] : [options.userDir])]
  const read = folders.map((folder) => readFolder(folder, options.variables))
  const issues = read.flatMap((each) => each.issues)
  const entries = read.flatMap((each) => each.entries)
  for (const entry of entries) issues.push(...shapeIssues(entry))

  const merged: Record<Section, Record<string, unknown>> = {
    defaults: {},
    agents: {},
    chains: {},
    mcp_servers: {},
    providers: {},
  }
  for (const { section, name, value } of entries) {
    if (section === 'defaults') Object.assign(merged.defaults, value)
    else merged[section][name] = value
  }
  if (issues.length > 0) throw new ConfigurationInvalid(issues)
  const parsed = configuration.safeParse(merged)
  if (!parsed.success) {
    throw new ConfigurationInvalid(
      parsed.error.issues.map(({ path, message }) => ({ file: folders.join(', '), line: 0, path: path.join('.'), message })),
    )
  }
  const references = referenceIssues(parsed.data, entries)
  if (references.length > 0) throw new ConfigurationInvalid(references)
  return { configuration: parsed.data, hash: createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex') }
}

const shapeIssues = (entry: Entry): readonly ConfigurationIssue[] => {
  const parsed = schemas[entry.section].safeParse(entry.value)
  if (parsed.success) return []
  const prefix = entry.section === 'defaults' ? ['defaults'] : [entry.section, entry.name]
  return parsed.error.issues.flatMap((issue): ConfigurationIssue[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys('shape' in schemas[entry.section] ? schemas[entry.section].shape : {})
      return issue.keys.map((key) => ({
        file: entry.file,
        line: entry.lineOf([...issue.path, key]),
        path: [...prefix, ...issue.path, key].join('.'),
        message: `there is no field "${key}".${didYouMean(key, known)}`,
      }))
    }
    const path = [...prefix, ...issue.path].join('.')
    return [{ file: entry.file, line: entry.lineOf(issue.path), path, message: issue.message }]
  })
}

const referenceIssues = (loaded: Configuration, entries: readonly Entry[]): readonly ConfigurationIssue[] => {
  const issues: ConfigurationIssue[] = []
  const check = (section: Section, name: string, path: readonly (string | number)[], wanted: string, kind: string, valid: object): void => {
    if (Object.hasOwn(valid, wanted)) return
    const names = Object.keys(valid)
    const entry = entries.findLast((each) => each.section === section && each.name === name)
    issues.push({
      file: entry?.file ?? section,
      line: entry?.lineOf(path) ?? 0,
      path: [section, ...(name === '' ? [] : [name]), ...path].join('.'),
      message: `there is no ${kind} "${wanted}".${didYouMean(wanted, names)} Known: ${names.join(', ')}`,
    })
  }
  const { agents, chains, defaults, mcp_servers: servers, providers } = loaded
  check('defaults', '', ['provider'], defaults.provider, 'provider', providers)
  check('defaults', '', ['chain'], defaults.chain, 'chain', chains)
  check('defaults', '', ['summary_agent'], defaults.summary_agent, 'agent', agents)
  for (const [name, agent] of Object.entries(agents)) {
    for (const [index, server] of agent.mcp_servers.entries()) {
      check('agents', name, ['mcp_servers', index], server, 'MCP server', servers)
    }
    if (agent.provider !== undefined) check('agents', name, ['provider'], agent.provider, 'provider', providers)
  }
  const takenBy = new Map<string, string>()
  for (const [name, chain] of Object.entries(chains)) {
    for (const [index, stage] of chain.stages.entries()) {
      check('chains', name, ['stages', index, 'agent'], stage.agent, 'agent', agents)
    }
    if (Object.keys(chain.match_labels).length > 0) continue
    for (const type of chain.alert_types) {
      const other = takenBy.get(type)
      const entry = entries.findLast((each) => each.section === 'chains' && each.name === name)
      if (other !== undefined) {
        const message = `alert type "${type}" already belongs to chain "${other}"; take it out of one of them, or add match_labels`
        issues.push({ file: entry?.file ?? '', line: entry?.lineOf(['alert_types']) ?? 0, path: `chains.${name}.alert_types`, message })
      }
      takenBy.set(type, name)
    }
  }
  return issues
}

// The front matter of agent files as people already have them, turned into the fields of an agent here.
import { didYouMean } from '../../domain/plan/nearest-name.ts'
import { listOf, readToolNames, serverName } from './tool-names.ts'
import { isRecord } from './yaml-document.ts'

export interface Remark {
  /** As written. */
  readonly key: string
  readonly message: string
}

export interface InlineServer {
  readonly name: string
  readonly definition: unknown
  /** Where it stands in the front matter. */
  readonly at: readonly PropertyKey[]
}

export interface FromFrontMatter {
  readonly fields: Readonly<Record<string, unknown>>
  /** Field here → key as written, where they differ. */
  readonly writtenAs: ReadonlyMap<string, string>
  readonly lenient: { readonly servers: readonly string[]; readonly modelWord?: string | undefined }
  readonly servers: readonly InlineServer[]
  readonly faults: readonly Remark[]
  readonly warnings: readonly Remark[]
}

/** Field here → the spellings that need no remark. Any other case or dash is understood too: `allowed-tools` must restrict. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  name: ['name'],
  description: ['description'],
  controller: ['controller'],
  provider: ['provider'],
  model: ['model'],
  temperature: ['temperature'],
  max_iterations: ['max_iterations', 'maxTurns', 'maxIterations', 'max_turns'],
  mcp_servers: ['mcp_servers', 'mcpServers'],
  tools: ['tools', 'allowedTools'],
  disallowed_tools: ['disallowed_tools', 'disallowedTools'],
  color: ['color', 'colour'],
  fallback: ['fallback'],
  helpers: ['helpers', 'sub_agents', 'subAgents'],
  child_agents: ['child_agents', 'childAgents'],
  built_in_tools: ['built_in_tools', 'builtInTools'],
  web_search: ['web_search', 'webSearch'],
  summarize_results: ['summarize_results', 'summarizeResults'],
}

/** Fields the format has elsewhere; this program decides these things otherwise. */
const elsewhere: Readonly<Record<string, string>> = {
  permissionMode: 'what may run is decided by the policy, not by the agent',
  skills: 'text an agent is to follow belongs below the front matter',
  hooks: 'no commands are run around tool calls',
  memory: 'lessons are kept by the librarian, not in files of an agent',
  background: 'helpers always run beside their parent',
  isolation: 'every execution has its own server sessions',
  effort: 'set what the provider offers there',
  initialPrompt: 'the alert is the first message',
}

const bare = (key: string): string => key.toLowerCase().replace(/[-_\s]/g, '')
const fieldOf = new Map(
  Object.entries(spellings).flatMap(([field, all]) => all.map((each) => [bare(each), field] as const)),
)
const modelWords: ReadonlySet<string> = new Set(['sonnet', 'opus', 'haiku', 'fable'])

export const fromFrontMatter = (written: Readonly<Record<string, unknown>>): FromFrontMatter => {
  const faults: Remark[] = []
  const warnings: Remark[] = []
  const given: Record<string, unknown> = {}
  const extra: Record<string, unknown> = {}
  const writtenAs = new Map<string, string>()
  for (const [key, value] of Object.entries(written)) {
    const field = fieldOf.get(bare(key))
    if (field === undefined) {
      extra[key] = value
      warnings.push({ key, message: keptBecause(key) })
      continue
    }
    const before = writtenAs.get(field)
    if (before !== undefined) faults.push({ key, message: `says the same as ${before}; keep one` })
    writtenAs.set(field, key)
    if (spellings[field]?.includes(key) !== true) warnings.push({ key, message: `is read as "${field}"` })
    if (value !== null) given[field] = value
  }

  const {
    name: _,
    model,
    tools,
    disallowed_tools,
    mcp_servers,
    helpers,
    child_agents,
    built_in_tools,
    ...plain
  } = given
  const { names, inline } = readServers(mcp_servers, writtenAs.get('mcp_servers') ?? 'mcp_servers')
  const allowed = readTools(tools)
  const denied = readTools(disallowed_tools)
  if (allowed.foreign.length > 0) {
    const key = writtenAs.get('tools') ?? 'tools'
    const count = allowed.foreign.length
    warnings.push({
      key,
      message: `${allowed.foreign.join(', ')} ${count === 1 ? 'is no MCP tool' : 'are no MCP tools'}; left out`,
    })
  }
  // An agent that names its tools and no servers has the servers of these tools.
  if (mcp_servers === undefined) writtenAs.set('mcp_servers', writtenAs.get('tools') ?? 'mcp_servers')
  const lenientServers = mcp_servers === undefined ? (allowed.servers ?? []) : []
  const ownServers = mcp_servers !== undefined ? names : allowed.servers === null ? undefined : allowed.servers
  return {
    fields: {
      ...plain,
      // A list, or one text with commas; anything else is for the schema to refuse.
      ...(helpers !== undefined && { helpers: listOf(helpers) ?? helpers }),
      ...(child_agents !== undefined && { child_agents: listOf(child_agents) ?? child_agents }),
      ...(built_in_tools !== undefined && { built_in_tools: listOf(built_in_tools) ?? built_in_tools }),
      ...(model !== undefined && model !== 'inherit' && { model }),
      ...(tools !== undefined && { tools: allowed.value }),
      ...(disallowed_tools !== undefined && { disallowed_tools: denied.value }),
      ...(ownServers !== undefined && { mcp_servers: ownServers }),
      ...(Object.keys(extra).length > 0 && { extra }),
    },
    writtenAs,
    lenient: {
      servers: lenientServers,
      modelWord: typeof model === 'string' && modelWords.has(model) ? model : undefined,
    },
    servers: inline,
    faults,
    warnings,
  }
}

const keptBecause = (key: string): string => {
  const known = Object.keys(elsewhere).find((each) => bare(each) === bare(key))
  const why = known === undefined ? undefined : elsewhere[known]
  if (why !== undefined) return `is kept without effect: ${why}`
  return `is no field known here; kept without effect${didYouMean(key, Object.values(spellings).flat())}`
}

interface ReadToolField {
  /** Patterns; what was written when it is no list of names, for the schema to refuse. */
  readonly value: unknown
  readonly servers: readonly string[] | null
  readonly foreign: readonly string[]
}

const readTools = (value: unknown): ReadToolField => {
  if (value === undefined) return { value, servers: null, foreign: [] }
  const names = listOf(value)
  if (names === null) return { value, servers: null, foreign: [] }
  const { patterns, servers, foreign } = readToolNames(names)
  return { value: patterns, servers, foreign }
}

const readServers = (
  value: unknown,
  key: string,
): { readonly names: unknown; readonly inline: readonly InlineServer[] } => {
  const inlineOf = (definitions: Readonly<Record<string, unknown>>, at: readonly PropertyKey[]) =>
    Object.entries(definitions).map(([name, definition]) => ({
      name: serverName(name),
      definition: transportOf(definition),
      at: [...at, name],
    }))
  if (isRecord(value)) {
    const inline = inlineOf(value, [key])
    return { names: inline.map(({ name }) => name), inline }
  }
  const listed = listOf(value)
  if (listed !== null) return { names: listed.map(serverName), inline: [] }
  if (!Array.isArray(value)) return { names: value, inline: [] }
  const inline: InlineServer[] = []
  const names = value.flatMap((each: unknown, index): readonly unknown[] => {
    if (typeof each === 'string') return [serverName(each)]
    if (!isRecord(each)) return [each]
    const own = inlineOf(each, [key, index])
    inline.push(...own)
    return own.map(({ name }) => name)
  })
  return { names, inline }
}

/** `{ command, args }` or `{ type: http, url }` is the transport of a server here. */
const transportOf = (definition: unknown): unknown => {
  if (!isRecord(definition) || 'transport' in definition) return definition
  return { transport: { type: 'command' in definition ? 'stdio' : 'http', ...definition } }
}

// The last layer: what a session says for itself, over everything its configuration resolved to. It narrows tools, and never the policy.
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { Overrides } from '../../schemas/overrides.ts'
import { didYouMean } from './nearest-name.ts'

/** An agent without tools gets none. */
export const overrideAgent = (
  agent: PinnedAgent,
  { mcpServers, tools }: Overrides,
  { mcp_servers }: Configuration,
): PinnedAgent => {
  if (agent.controller === 'single_shot') return agent
  return {
    ...agent,
    ...(mcpServers !== undefined && {
      mcpServers: [...mcpServers],
      instructions: {
        ...agent.instructions,
        servers: mcpServers.map((server) => ({ server, text: mcp_servers[server]?.instructions ?? '' })),
      },
    }),
    ...(tools !== undefined && { onlyTools: [...tools] }),
  }
}

/** What names something that is not there, one sentence each. Tools are known only once their servers are asked. */
export const overrideFaults = (
  { chain, mcpServers = [], tools = [] }: Overrides,
  configuration: Configuration,
): readonly string[] => {
  const unknown = (path: string, kind: string, name: string, known: readonly string[]): readonly string[] => {
    if (known.includes(name)) return []
    const near = didYouMean(name, known) || `; there are ${known.join(', ') || 'none'}`
    return [`overrides.${path}: there is no ${kind} "${name}"${near}`]
  }
  const servers = Object.keys(configuration.mcp_servers)
  return [
    ...(chain === undefined ? [] : unknown('chain', 'chain', chain, Object.keys(configuration.chains))),
    ...mcpServers.flatMap((server, index) => unknown(`mcpServers.${index}`, 'MCP server', server, servers)),
    ...tools.flatMap((pattern, index) => {
      const server = serverOf(pattern)
      return server === null ? [] : unknown(`tools.${index}`, 'MCP server', server, [...servers, builtInServer])
    }),
  ]
}

/** Tools asked for by their whole name that their server, which was asked, does not have. */
export const unknownTools = (
  { onlyTools = [], mcpServers }: PinnedAgent,
  listed: readonly { readonly name: string; readonly server: string }[],
  unavailable: readonly { readonly server: string }[],
): readonly string[] =>
  onlyTools.flatMap((name) => {
    const server = serverOf(name)
    if (server === null || name.includes('*') || !mcpServers.includes(server)) return []
    const known = listed.flatMap((each) => (each.server === server ? [each.name] : []))
    // A server that told some of its tools is there, whatever else is said of it.
    const isAway = known.length === 0 && unavailable.some((each) => each.server === server)
    if (isAway || known.includes(name)) return []
    return [`there is no tool "${name}"${didYouMean(name, known) || `; ${server} has ${known.join(', ') || 'none'}`}`]
  })

/** @returns null for `*`. */
const serverOf = (pattern: string): string | null => (pattern === '*' ? null : (pattern.split('__', 1)[0] ?? null))

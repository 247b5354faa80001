// Who answers questions about a chain's sessions once they have ended: with the session's own tools, unless it is given others.
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import type { ChainDefinition } from '../../schemas/chain-definition.ts'
import { pinAgent } from './pin-agent.ts'
import { resolveAgent, type Setting } from './resolve-agent.ts'

export const chatAgentOf = (chain: ChainDefinition, { defaults }: Configuration): string =>
  chain.chat_agent ?? defaults.chat_agent

/** `working` are the agents of the plan. @returns undefined when there is no such agent. */
export const pinChatAgent = (
  chainName: string,
  chain: ChainDefinition,
  configuration: Configuration,
  working: readonly PinnedAgent[],
): PinnedAgent | undefined => {
  const name = chatAgentOf(chain, configuration)
  const agent = Object.hasOwn(configuration.agents, name) ? configuration.agents[name] : undefined
  if (agent === undefined) return undefined
  const pinned = pinAgent(name, configuration, { chain: chainName })
  if (agent.controller === 'single_shot' || agent.tools !== undefined) return pinned
  if (!takesTheirs(resolveAgent(name, configuration, { chain: chainName }).mcpServers)) return pinned
  const mcpServers = serversOf(working)
  return {
    ...pinned,
    mcpServers: [...mcpServers],
    instructions: {
      ...pinned.instructions,
      servers: mcpServers.map((server) => ({ server, text: configuration.mcp_servers[server]?.instructions ?? '' })),
    },
    ...toolsOf(working, pinned),
  }
}

/** Neither the agent nor its chain says which servers. */
export const takesTheirs = ({ layer }: Setting<readonly string[]>): boolean => layer === 'defaults'

export const serversOf = (working: readonly PinnedAgent[]): readonly string[] => [
  ...new Set(working.flatMap(({ mcpServers }) => mcpServers)),
]

/** What any of them was offered; what one of them was denied by name, the chat is denied, too. */
const toolsOf = (
  working: readonly PinnedAgent[],
  pinned: PinnedAgent,
): Pick<PinnedAgent, 'tools' | 'disallowedTools'> => {
  const withServers = working.filter(({ mcpServers }) => mcpServers.length > 0)
  const narrowed = withServers.some(({ tools }) => tools !== undefined)
  const tools = withServers.flatMap((each) => each.tools ?? each.mcpServers.map((server) => `${server}__*`))
  const denied = [
    ...(pinned.disallowedTools ?? []),
    ...withServers.flatMap(({ disallowedTools = [] }) => disallowedTools),
  ]
  return {
    ...(narrowed && { tools: [...new Set(tools)] }),
    ...(denied.length > 0 && { disallowedTools: [...new Set(denied)] }),
  }
}

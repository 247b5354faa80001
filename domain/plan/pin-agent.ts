// An agent by value, as a session runs it whatever becomes of the configuration; and every agent it may call on.
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import { type Place, resolveAgent, summarizerOf } from './resolve-agent.ts'

/** Defaults, the agent's own fields, its chain's and its stage's. `called` is its name in the session. */
export const pinAgent = (name: string, configuration: Configuration, place?: Place, called = name): PinnedAgent => {
  const { agents, defaults, mcp_servers } = configuration
  const agent = agents[name]
  const resolved = resolveAgent(name, configuration, place)
  const { provider, model, temperature, maxIterations, mcpServers, fallback, helpers } = resolved
  const summarizeResults = agent?.controller === 'single_shot' ? undefined : summarizerOf(resolved, configuration)
  const contextTokens = configuration.providers[provider.value]?.context_tokens
  return {
    name: called,
    controller: agent?.controller ?? 'single_shot',
    provider: provider.value,
    model: model.value,
    ...(temperature !== null && { temperature: temperature.value }),
    ...(contextTokens !== undefined && { contextTokens }),
    maxIterations: maxIterations.value,
    ...(summarizeResults !== undefined && { summarizeResults }),
    instructions: {
      general: defaults.instructions,
      servers: mcpServers.value.map((server) => ({ server, text: mcp_servers[server]?.instructions ?? '' })),
      custom: agent?.instructions ?? '',
    },
    mcpServers: [...mcpServers.value],
    ...(agent?.tools !== undefined && { tools: agent.tools }),
    ...(agent !== undefined && agent.disallowed_tools.length > 0 && { disallowedTools: agent.disallowed_tools }),
    ...(fallback !== null && fallback.value.length > 0 && { fallback: [...fallback.value] }),
    ...(helpers !== null && helpers.value.length > 0 && { helpers: [...helpers.value] }),
    ...(agent !== undefined && agent.child_agents.length > 0 && { childAgents: agent.child_agents }),
    ...(agent?.web_search === true && { webSearch: true }),
    ...(agent !== undefined && agent.built_in_tools.length > 0 && { builtInTools: agent.built_in_tools }),
  }
}

/** Every agent these may call on, and so on; one that is not configured is left out. */
export const reachableHelpers = (
  pinned: readonly PinnedAgent[],
  configuration: Configuration,
  chain: string,
): readonly PinnedAgent[] => {
  const found = new Map<string, PinnedAgent>()
  const visit = ({ helpers = [] }: PinnedAgent): void => {
    for (const name of helpers) {
      if (found.has(name) || !Object.hasOwn(configuration.agents, name)) continue
      const description = configuration.agents[name]?.description ?? ''
      const pinnedHelper = pinAgent(name, configuration, { chain })
      const helper = description === '' ? pinnedHelper : { ...pinnedHelper, description }
      found.set(name, helper)
      visit(helper)
    }
  }
  for (const agent of pinned) visit(agent)
  return [...found.values()]
}

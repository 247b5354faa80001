// Who is asked under a configuration and could not answer: a key or an address that is not set, a search nobody offers.
import { type Place, resolveAgent, summarizerOf } from '../../domain/plan/resolve-agent.ts'
import type { Configuration } from '../../schemas/agent-definition.ts'
import { chainWorkers } from './chain-workers.ts'
import type { FindEntry } from './configuration-entry.ts'
import type { Variables } from './interpolate.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

/** What keeps a provider in use from being asked; it runs all the same, as a variable may be set later. */
export const checkKeys = (
  configuration: Configuration,
  find: FindEntry,
  variables: Variables,
): readonly ConfigurationIssue[] => {
  const users = new Map<string, string>()
  for (const { agent, place } of workersOf(configuration)) {
    const resolved = resolveAgent(agent, configuration, place)
    const summarizer = summarizerOf(resolved, configuration)?.provider
    const asked = [resolved.provider.value, ...(resolved.fallback?.value.map(({ provider }) => provider) ?? [])]
    for (const name of summarizer === undefined ? asked : [...asked, summarizer]) {
      if (!users.has(name)) users.set(name, agent)
    }
  }
  return [...users].flatMap(([name, agent]) => {
    const provider = configuration.providers[name]
    const entry = find('providers', name)
    if (provider === undefined || entry === undefined) return []
    const isUnset = (variable: string): boolean => (variables[variable] ?? '').trim() === ''
    const { api_key_env: key, api_key_optional, base_url: url, needs_env: needed = [] } = provider
    // OpenAI itself answers nobody without one.
    const optional = api_key_optional && new URL(url).hostname !== 'api.openai.com'
    return [
      ...(key !== undefined && !optional && isUnset(key) ? [['api_key_env', key] as const] : []),
      ...needed.filter(isUnset).map((variable) => ['needs_env', variable] as const),
    ].map(([field, variable]) =>
      entry.issue(
        [field],
        `agent "${agent}" asks this provider, and ${variable} is not set; set it before it is asked`,
      ),
    )
  })
}

/** An agent told to look things up, in a place where nobody does that for it. */
export const checkWebSearch = (configuration: Configuration, find: FindEntry): readonly ConfigurationIssue[] => {
  const told = new Set<string>()
  return workersOf(configuration).flatMap(({ agent, place }) => {
    if (configuration.agents[agent]?.web_search !== true) return []
    const name = resolveAgent(agent, configuration, place).provider.value
    const provider = configuration.providers[name]
    if (provider === undefined || provider.web_search !== undefined || told.has(`${agent} ${name}`)) return []
    told.add(`${agent} ${name}`)
    const offering = Object.entries(configuration.providers).flatMap(([each, { web_search }]) =>
      web_search === undefined ? [] : [each],
    )
    const message = `provider "${name}" offers no search of the web; ask one that does (${offering.join(', ')}), or leave it out`
    return find('agents', agent)?.issue(['web_search'], message) ?? []
  })
}

interface Worker {
  readonly agent: string
  readonly place?: Place
}

/** Everybody of every chain, and who works in sessions of their own. */
const workersOf = (configuration: Configuration): readonly Worker[] => {
  const workers: readonly Worker[] = Object.entries(configuration.chains).flatMap(([chain, definition]) =>
    chainWorkers(chain, definition, configuration),
  )
  const children = new Set<string>()
  const visit = (name: string): void => {
    for (const child of configuration.agents[name]?.child_agents ?? []) {
      if (children.has(child)) continue
      children.add(child)
      visit(child)
    }
  }
  for (const { agent } of workers) visit(agent)
  return [...workers, ...[...children].map((agent) => ({ agent }))]
}

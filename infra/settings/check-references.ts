// Names in the configuration that must lead somewhere, and alert types that must not lead to two places.

import { didYouMean } from '../../domain/plan/nearest-name.ts'
import { maxStagesOf } from '../../domain/plan/resolve-limits.ts'
import { writtenAgents } from '../../domain/plan/stage-agents.ts'
import { orderStages } from '../../domain/plan/stage-order.ts'
import type { AgentDefinition, Configuration } from '../../schemas/agent-definition.ts'
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { ToolRule } from '../../schemas/tool-policy.ts'
import type { Entry, FindEntry, Section } from './configuration-entry.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

const kinds = {
  agents: 'agent',
  chains: 'chain',
  mcp_servers: 'MCP server',
  providers: 'provider',
} as const satisfies Partial<Record<Section, string>>

/** What may name others, wherever it is said. */
type Referring = Partial<
  Pick<AgentDefinition, 'provider' | 'mcp_servers' | 'fallback' | 'helpers' | 'summarize_results'>
>

/** `configuration` may lack entries that are faulty in themselves; `names` knows them all. */
export const checkReferences = (
  { agents, chains, defaults }: Configuration,
  find: FindEntry,
  names: (section: Section) => readonly string[],
): readonly ConfigurationIssue[] => {
  const issues: ConfigurationIssue[] = []
  const refer = (from: Entry | undefined, path: readonly PropertyKey[], to: keyof typeof kinds, name: string): void => {
    const known = names(to)
    if (known.includes(name)) return
    const near = didYouMean(name, known) || `; there are ${known.join(', ') || 'none'}`
    const message = `there is no ${kinds[to]} "${name}"${near}`
    issues.push(from?.issue(path, message) ?? { file: 'environment', line: 0, path: 'defaults.provider', message })
  }

  const referSettings = (
    from: Entry | undefined,
    path: readonly PropertyKey[],
    { provider, mcp_servers = [], fallback = [], helpers = [], summarize_results: summarize }: Referring,
  ): void => {
    if (typeof summarize === 'object' && summarize.provider !== undefined) {
      refer(from, [...path, 'summarize_results', 'provider'], 'providers', summarize.provider)
    }
    if (provider !== undefined) refer(from, [...path, 'provider'], 'providers', provider)
    mcp_servers.forEach((server, index) => {
      refer(from, [...path, 'mcp_servers', index], 'mcp_servers', server)
    })
    fallback.forEach((each, index) => {
      const at = [...path, 'fallback', index]
      if (typeof each === 'string') refer(from, at, 'providers', each)
      else refer(from, [...at, 'provider'], 'providers', each.provider)
    })
    helpers.forEach((helper, index) => {
      refer(from, [...path, 'helpers', index], 'agents', helper)
    })
  }

  // A rule for a server that is not there would never match: as bad as none where it is to refuse.
  const referRules = (from: Entry | undefined, path: readonly PropertyKey[], rules: readonly ToolRule[]): void => {
    for (const [index, { server }] of rules.entries()) {
      if (server === undefined || server === builtInServer || server.includes('*')) continue
      refer(from, [...path, 'rules', index, 'server'], 'mcp_servers', server)
    }
  }

  const { summarize_results: summarize } = defaults
  if (typeof summarize === 'object' && summarize.provider !== undefined) {
    refer(find('defaults', 'summarize_results'), ['provider'], 'providers', summarize.provider)
  }
  referRules(find('defaults', 'tool_policy'), [], defaults.tool_policy.rules)
  refer(find('defaults', 'provider'), [], 'providers', defaults.provider)
  refer(find('defaults', 'chain'), [], 'chains', defaults.chain)
  refer(find('defaults', 'summary_agent'), [], 'agents', defaults.summary_agent)
  refer(find('defaults', 'synthesis_agent'), [], 'agents', defaults.synthesis_agent)
  refer(find('defaults', 'chat_agent'), [], 'agents', defaults.chat_agent)
  defaults.mcp_servers.forEach((server, index) => {
    refer(find('defaults', 'mcp_servers'), [index], 'mcp_servers', server)
  })
  defaults.fallback?.forEach((each, index) => {
    const provider = typeof each === 'string' ? each : each.provider
    refer(find('defaults', 'fallback'), typeof each === 'string' ? [index] : [index, 'provider'], 'providers', provider)
  })
  for (const [index, { provider }] of defaults.model_prices.entries()) {
    refer(find('defaults', 'model_prices'), [index, 'provider'], 'providers', provider)
  }
  for (const [alias, meant] of Object.entries(defaults.model_aliases)) {
    if (typeof meant === 'object' && meant.provider !== undefined) {
      refer(find('defaults', 'model_aliases'), [alias, 'provider'], 'providers', meant.provider)
    }
  }
  for (const [name, agent] of Object.entries(agents)) {
    const entry = find('agents', name)
    referSettings(entry, [], agent)
    agent.child_agents.forEach((child, index) => {
      refer(entry, ['child_agents', index], 'agents', child)
    })
    // A pattern of `disallowed_tools` that names no server forbids nothing: as much a fault as one that offers nothing.
    for (const field of ['tools', 'disallowed_tools'] as const) {
      agent[field]?.forEach((pattern, index) => {
        const [server = ''] = pattern.split('__', 1)
        if (pattern !== '*' && entry?.lenient === undefined) refer(entry, [field, index], 'mcp_servers', server)
      })
    }
  }
  for (const [name, chain] of Object.entries(chains)) {
    const entry = find('chains', name)
    referSettings(entry, [], chain)
    if (chain.chat_agent !== undefined) refer(entry, ['chat_agent'], 'agents', chain.chat_agent)
    referRules(entry, ['tool_policy'], chain.tool_policy?.rules ?? [])
    chain.stages.forEach((stage, index) => {
      const at = ['stages', index]
      referSettings(entry, at, stage)
      for (const { agent, at: place } of writtenAgents(stage)) {
        const own = place === undefined ? undefined : stage.agents?.[place]
        if (place === undefined) refer(entry, [...at, 'agent'], 'agents', agent)
        else if (typeof own !== 'object') refer(entry, [...at, 'agents', place], 'agents', agent)
        else {
          refer(entry, [...at, 'agents', place, 'agent'], 'agents', agent)
          referSettings(entry, [...at, 'agents', place], own)
        }
      }
      if (typeof stage.synthesis === 'string') refer(entry, [...at, 'synthesis'], 'agents', stage.synthesis)
    })
    for (const { path, message, name: missing } of orderStages(chain, maxStagesOf(chain, defaults)).faults) {
      const near = missing && (didYouMean(missing.written, missing.known) || `; there are ${missing.known.join(', ')}`)
      if (entry !== undefined) issues.push(entry.issue(path, `${message}${near ?? ''}`))
    }
  }
  return [...issues, ...checkAlertTypes(chains, find)]
}

const checkAlertTypes = (chains: Configuration['chains'], find: FindEntry): readonly ConfigurationIssue[] => {
  const taken = new Map<string, string>()
  // A chain that asks for labels may share a type: the better match takes the alert.
  const plain = Object.entries(chains).filter(([, { match_labels }]) => Object.keys(match_labels).length === 0)
  return plain.flatMap(([name, chain]) =>
    chain.alert_types.flatMap((type, index) => {
      const by = taken.get(type)
      if (by === undefined) {
        taken.set(type, name)
        return []
      }
      const entry = find('chains', name)
      if (entry === undefined) return []
      const place = find('chains', by)?.issue(['alert_types'], '')
      const where = place === undefined ? '' : ` (${place.file}:${place.line})`
      const mend =
        type === '*'
          ? `; set defaults.chain to "${name}" and replace "${by}", or leave "*" out`
          : '; leave it in one, or add match_labels'
      const message = by === name ? 'is listed twice' : `alert type "${type}" is taken by chain "${by}"${where}${mend}`
      return [entry.issue(['alert_types', index], message)]
    }),
  )
}

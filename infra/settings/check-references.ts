// Names in the configuration that must lead somewhere, and alert types that must not lead to two places.
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { Entry, Section } from './configuration-file.ts'
import { didYouMean } from './nearest-name.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

export type FindEntry = (section: Section, name: string) => Entry | undefined

const kinds = {
  agents: 'agent',
  chains: 'chain',
  mcp_servers: 'MCP server',
  providers: 'provider',
} as const satisfies Partial<Record<Section, string>>

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

  refer(find('defaults', 'provider'), [], 'providers', defaults.provider)
  refer(find('defaults', 'chain'), [], 'chains', defaults.chain)
  refer(find('defaults', 'summary_agent'), [], 'agents', defaults.summary_agent)
  for (const [name, agent] of Object.entries(agents)) {
    const entry = find('agents', name)
    if (agent.provider !== undefined) refer(entry, ['provider'], 'providers', agent.provider)
    agent.mcp_servers.forEach((server, index) => {
      refer(entry, ['mcp_servers', index], 'mcp_servers', server)
    })
  }
  for (const [name, chain] of Object.entries(chains)) {
    chain.stages.forEach(({ agent }, index) => {
      refer(find('chains', name), ['stages', index, 'agent'], 'agents', agent)
    })
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

// Which chain a session runs: the one asked for, else the best match by alert type and labels, else the default.
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { EventData } from '../../schemas/events.ts'

export interface ChainChoice {
  readonly chain: string
  /** For people: why this chain. */
  readonly reason: string
}

export const oneAgentChain = (agent: string): string => `agent:${agent}`

export const chooseChain = (started: EventData<'session.started'>, configuration: Configuration): ChainChoice => {
  const { agent } = started
  if (agent !== undefined) return { chain: oneAgentChain(agent), reason: 'one agent asked for' }
  const asked = started.overrides?.chain ?? started.chain ?? started.alert?.chain
  if (asked !== undefined) return { chain: asked, reason: 'asked for' }

  const alertType = started.alert?.alertType
  const labels = { ...started.alert?.labels, ...started.labels }
  const matches = Object.entries(configuration.chains)
    .map(([name, chain]) => {
      const wanted = Object.entries(chain.match_labels)
      const byType = alertType !== undefined && chain.alert_types.includes(alertType)
      const byLabels = wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value)
      const typeAllows = byType || chain.alert_types.length === 0 || chain.alert_types.includes('*')
      const labelsAllow = byLabels || wanted.length === 0
      const takesAll = started.alert !== undefined && chain.alert_types.includes('*')
      const weight = (byType ? 1000 : 0) + (byLabels ? 2 * wanted.length : 0) + (takesAll ? 1 : 0)
      return { name, weight, matches: typeAllows && labelsAllow && weight > 0, byType, byLabels, takesAll }
    })
    .filter(({ matches }) => matches)
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))

  const best = matches[0]
  if (best === undefined) return { chain: configuration.defaults.chain, reason: 'default' }
  const reasons = [
    best.byType ? `alert type ${alertType}` : '',
    best.byLabels ? 'labels' : '',
    best.takesAll && !best.byType && !best.byLabels ? 'any alert' : '',
  ].filter((part) => part !== '')
  return { chain: best.name, reason: `matches ${reasons.join(' and ')}` }
}

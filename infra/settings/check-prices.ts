// Budgets in dollars say nothing about models without a known price: told before one relies on them.

import { pinAgent, reachableHelpers } from '../../domain/plan/pin-agent.ts'
import { budgetsOf } from '../../domain/plan/resolve-limits.ts'
import { writtenAgents } from '../../domain/plan/stage-agents.ts'
import { ownPrice } from '../../domain/price/own-price.ts'
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'
import type { FindEntry } from './configuration-entry.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

/** Whether a model of a provider has a published price. */
export type HasPublishedPrice = (provider: ProviderDefinition, model: string) => boolean

/** One warning for each chain and model; the configuration must be sound. */
export const checkPrices = (
  configuration: Configuration,
  find: FindEntry,
  hasPublishedPrice: HasPublishedPrice,
  today: string,
): readonly ConfigurationIssue[] => {
  const { chains, defaults, providers } = configuration
  const { each_org, orgs } = defaults.day_budgets
  const dayHasDollars = [each_org, ...Object.values(orgs)].some(({ usd }) => usd !== undefined)

  const isPriced = (provider: string, model: string): boolean => {
    const definition = providers[provider]
    if (ownPrice(defaults.model_prices, { provider, model, asked: model }, today) !== undefined) return true
    return definition !== undefined && hasPublishedPrice(definition, model)
  }

  return Object.entries(chains).flatMap(([name, chain]) => {
    const { session, agent } = budgetsOf(chain, defaults)
    const own = session.usd !== undefined || agent.usd !== undefined
    if (!own && !dayHasDollars) return []
    const agents = chain.stages.flatMap((stage, index) =>
      writtenAgents(stage).map(({ agent: called, at }) =>
        pinAgent(called, configuration, { chain: name, stage: index, agent: at }),
      ),
    )
    const all = [...agents, ...reachableHelpers(agents, configuration, name)]
    const asked = new Map(
      all
        .flatMap(({ provider, model, fallback = [] }) => [{ provider, model }, ...fallback])
        .map((each) => [`${each.provider}/${each.model}`, each]),
    )
    const unpriced = [...asked].filter(([, { provider, model }]) => !isPriced(provider, model)).map(([both]) => both)
    if (unpriced.length === 0) return []
    // What the chain says of dollars stands in its entry; else in `defaults`.
    const saysSo = chain.budgets?.session?.usd !== undefined || chain.budgets?.agent?.usd !== undefined
    const field = own ? 'budgets' : 'day_budgets'
    const entry = saysSo ? find('chains', name) : find('defaults', field)
    if (entry === undefined) return []
    const message = `usd counts nothing for ${unpriced.join(', ')} of chain "${name}": there is no price; add it to defaults.model_prices, or limit tokens`
    return [entry.issue(saysSo ? ['budgets'] : [], message)]
  })
}

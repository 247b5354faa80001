// From a started session and the configuration to a plan: which chain, and every agent resolved by value.
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import { type ChainDefinition, chainDefinition } from '../../schemas/chain-definition.ts'
import type { EventData } from '../../schemas/events.ts'
import { overrideAgent, overrideFaults } from './apply-overrides.ts'
import { chooseChain, oneAgentChain } from './choose-chain.ts'
import { pinAgent, reachableHelpers } from './pin-agent.ts'
import { pinChatAgent } from './pin-chat-agent.ts'
import { planStages } from './plan-stages.ts'
import { budgetsOf, maxStagesOf, toolPolicyOf } from './resolve-limits.ts'
import { writtenAgents } from './stage-agents.ts'
import { hasSynthesis, lastOf, orderStages, type StageOrder } from './stage-order.ts'

export interface PlanProblem {
  readonly code: string
  readonly message: string
  readonly nextStep: string
}

export type PlannedSession =
  | { readonly kind: 'plan'; readonly plan: EventData<'session.plan_adopted'> }
  | { readonly kind: 'problem'; readonly problem: PlanProblem }

export const planSession = (
  started: EventData<'session.started'>,
  configured: Configuration,
  configurationHash: string,
): PlannedSession => {
  const configuration = withOneAgentChain(started, configured)
  const { overrides = {} } = started
  const overrideFault = started.alert?.overrideFault ?? overrideFaults(overrides, configuration)[0]
  if (overrideFault !== undefined) {
    return problem(
      'overrides_invalid',
      `The session was asked for with overrides that cannot be carried out: ${overrideFault}`,
      'Mend what the sender says, then send it again.',
    )
  }
  const choice = chooseChain(started, configuration)
  // Every object has a `constructor`; a chain of that name it has only when somebody wrote one.
  const chain = Object.hasOwn(configuration.chains, choice.chain) ? configuration.chains[choice.chain] : undefined
  if (chain === undefined) {
    const known = Object.keys(configuration.chains).join(', ')
    return problem(
      'chain_not_found',
      `There is no chain "${choice.chain}".`,
      `Ask for one of: ${known}; or leave the chain out.`,
    )
  }
  const { defaults } = configuration
  const order = orderStages(chain, maxStagesOf(chain, defaults))
  const missing = namedAgents(chain, order, configuration).find((name) => !Object.hasOwn(configuration.agents, name))
  if (missing !== undefined) {
    return problem(
      'agent_not_found',
      `Chain "${choice.chain}" names agent "${missing}".`,
      'Define it, or mend the chain.',
    )
  }
  const fault = order.faults[0]
  if (fault !== undefined) {
    return problem(
      'chain_faulty',
      `Chain "${choice.chain}", ${fault.path.join('.')}: ${fault.message}.`,
      'Mend the chain; `casebook config check` tells every fault with its line.',
    )
  }

  const overridden = (agent: PinnedAgent): PinnedAgent => overrideAgent(agent, overrides, configuration)
  const stages = planStages({ session: started.sessionId, chainName: choice.chain, chain, configuration }, order).map(
    (stage) => ({
      ...stage,
      agents: stage.agents.map((each) => ({ ...each, agent: overridden(each.agent) })),
    }),
  )
  const pinned = stages.flatMap(({ agents }) => agents.map(({ agent }) => agent))
  const chat = pinChatAgent(choice.chain, chain, configuration, pinned)
  const chatAgent = chat && overridden(chat)
  const helperAgents = reachableHelpers(
    chatAgent === undefined ? pinned : [...pinned, chatAgent],
    configuration,
    choice.chain,
  ).map(overridden)
  const runbook = overrides.runbook ?? chain.runbook
  const budgets = budgetsOf(chain, defaults)
  return {
    kind: 'plan',
    plan: {
      chain: { name: choice.chain, description: chain.description, reason: choice.reason },
      configurationHash,
      ...(runbook !== undefined && { runbook }),
      stages,
      summaryAgent: pinAgent(defaults.summary_agent, configuration),
      ...(chatAgent !== undefined && { chatAgent }),
      limits: {
        modelAttempts: defaults.model_attempts,
        modelBackoffMs: Math.round(defaults.model_backoff_seconds * 1000),
        maxStages: maxStagesOf(chain, defaults),
      },
      toolPolicy: toolPolicyOf(chain, defaults),
      ...(helperAgents.length > 0 && { helperAgents: [...helperAgents], helperLimits: defaults.helper_limits }),
      ...([...pinned, ...helperAgents].some(({ childAgents }) => childAgents !== undefined) && {
        childLimits: defaults.child_limits,
      }),
      budgets: { ...budgets, session: { ...budgets.session, ...overrides.budget } },
      ...(started.overrides !== undefined && { overrides }),
    },
  }
}

/** An agent asked for by itself works in a chain of one stage, whose name nobody can have given a chain. */
const withOneAgentChain = ({ agent }: EventData<'session.started'>, configuration: Configuration): Configuration => {
  if (agent === undefined) return configuration
  const chain = chainDefinition.parse({ stages: [{ name: agent, agent }] })
  return { ...configuration, chains: { ...configuration.chains, [oneAgentChain(agent)]: chain } }
}

/** Every agent the chain's sessions begin with. */
const namedAgents = (chain: ChainDefinition, { needs }: StageOrder, { defaults }: Configuration): readonly string[] => [
  ...chain.stages.flatMap((stage) => [
    ...writtenAgents(stage).map(({ agent }) => agent),
    ...(hasSynthesis(stage) ? [typeof stage.synthesis === 'string' ? stage.synthesis : defaults.synthesis_agent] : []),
  ]),
  ...(lastOf(needs).length > 1 ? [defaults.synthesis_agent] : []),
  defaults.summary_agent,
]

const problem = (code: string, message: string, nextStep: string): PlannedSession => ({
  kind: 'problem',
  problem: { code, message, nextStep },
})

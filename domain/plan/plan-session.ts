// From a started session and the configuration to a plan: which chain, and every agent resolved by value.
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventData } from '../../schemas/events.ts'
import { executionIdOf, stageIdOf } from '../session/session-ids.ts'
import { chooseChain } from './choose-chain.ts'
import { resolveAgent } from './resolve-agent.ts'

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
  configuration: Configuration,
  configurationHash: string,
): PlannedSession => {
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
  const missing = [...chain.stages.map(({ agent }) => agent), configuration.defaults.summary_agent].find(
    (name) => !Object.hasOwn(configuration.agents, name),
  )
  if (missing !== undefined) {
    return problem(
      'agent_not_found',
      `Chain "${choice.chain}" names agent "${missing}".`,
      'Define it, or mend the chain.',
    )
  }

  const stages = chain.stages.map((stage, index) => ({
    stageId: stageIdOf(started.sessionId, index + 1),
    name: stage.name,
    agents: [
      {
        executionId: executionIdOf(started.sessionId, index + 1, 1),
        agent: pinAgent(stage.agent, configuration, { chain: choice.chain, stage: index }),
      },
    ],
  }))
  const { defaults } = configuration
  return {
    kind: 'plan',
    plan: {
      chain: { name: choice.chain, description: chain.description, reason: choice.reason },
      configurationHash,
      ...(chain.runbook !== undefined && { runbook: chain.runbook }),
      stages,
      summaryAgent: pinAgent(defaults.summary_agent, configuration),
      limits: {
        modelAttempts: defaults.model_attempts,
        modelBackoffMs: Math.round(defaults.model_backoff_seconds * 1000),
      },
    },
  }
}

const problem = (code: string, message: string, nextStep: string): PlannedSession => ({
  kind: 'problem',
  problem: { code, message, nextStep },
})

/** Defaults, the agent's own fields, its chain's and its stage's. */
const pinAgent = (
  name: string,
  configuration: Configuration,
  place?: { readonly chain: string; readonly stage: number },
): PinnedAgent => {
  const { agents, defaults, mcp_servers } = configuration
  const agent = agents[name]
  const { provider, model, temperature, maxIterations, mcpServers } = resolveAgent(name, configuration, place)
  return {
    name,
    controller: agent?.controller ?? 'single_shot',
    provider: provider.value,
    model: model.value,
    ...(temperature !== null && { temperature: temperature.value }),
    maxIterations: maxIterations.value,
    instructions: {
      general: defaults.instructions,
      servers: mcpServers.value.map((server) => ({ server, text: mcp_servers[server]?.instructions ?? '' })),
      custom: agent?.instructions ?? '',
    },
    mcpServers: [...mcpServers.value],
    ...(agent?.tools !== undefined && { tools: agent.tools }),
    ...(agent !== undefined && agent.disallowed_tools.length > 0 && { disallowedTools: agent.disallowed_tools }),
  }
}

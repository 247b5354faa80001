// From a started session and the configuration to a plan: which chain, and every agent resolved by value.
import type { AgentDefinition, Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventData } from '../../schemas/events.ts'
import { executionIdOf, stageIdOf } from '../session/session-ids.ts'
import { chooseChain } from './choose-chain.ts'

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
  const chain = configuration.chains[choice.chain]
  if (chain === undefined) {
    const known = Object.keys(configuration.chains).join(', ')
    return problem(
      'chain_not_found',
      `There is no chain "${choice.chain}".`,
      `Ask for one of: ${known}; or leave the chain out.`,
    )
  }
  const missing = [...chain.stages.map(({ agent }) => agent), configuration.defaults.summary_agent].find(
    (name) => configuration.agents[name] === undefined,
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
        agent: pinAgent(stage.agent, configuration),
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

const unknownAgent: AgentDefinition = {
  description: '',
  controller: 'single_shot',
  instructions: '',
  mcp_servers: [],
}

/** Defaults, then the agent's own fields. */
const pinAgent = (name: string, { agents, defaults, mcp_servers, providers }: Configuration): PinnedAgent => {
  const agent = agents[name] ?? unknownAgent
  const provider = agent.provider ?? defaults.provider
  return {
    name,
    controller: agent.controller,
    provider,
    model: agent.model ?? providers[provider]?.model ?? 'unknown',
    ...(agent.temperature !== undefined && { temperature: agent.temperature }),
    maxIterations: agent.max_iterations ?? defaults.max_iterations,
    instructions: {
      general: defaults.instructions,
      servers: agent.mcp_servers.map((server) => ({ server, text: mcp_servers[server]?.instructions ?? '' })),
      custom: agent.instructions,
    },
    mcpServers: agent.mcp_servers,
  }
}

// An agent that may plan but has nobody to plan with would be refused at every attempt: said before it runs.
import { resolveAgent } from '../../domain/plan/resolve-agent.ts'
import { writtenAgents } from '../../domain/plan/stage-agents.ts'
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { FindEntry } from './configuration-entry.ts'
import type { ConfigurationIssue } from './settings-errors.ts'

export const checkPlanners = (configuration: Configuration, find: FindEntry): readonly ConfigurationIssue[] =>
  Object.entries(configuration.chains).flatMap(([name, chain]) =>
    chain.stages.flatMap((stage, index) =>
      writtenAgents(stage).flatMap(({ agent, at }) => {
        const plans = configuration.agents[agent]?.built_in_tools.includes('extend_plan') === true
        if (!plans) return []
        const { helpers } = resolveAgent(agent, configuration, { chain: name, stage: index, agent: at })
        const entry = find('chains', name)
        if (entry === undefined || (helpers !== null && helpers.value.length > 0)) return []
        const path = ['stages', index, ...(at === undefined ? ['agent'] : ['agents', at])]
        return [entry.issue(path, `"${agent}" has extend_plan and no helpers to plan with; name them under helpers`)]
      }),
    ),
  )

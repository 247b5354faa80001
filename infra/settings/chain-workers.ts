// Everybody who may come to work in a chain: its stages, who weighs what they found, helpers, the writer of the summary, who answers afterwards.
import { pinAgent, reachableHelpers } from '../../domain/plan/pin-agent.ts'
import { chatAgentOf, serversOf } from '../../domain/plan/pin-chat-agent.ts'
import type { Place } from '../../domain/plan/resolve-agent.ts'
import { stageAgents, writtenAgents } from '../../domain/plan/stage-agents.ts'
import { hasSynthesis, lastOf, orderStages } from '../../domain/plan/stage-order.ts'
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { ChainDefinition } from '../../schemas/chain-definition.ts'

/** An agent in its place: a stage's, one that weighs findings, a helper, the writer of the summary. */
export interface ChainWorker {
  readonly title: string
  readonly agent: string
  readonly place?: Place
  /** The stage whose own fields are told with it. */
  readonly stage?: number
  /** Those of the agents of the chain, when nobody gives it servers of its own. */
  readonly mcpServers?: readonly string[]
}

/** As they come to work; the fields of a stage are told with the first of its agents. */
export const chainWorkers = (
  chain: string,
  definition: ChainDefinition,
  configuration: Configuration,
): readonly ChainWorker[] => {
  const { synthesis_agent, summary_agent, max_stages } = configuration.defaults
  const { stages } = definition
  const workers = stages.flatMap((stage, index): readonly ChainWorker[] => {
    const title = `stage ${index + 1} ${stage.name}`
    const called = stageAgents(stage)
    const own = writtenAgents(stage).map(({ agent, at }, first): ChainWorker => {
      const names = called.filter((each) => each.agent === agent && each.at === at).map(({ name }) => name)
      const all = names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', ')
      return {
        title: `${title}: agent ${all}`,
        agent,
        place: { chain, stage: index, agent: at },
        ...(first === 0 && { stage: index }),
      }
    })
    if (!hasSynthesis(stage)) return own
    const weighing = typeof stage.synthesis === 'string' ? stage.synthesis : synthesis_agent
    return [...own, { title: `${title} synthesis: agent ${weighing}`, agent: weighing, place: { chain } }]
  })
  const last = lastOf(orderStages(definition, max_stages).needs)
  const final = { title: `synthesis: agent ${synthesis_agent}`, agent: synthesis_agent, place: { chain } }
  const atWork = last.length > 1 ? [...workers, final] : workers
  const pinned = atWork.map(({ agent, place }) => pinAgent(agent, configuration, place))
  return [
    ...atWork,
    ...reachableHelpers(pinned, configuration, chain).map(({ name }) => ({
      title: `helper: agent ${name}`,
      agent: name,
      place: { chain },
    })),
    { title: `executive summary: agent ${summary_agent}`, agent: summary_agent },
    {
      title: `chat: agent ${chatAgentOf(definition, configuration)}`,
      agent: chatAgentOf(definition, configuration),
      place: { chain },
      mcpServers: serversOf(pinned),
    },
  ]
}

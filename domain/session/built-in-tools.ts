// The built-in tools an agent is offered: by what its definition grants, with the words and schemas the model sees.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import { type BuiltInTool, builtInServer, builtInTools } from '../../schemas/built-in-tools.ts'
import { toJsonSchema } from '../../schemas/json-value.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import type { Execution } from './session-state.ts'

const forHelpers = ['dispatch_helper', 'await_helpers', 'list_helpers', 'cancel_helper'] as const

/** `known` are the agents of the plan that can be called on. */
export const builtInToolsOf = (
  { agent, helper, question }: Execution,
  known: readonly PinnedAgent[] = [],
): readonly OfferedTool[] => {
  const helpers = agent.helpers ?? []
  // Only agents of the plan may change it.
  const ofPlan = helper === null && question === null
  const granted = (agent.builtInTools ?? []).filter((tool) => ofPlan || tool !== 'extend_plan')
  const { childAgents = [] } = agent
  const names: readonly BuiltInTool[] = [
    ...(helpers.length > 0 ? forHelpers : []),
    ...(childAgents.length > 0 ? (['start_session'] as const) : []),
    ...granted,
  ]
  const agents = helpers.map((name) => {
    const description = known.find((each) => each.name === name)?.description
    return description === undefined ? name : `${name} (${description})`
  })
  return names.map((tool) => ({
    name: `${builtInServer}__${tool}`,
    server: builtInServer,
    tool,
    description: described(tool, tool === 'start_session' ? childAgents : agents),
    inputSchema: toJsonSchema(builtInTools[tool].input),
    // Settled with the reply itself: there is nothing that could run twice. A session of its own is more than looking.
    effect: tool === 'start_session' ? 'idempotent' : 'read_only',
  }))
}

const described = (tool: BuiltInTool, agents: readonly string[]): string => {
  const { description } = builtInTools[tool]
  return tool === 'dispatch_helper' || tool === 'extend_plan' || tool === 'start_session'
    ? `${description} Agents: ${agents.join('; ')}.`.slice(0, 8_000)
    : description
}

// Sessions that wait for people, brought there command by command as handlers do.
import type { Command } from '../../commands/command.ts'
import { newSessionId } from '../../commands/new-id.ts'
import { executionIdOf, inputIdOf, stageIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { type SessionBudgets, sessionBudgets } from '../../schemas/budget.ts'
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import { type ToolPolicy, toolPolicy } from '../../schemas/tool-policy.ts'
import { plan } from '../support/session-samples.ts'
import { asHandler, type HttpWorld } from './http-world.ts'

export const restart: OfferedTool = {
  name: 'host__restart',
  server: 'host',
  tool: 'restart',
  description: 'Restarts a unit.',
  inputSchema: {
    type: 'object',
    properties: { unit: { type: 'string', minLength: 1 }, force: { type: 'boolean' } },
    required: ['unit'],
    additionalProperties: false,
  },
  effect: 'unsafe',
}
export const askPerson: OfferedTool = {
  name: `${builtInServer}__ask_person`,
  server: builtInServer,
  tool: 'ask_person',
  description: 'Asks.',
  inputSchema: { type: 'object' },
  effect: 'read_only',
}

export interface Asking {
  readonly title?: string
  /** Agents of the one stage. */
  readonly size?: number
  readonly policy?: ToolPolicy
  readonly budgets?: SessionBudgets
}

/** A session at work whose agents were offered a tool to restart units and one to ask people. */
export const startAsking = async (
  { bus }: Pick<HttpWorld, 'bus'>,
  { title = 'Disk full', size = 1, policy = toolPolicy.parse({}), budgets = sessionBudgets.parse({}) }: Asking = {},
) => {
  const session = newSessionId()
  const agent = (index: number) => executionIdOf(session, 1, index)
  const send = (command: Pick<Command, 'type' | 'data'>) => bus.send(asHandler(command))
  const sample = plan()
  const stages = sample.stages.map((stage) => ({
    ...stage,
    stageId: stageIdOf(session, 1),
    agents: Array.from({ length: size }, (_, index) =>
      stage.agents.map((each) => ({ ...each, executionId: agent(index + 1) })),
    ).flat(),
  }))
  await send({
    type: 'StartSession',
    data: { sessionId: session, title, input: { text: '' }, origin: { kind: 'request' }, labels: {} },
  })
  await send({
    type: 'AdoptPlan',
    data: { sessionId: session, plan: { ...sample, stages, toolPolicy: policy, budgets } },
  })
  for (let index = 1; index <= size; index++) {
    const tools = [restart, askPerson]
    await send({ type: 'OfferTools', data: { sessionId: session, executionId: agent(index), tools, unavailable: [] } })
  }
  return {
    session,
    agent,
    send,
    input: (number: number) => inputIdOf(session, number),
    call: (turn: number, index = 1) => toolCallIdOf(agent(1), turn, index),
    /** The first agent's open turn is answered with these calls; none concludes. */
    replies: (turn: number, ...calls: readonly (readonly [OfferedTool, JsonValue])[]) =>
      send({
        type: 'RecordModelReply',
        data: {
          sessionId: session,
          executionId: agent(1),
          turn,
          text: { text: calls.length > 0 ? '' : 'It was the disk.' },
          toolCalls: calls.map(([{ name }, args]) => ({
            proposed: { name, arguments: JSON.stringify(args) },
            parsed: { kind: 'valid', arguments: args },
          })),
          finishReason: calls.length > 0 ? 'tool_calls' : 'stop',
          usage: { inputTokens: 1000, outputTokens: 500 },
          by: { provider: 'simulator', model: 'm', simulated: true },
          durationMs: 5,
        },
      }),
  }
}

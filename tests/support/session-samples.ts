// Samples of a session's life that tests of deciders, prompts and properties share.

import { executionIdOf, stageIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { CommandData, SessionCommand } from '../../schemas/commands.ts'
import type { EventData, SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import type { OfferedTool } from '../../schemas/tool.ts'

export const session = sessionId.parse('ses_01TEST')
export const at = '2026-01-02T03:04:05.000Z'

export const agent = (changes: Partial<PinnedAgent> = {}): PinnedAgent => ({
  name: 'investigator',
  controller: 'native_tools',
  provider: 'simulator',
  model: 'casebook-simulated',
  maxIterations: 3,
  instructions: { general: 'Be exact.', servers: [{ server: 'host', text: 'Read only.' }], custom: 'Find the cause.' },
  mcpServers: ['host'],
  ...changes,
})

export const stage = (index: number) => stageIdOf(session, index)
export const execution = (index: number) => executionIdOf(session, index, 1)
export const call = (turn: number, index: number, stageIndex = 1) => toolCallIdOf(execution(stageIndex), turn, index)

export const plan = (...agents: readonly PinnedAgent[]): EventData<'session.plan_adopted'> => ({
  chain: { name: 'default', description: '', reason: 'default' },
  configurationHash: 'c0ffee',
  stages: (agents.length === 0 ? [agent()] : agents).map((each, index) => ({
    stageId: stage(index + 1),
    name: `stage ${index + 1}`,
    agents: [{ executionId: execution(index + 1), agent: each }],
  })),
  summaryAgent: agent({ name: 'summarizer', controller: 'single_shot' }),
  limits: { modelAttempts: 3, modelBackoffMs: 1000 },
})

const tool = (name: string, effect: OfferedTool['effect']): OfferedTool => ({
  name: `host__${name}`,
  server: 'host',
  tool: name,
  description: `Tool ${name}`,
  inputSchema: { type: 'object' },
  effect,
})
export const tools = [tool('disk', 'read_only'), tool('restart', 'unsafe'), tool('set', 'idempotent')]

export const started: SessionEvent = {
  type: 'session.started',
  data: { sessionId: session, title: 'Disk full', input: { text: 'why?' }, origin: { kind: 'request' }, labels: {} },
}
export const planned = (...agents: readonly PinnedAgent[]): readonly SessionEvent[] => {
  const adopted = plan(...agents)
  const first = adopted.stages[0]?.agents[0]?.agent ?? agent()
  return [
    started,
    { type: 'session.plan_adopted', data: adopted },
    {
      type: 'session.stage_started',
      data: { stageId: stage(1), name: 'stage 1', index: 0, total: adopted.stages.length },
    },
    {
      type: 'session.execution_started',
      data: { executionId: execution(1), stageId: stage(1), agent: first.name, controller: first.controller, at },
    },
    turnRequested(1),
  ]
}
export const offered: SessionEvent = {
  type: 'session.tools_offered',
  data: { executionId: execution(1), tools, unavailable: [] },
}
export const turnRequested = (
  turn: number,
  mode: EventData<'session.turn_requested'>['mode'] = 'normal',
  attempt = 1,
): SessionEvent => ({ type: 'session.turn_requested', data: { executionId: execution(1), turn, attempt, mode } })

const by = { provider: 'simulator', model: 'casebook-simulated', simulated: true }
const usage = { inputTokens: 10, outputTokens: 5 }

export const replied = (
  turn: number,
  text: string,
  calls: readonly { readonly name: string; readonly arguments: string }[] = [],
): SessionEvent => ({
  type: 'session.model_replied',
  data: {
    executionId: execution(1),
    turn,
    text: { text },
    toolCalls: calls.map((each, index) => ({ toolCallId: call(turn, index + 1), ...each })),
    finishReason: calls.length > 0 ? 'tool_calls' : 'stop',
    usage,
    by,
    durationMs: 7,
  },
})

export const reply = (
  turn: number,
  text: string,
  calls: CommandData<'RecordModelReply'>['toolCalls'] = [],
  executionIndex = 1,
): SessionCommand => ({
  type: 'RecordModelReply',
  data: {
    sessionId: session,
    executionId: execution(executionIndex),
    turn,
    text: { text },
    toolCalls: calls,
    finishReason: calls.length > 0 ? 'tool_calls' : 'stop',
    usage,
    by,
    durationMs: 7,
  },
})

export const valid = (name: string): CommandData<'RecordModelReply'>['toolCalls'][number] => ({
  proposed: { name, arguments: '{}' },
  parsed: { kind: 'valid', arguments: {} },
})

export const requested = (turn: number, index: number, name: string, effect: OfferedTool['effect']): SessionEvent => ({
  type: 'session.tool_call_requested',
  data: {
    toolCallId: call(turn, index),
    executionId: execution(1),
    turn,
    name: `host__${name}`,
    server: 'host',
    tool: name,
    arguments: {},
    effect,
  },
})
export const begun = (turn: number, index: number, attempt = 1): SessionEvent => ({
  type: 'session.tool_call_begun',
  data: { toolCallId: call(turn, index), executionId: execution(1), attempt, worker: 'w1' },
})
export const begin = (turn: number, index: number, attempt = 1): SessionCommand => ({
  type: 'BeginToolCall',
  data: { sessionId: session, toolCallId: call(turn, index), attempt, worker: 'w1' },
})
export const record = (
  turn: number,
  index: number,
  outcome: CommandData<'RecordToolCall'>['outcome'] = 'succeeded',
): SessionCommand => ({
  type: 'RecordToolCall',
  data: {
    sessionId: session,
    toolCallId: call(turn, index),
    outcome,
    content: { text: `result ${turn}.${index}` },
    durationMs: 3,
  },
})
export const recorded = (
  turn: number,
  index: number,
  outcome: EventData<'session.tool_call_recorded'>['outcome'] = 'succeeded',
): SessionEvent => ({
  type: 'session.tool_call_recorded',
  data: {
    toolCallId: call(turn, index),
    executionId: execution(1),
    outcome,
    content: { text: `result ${turn}.${index}` },
    durationMs: 3,
  },
})

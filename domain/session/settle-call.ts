// What becomes of each tool call a model proposes: requested, held for approval, or refused with the reason.

import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import type { ToolCallId } from '../../schemas/ids.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { CheckedToolCall } from '../../schemas/session-commands.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import type { ToolRefusal } from '../../schemas/session-tool-call-events.ts'
import { decideUnderAll, policiesOf } from '../policy/decide-tool.ts'
import { toolCallsLeft as toolCallsOf } from './budgets.ts'
import { evolveSession } from './evolve-session.ts'
import { requestInput } from './request-input.ts'
import type { Execution, PresentSession, SessionState } from './session-state.ts'
import { settleBuiltIn } from './settle-built-in.ts'

export interface ProposedCall {
  readonly id: ToolCallId
  readonly call: CheckedToolCall
}

type Approval = Extract<InputQuestion, { kind: 'tool_approval' }>

/** `toolCallsLeft` are those of the org's day. `withdrawn`: the agent has to conclude, so that no call is made any more. */
export const settleCalls = (
  state: PresentSession,
  executionId: Execution['id'],
  {
    turn,
    toolCallsLeft = Number.POSITIVE_INFINITY,
  }: { readonly turn: number; readonly toolCallsLeft?: number | undefined },
  calls: readonly ProposedCall[],
  withdrawn: boolean,
  at: string,
): readonly SessionEvent[] => {
  const events: SessionEvent[] = []
  // Each call is decided on what the calls before it led to.
  let current: SessionState = state
  for (const call of calls) {
    const execution = current.status === 'absent' ? undefined : current.executions[executionId]
    if (current.status === 'absent' || execution === undefined) return events
    const made = events.filter(({ type }) => type === 'session.tool_call_requested').length
    const left = Math.min(toolCallsLeft - made, toolCallsOf(current, execution))
    const next = settle(current, execution, turn, call, { withdrawn, left }, at)
    events.push(...next)
    current = next.reduce(evolveSession, current)
  }
  return events
}

const settle = (
  state: PresentSession,
  execution: Execution,
  turn: number,
  { id, call: { proposed, parsed } }: ProposedCall,
  { withdrawn, left }: { readonly withdrawn: boolean; readonly left: number },
  at: string,
): readonly SessionEvent[] => {
  const refuse = (code: ToolRefusal, message: string): readonly SessionEvent[] => [
    {
      type: 'session.tool_call_refused',
      data: { toolCallId: id, executionId: execution.id, turn, name: proposed.name, code, message },
    },
  ]
  if (withdrawn) return refuse('tools_withdrawn', 'No tools are available any more: conclude with what is known.')
  const tool = execution.tools?.find(({ name }) => name === proposed.name)
  if (tool === undefined) {
    const offered = (execution.tools ?? []).map(({ name }) => name).join(', ')
    return refuse(
      'unknown_tool',
      `There is no tool "${proposed.name}". Tools offered: ${offered === '' ? 'none' : offered}.`,
    )
  }
  if (parsed.kind === 'invalid') return refuse('invalid_arguments', parsed.message)
  if (left <= 0) return refuse('budget_reached', 'The budget of tool calls is used up: conclude with what is known.')
  const { name, server, effect } = tool
  const question: Approval = {
    kind: 'tool_approval',
    toolCallId: id,
    executionId: execution.id,
    turn,
    name,
    server,
    tool: tool.tool,
    arguments: parsed.arguments,
    effect,
    reason: '',
  }
  const { verdict, reason } = decideUnderAll(policiesOf(state.plan), tool, parsed.arguments)
  if (verdict === 'deny')
    return refuse('denied_by_policy', `Not allowed here: ${reason}. Do not try to get around this.`)
  // In a replay nothing is run that somebody would have to allow.
  if (verdict === 'ask' && !state.approvedTools.includes(name) && state.fork?.kind !== 'replay')
    return [requestInput(state, { ...question, reason }, at)]
  const requested = requestOf(question, parsed.arguments)
  return server === builtInServer ? builtIn(state, execution, requested, at, refuse) : [requested]
}

/** A call that is allowed: run by its server, or settled here and now when the tool is a built-in one. */
export const carryOut = (
  state: PresentSession,
  execution: Execution,
  requested: EventOf<'session.tool_call_requested'>,
  at: string,
): readonly SessionEvent[] => {
  const { toolCallId, executionId, turn, name, server } = requested.data
  if (server !== builtInServer) return [requested]
  return builtIn(state, execution, requested, at, (code, message) => [
    { type: 'session.tool_call_refused', data: { toolCallId, executionId, turn, name, code, message } },
  ])
}

const builtIn = (
  state: PresentSession,
  execution: Execution,
  requested: EventOf<'session.tool_call_requested'>,
  at: string,
  refuse: (code: ToolRefusal, message: string) => readonly SessionEvent[],
): readonly SessionEvent[] => {
  const { toolCallId, tool, arguments: args } = requested.data
  const outcome = settleBuiltIn(state, execution, { tool, arguments: args, toolCallId }, at)
  switch (outcome.kind) {
    case 'refused':
      return refuse('not_possible', outcome.message)
    case 'waits':
      return [requested, ...outcome.events]
    case 'done':
      return [requested, ...outcome.events, resultOf(toolCallId, execution.id, outcome.text)]
  }
}

/** The result of a built-in tool. */
export const resultOf = (
  toolCallId: ToolCallId,
  executionId: Execution['id'],
  text: string,
): EventOf<'session.tool_call_recorded'> => ({
  type: 'session.tool_call_recorded',
  data: { toolCallId, executionId, outcome: 'succeeded', content: { text }, durationMs: 0 },
})

/** The call an approval was about, with the arguments that were approved. */
export const requestOf = (
  { toolCallId, executionId, turn, name, server, tool, effect }: Approval,
  args: JsonValue,
): EventOf<'session.tool_call_requested'> => ({
  type: 'session.tool_call_requested',
  data: { toolCallId, executionId, turn, name, server, tool, arguments: args, effect },
})

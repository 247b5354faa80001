// What becomes of each tool call a model proposes: requested, held for approval, or refused with the reason.
import type { SessionEvent } from '../../schemas/events.ts'
import type { ToolCallId } from '../../schemas/ids.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { CheckedToolCall } from '../../schemas/session-commands.ts'
import type { ToolRefusal } from '../../schemas/session-events.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { decideTool } from '../policy/decide-tool.ts'
import { toolCallsLeft } from './budgets.ts'
import { laterThan } from './ends.ts'
import { inputIdOf } from './session-ids.ts'
import type { Execution, PresentSession } from './session-state.ts'

export interface ProposedCall {
  readonly id: ToolCallId
  readonly call: CheckedToolCall
}

type Approval = Extract<InputQuestion, { kind: 'tool_approval' }>

/** `withdrawn`: the agent has to conclude, so that no call is made any more. */
export const settleCalls = (
  state: PresentSession,
  execution: Execution,
  turn: number,
  calls: readonly ProposedCall[],
  withdrawn: boolean,
  at: string,
): readonly SessionEvent[] => {
  const events: SessionEvent[] = []
  let left = toolCallsLeft(state, execution)
  let asked = Object.keys(state.inputs).length
  for (const { id, call } of calls) {
    const event = settle(state, execution, turn, { id, call }, withdrawn, left)
    if (event.kind === 'event') events.push(event.event)
    else {
      asked++
      const expiresAt = laterThan({ at }, (state.plan?.toolPolicy?.expiry_seconds ?? 3600) * 1000)
      const inputId = inputIdOf(state.id, asked)
      events.push({ type: 'session.input_requested', data: { inputId, question: event.question, expiresAt } })
    }
    if (event.kind === 'ask' || event.event.type === 'session.tool_call_requested') left--
  }
  return events
}

type Settled =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'ask'; readonly question: Approval }

const settle = (
  state: PresentSession,
  execution: Execution,
  turn: number,
  { id, call: { proposed, parsed } }: ProposedCall,
  withdrawn: boolean,
  left: number,
): Settled => {
  const refuse = (code: ToolRefusal, message: string): Settled => ({
    kind: 'event',
    event: {
      type: 'session.tool_call_refused',
      data: { toolCallId: id, executionId: execution.id, turn, name: proposed.name, code, message },
    },
  })
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
  const policy = state.plan?.toolPolicy
  const { verdict, reason } =
    policy === undefined ? { verdict: 'allow', reason: '' } : decideTool(policy, tool, parsed.arguments)
  if (verdict === 'deny')
    return refuse('denied_by_policy', `Not allowed here: ${reason}. Do not try to get around this.`)
  if (verdict === 'ask' && !state.approvedTools.includes(name))
    return { kind: 'ask', question: { ...question, reason } }
  return { kind: 'event', event: requestOf(question, parsed.arguments) }
}

/** The call an approval was about, with the arguments that were approved. */
export const requestOf = (
  { toolCallId, executionId, turn, name, server, tool, effect }: Approval,
  args: JsonValue,
): SessionEvent => ({
  type: 'session.tool_call_requested',
  data: { toolCallId, executionId, turn, name, server, tool, arguments: args, effect },
})

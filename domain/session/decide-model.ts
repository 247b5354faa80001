// What follows from a model's reply or failure: tool calls, a conclusion, a nudge, another attempt, or an end.

import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { ToolCallId } from '../../schemas/ids.ts'
import type { CheckedToolCall } from '../../schemas/session-commands.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { modelGaveUp, noConclusion } from './causes.ts'
import { ended } from './decide-lifecycle.ts'
import { backoffMs, endExecution, laterThan } from './ends.ts'
import { maxNudges } from './next-turn.ts'
import { eventIdAt, toolCallIdOf } from './session-ids.ts'
import type { Execution, OpenTurn, PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const offerTools = (data: CommandData<'OfferTools'>, state: PresentSession): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  if (execution.tools !== null) return alreadySo
  if (state.ended !== null) return ended(state)
  const { executionId, tools, unavailable } = data
  return accept({ type: 'session.tools_offered', data: { executionId, tools, unavailable } })
}

export const recordModelReply = (
  data: CommandData<'RecordModelReply'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  if (execution.turns.some(({ turn }) => turn === data.turn)) return alreadySo
  if (state.ended !== null) return ended(state)
  const open = execution.openTurn
  if (open === null || open.turn !== data.turn) {
    return reject('turn_not_open', `Turn ${data.turn} of ${data.executionId} is not open.`)
  }

  const calls = data.toolCalls.map((call, index) => ({
    id: toolCallIdOf(execution.id, data.turn, index + 1),
    call,
  }))
  const { sessionId: _, toolCalls: __, ...reply } = data
  const replied: SessionEvent = {
    type: 'session.model_replied',
    data: {
      ...reply,
      toolCalls: calls.map(({ id, call }) => ({
        toolCallId: id,
        name: call.proposed.name,
        arguments: call.proposed.arguments,
      })),
    },
  }
  return accept(replied, ...afterReply(execution, open, data, calls, metadata))
}

const afterReply = (
  execution: Execution,
  open: OpenTurn,
  data: CommandData<'RecordModelReply'>,
  calls: readonly { readonly id: ToolCallId; readonly call: CheckedToolCall }[],
  metadata: CommandMetadata,
): readonly SessionEvent[] => {
  const mustConclude = open.mode === 'forced_conclusion' || execution.agent.controller === 'single_shot'
  const said = data.text.text.trim() !== ''
  const settled = calls.map(({ id, call }) => settle(execution, data.turn, id, call, mustConclude))

  if (calls.length > 0 && !mustConclude) return settled
  if (said) {
    const forced = open.mode === 'forced_conclusion'
    return [
      ...settled,
      endExecution(execution, { status: 'completed', conclusion: data.text, ...(forced && { forced }) }),
    ]
  }
  if (open.mode !== 'forced_conclusion' && nudges(execution, open) < maxNudges) return settled
  const cause = noConclusion(execution.agent.name, eventIdAt(metadata, 0))
  return [...settled, endExecution(execution, { status: 'failed', cause })]
}

const settle = (
  execution: Execution,
  turn: number,
  toolCallId: ToolCallId,
  { proposed, parsed }: CheckedToolCall,
  withdrawn: boolean,
): SessionEvent => {
  const refuse = (code: 'unknown_tool' | 'invalid_arguments' | 'tools_withdrawn', message: string): SessionEvent => ({
    type: 'session.tool_call_refused',
    data: { toolCallId, executionId: execution.id, turn, name: proposed.name, code, message },
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
  return {
    type: 'session.tool_call_requested',
    data: {
      toolCallId,
      executionId: execution.id,
      turn,
      name: tool.name,
      server: tool.server,
      tool: tool.tool,
      arguments: parsed.arguments,
      effect: tool.effect,
    },
  }
}

const nudges = (execution: Execution, open: OpenTurn): number => {
  const modes = [...execution.turns.map(({ mode }) => mode), open.mode]
  return modes.length - 1 - modes.findLastIndex((mode) => mode !== 'nudge')
}

export const recordModelFailure = (
  data: CommandData<'RecordModelFailure'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  const open = execution.openTurn
  // A failure of a turn that has been answered, or of an attempt already replaced, changes nothing.
  if (state.ended !== null || open === null || open.turn !== data.turn || open.attempt !== data.attempt)
    return alreadySo

  const { sessionId: _, retryAfterMs, ...failure } = data
  const failed: SessionEvent = { type: 'session.model_failed', data: failure }
  const limits = state.plan?.limits
  if (limits !== undefined && isRetryable(data.class) && data.attempt < limits.modelAttempts) {
    return accept<SessionEvent>(failed, {
      type: 'session.turn_requested',
      data: {
        executionId: execution.id,
        turn: open.turn,
        attempt: open.attempt + 1,
        mode: open.mode,
        notBefore: laterThan(metadata, backoffMs(limits.modelBackoffMs, data.attempt, retryAfterMs)),
      },
    })
  }
  const cause = modelGaveUp(data.class, data.attempt, data.message, eventIdAt(metadata, 0))
  return accept(failed, endExecution(execution, { status: 'failed', cause }))
}

export const isRetryable = (failure: CommandData<'RecordModelFailure'>['class']): boolean =>
  failure === 'transient' || failure === 'rate_limited' || failure === 'timeout'

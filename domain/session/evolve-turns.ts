// The fold of an agent's turns: what it is asked, what it answered, which calls that led to.
import type { EventOf } from '../../schemas/events.ts'
import { valueAt, withValue } from '../persistent-map.ts'
import { withExecution, withMessage, withUsage } from './session-parts.ts'
import type { PresentSession, ToolCall } from './session-state.ts'

export const replied = (state: PresentSession, event: EventOf<'session.model_replied'>): PresentSession => {
  const { executionId, turn, text, toolCalls } = event.data
  const before = state.toolCalls.size
  const calls = toolCalls.map(
    ({ toolCallId, name, arguments: written }, index): ToolCall => ({
      id: toolCallId,
      number: before + index + 1,
      executionId,
      turn,
      name,
      written,
      status: 'requested',
      request: null,
      attempt: 0,
      result: null,
      condensed: null,
    }),
  )
  const { usage, costMicros = 0 } = event.data
  const used = { tokens: usage.inputTokens + usage.outputTokens, costMicros, toolCalls: 0 }
  const answered = withExecution(withUsage(state, executionId, used), executionId, (execution) => ({
    ...execution,
    openTurn: null,
    turns: [
      ...execution.turns,
      {
        turn,
        mode: execution.openTurn?.mode ?? 'normal',
        why: execution.openTurn?.why ?? null,
        delivers: execution.openTurn?.delivers ?? [],
        text,
        toolCalls: calls.map((call) => call.id),
      },
    ],
  }))
  return { ...answered, toolCalls: calls.reduce((all, call) => withValue(all, call.id, call), answered.toolCalls) }
}

export const turnRequested = (state: PresentSession, event: EventOf<'session.turn_requested'>): PresentSession => {
  const { executionId, turn, attempt, mode, why = null } = event.data
  // A turn that is asked for again delivers what it delivered the first time.
  const open = state.executions[executionId]?.openTurn
  const delivers = event.data.delivers ?? (open?.turn === turn ? open.delivers : [])
  const partial = open?.turn === turn ? open.partial : ''
  const told = (event.data.delivers ?? []).reduce((current, id) => {
    const message = valueAt(current.messages, id)
    return message === undefined ? current : withMessage(current, { ...message, deliveredTo: executionId })
  }, state)
  return withExecution(told, executionId, (execution) => ({
    ...execution,
    attemptsBefore: execution.openTurn?.turn === turn ? execution.attemptsBefore : 0,
    openTurn: { turn, attempt, mode, why, delivers, failed: false, partial },
  }))
}

export const loopDetected = (state: PresentSession, event: EventOf<'session.loop_detected'>): PresentSession => {
  const { executionId, turn, pattern, evidence, trip } = event.data
  return withExecution(state, executionId, (execution) => {
    const open = execution.openTurn
    const inReply = pattern === 'repeated_text'
    return {
      ...execution,
      loops: trip,
      // The turn that is open is no turn of a circle yet.
      loopsSeenUntil: inReply ? execution.loopsSeenUntil : turn,
      // Of the first one: the agent is told of no other.
      loopEvidence: execution.loops === 0 ? evidence : execution.loopEvidence,
      ...(inReply &&
        open !== null &&
        open.mode !== 'forced_conclusion' && {
          openTurn: { ...open, mode: trip > 1 ? 'forced_conclusion' : 'nudge', why: 'loop', partial: '' },
        }),
    }
  })
}

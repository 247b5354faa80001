// Tool calls: begun at most once unless repeating is safe, recorded once, and the next turn when all are settled.

import type { CommandData } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valueAt } from '../persistent-map.ts'
import { isOver } from './chat.ts'
import { ended } from './decide-lifecycle.ts'
import { isSettled, type PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const beginToolCall = (data: CommandData<'BeginToolCall'>, state: PresentSession): Decided => {
  const call = valueAt(state.toolCalls, data.toolCallId)
  if (call === undefined) return notFound(data.toolCallId)
  if (isSettled(call) || data.attempt <= call.attempt) return alreadySo
  if (isOver(state, call.executionId)) return ended(state)
  if (state.paused)
    return reject('session_paused', 'The session is paused: the call is asked for again when it goes on.')
  if (call.attempt > 0 && call.request?.effect === 'unsafe' && state.fork?.kind !== 'replay') {
    return reject(
      'tool_call_not_repeatable',
      `${call.name} was begun before and may have run; it is not run again because it is neither read-only nor idempotent.`,
    )
  }
  const { toolCallId, attempt, worker } = data
  return accept({
    type: 'session.tool_call_begun',
    data: { toolCallId, executionId: call.executionId, attempt, worker },
  })
}

export const recordToolCall = (data: CommandData<'RecordToolCall'>, state: PresentSession): Decided => {
  const call = valueAt(state.toolCalls, data.toolCallId)
  if (call === undefined) return notFound(data.toolCallId)
  const correction = call.status === 'outcome_unknown' && data.outcome !== 'outcome_unknown'
  if (isSettled(call) && !correction) return alreadySo

  const { sessionId: _, ...result } = data
  const late = correction || state.executions[call.executionId]?.status !== 'running'
  const recorded: SessionEvent = {
    type: 'session.tool_call_recorded',
    data: { ...result, executionId: call.executionId, ...(late && { late }) },
  }
  return accept(recorded)
}

const notFound = (id: string): Decided => reject('tool_call_not_found', `No tool call ${id} in this session.`)

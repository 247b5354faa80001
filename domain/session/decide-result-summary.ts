// The summary of a long tool result: recorded once, asked for again while that may help, an honest excerpt when it does not.

import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valueAt } from '../persistent-map.ts'
import { isOver } from './chat.ts'
import { excerptOf, nextSummarizer } from './condense-result.ts'
import { ended } from './decide-lifecycle.ts'
import { isRetryable } from './decide-model.ts'
import { backoffMs, laterThan } from './ends.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const recordResultSummary = (data: CommandData<'RecordResultSummary'>, state: PresentSession): Decided => {
  const call = valueAt(state.toolCalls, data.toolCallId)
  if (call === undefined) return reject('tool_call_not_found', `No tool call ${data.toolCallId} in this session.`)
  if (call.condensed === null || call.condensed.status === 'done') return alreadySo
  if (isOver(state, call.executionId)) return ended(state)
  const { sessionId: _, ...summary } = data
  return accept({
    type: 'session.result_summarized',
    data: {
      ...summary,
      executionId: call.executionId,
      how: 'summary',
      ...(call.result?.blob !== undefined && { original: call.result.blob }),
    },
  })
}

export const recordResultSummaryFailure = (
  data: CommandData<'RecordResultSummaryFailure'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const call = valueAt(state.toolCalls, data.toolCallId)
  const execution = call && state.executions[call.executionId]
  if (call === undefined || execution === undefined) {
    return reject('tool_call_not_found', `No tool call ${data.toolCallId} in this session.`)
  }
  const { condensed, executionId } = call
  if (isOver(state, executionId) || condensed?.status !== 'requested' || condensed.attempt !== data.attempt) {
    return alreadySo
  }

  const { sessionId: _, retryAfterMs, ...failure } = data
  const failed: SessionEvent = { type: 'session.result_summary_failed', data: { ...failure, executionId } }
  const limits = state.plan?.limits
  const attempts = data.attempt - condensed.attemptsBefore
  const again = { toolCallId: call.id, executionId, attempt: data.attempt + 1 }
  if (limits === undefined || !isRetryable(data.class) || attempts >= limits.modelAttempts) {
    const by = nextSummarizer(execution, condensed.by)
    if (by !== undefined && !state.paused) {
      return accept<SessionEvent>(failed, { type: 'session.result_summary_requested', data: { ...again, by } })
    }
    return accept<SessionEvent>(
      failed,
      excerptOf(execution, call, `no summary could be written: ${data.message.slice(0, 500)}`),
    )
  }
  if (state.paused) return accept(failed)
  const notBefore = laterThan(metadata, backoffMs(limits.modelBackoffMs, attempts, retryAfterMs))
  const { by } = condensed
  return accept<SessionEvent>(failed, {
    type: 'session.result_summary_requested',
    data: { ...again, notBefore, ...(by !== undefined && { by }) },
  })
}

// The executive summary: the last step of a session, and one that may fail without failing the session.

import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision } from '../decider.ts'
import { completed, completedWithoutSummary, inconclusive } from './causes.ts'
import { isRetryable } from './decide-model.ts'
import { backoffMs, endSession, laterThan } from './ends.ts'
import { eventIdAt } from './session-ids.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const recordSummary = (data: CommandData<'RecordSummary'>, state: PresentSession): Decided => {
  if (state.status !== 'summarizing') return alreadySo
  const { sessionId: _, ...summary } = data
  const { outcome, missing } = state.reading
  const cause = outcome === 'inconclusive' ? inconclusive(missing) : completed
  return accept({ type: 'session.summary_recorded', data: summary }, endSession('completed', cause))
}

export const recordSummaryFailure = (
  data: CommandData<'RecordSummaryFailure'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  if (state.status !== 'summarizing' || data.attempt !== state.summaryAttempt) return alreadySo
  const { sessionId: _, retryAfterMs, ...failure } = data
  const failed: SessionEvent = { type: 'session.summary_failed', data: failure }
  const limits = state.plan?.limits
  if (limits !== undefined && isRetryable(data.class) && data.attempt < limits.modelAttempts) {
    const notBefore = laterThan(metadata, backoffMs(limits.modelBackoffMs, data.attempt, retryAfterMs))
    return accept<SessionEvent>(failed, {
      type: 'session.summary_requested',
      data: { attempt: data.attempt + 1, notBefore },
    })
  }
  return accept(failed, endSession('completed', completedWithoutSummary(data.message, eventIdAt(metadata, 0))))
}

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
  const { summaryFallback: fallback, summaryAttemptsBefore } = state
  const attempts = data.attempt - summaryAttemptsBefore
  const attempt = data.attempt + 1
  if (limits !== undefined && isRetryable(data.class) && attempts < limits.modelAttempts) {
    const notBefore = laterThan(metadata, backoffMs(limits.modelBackoffMs, attempts, retryAfterMs))
    return accept<SessionEvent>(failed, {
      type: 'session.summary_requested',
      data: { attempt, notBefore, ...(fallback > 0 && { fallback }) },
    })
  }
  if (state.plan?.summaryAgent.fallback?.[fallback] !== undefined) {
    return accept<SessionEvent>(failed, {
      type: 'session.summary_requested',
      data: { attempt, fallback: fallback + 1 },
    })
  }
  return accept(failed, endSession('completed', completedWithoutSummary(data.message, eventIdAt(metadata, 0))))
}

// The fold of a session: total, so that no history – not even one from a newer build – can break a load.
import type { ConclusionReading } from '../../schemas/conclusion.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import { emptyMap, valueAt } from '../persistent-map.ts'
import { asks, budgetKey } from './budgets.ts'
import { evolveAdmitted, evolveFork } from './evolve-fork.ts'
import { evolveInputs } from './evolve-inputs.ts'
import { asked, dispatched, withPlan } from './evolve-plan.ts'
import { loopDetected, replied, turnRequested } from './evolve-turns.ts'
import { withExecution, withMessage, withStage, withToolCall, withUsage } from './session-parts.ts'
import { type Child, nothingUsed, type PresentSession, type ReachedBudget, type SessionState } from './session-state.ts'

export const evolveSession = (state: SessionState, event: SessionEvent): SessionState => {
  if (event.type === 'session.started') return state.status === 'absent' ? started(event) : state
  return state.status === 'absent' ? state : evolvePresent(state, event)
}

const started = (event: EventOf<'session.started'>): PresentSession => ({
  status: 'queued',
  id: event.data.sessionId,
  started: event.data,
  plan: null,
  stages: {},
  executions: {},
  toolCalls: emptyMap,
  finalAnalysis: null,
  reading: {},
  summaryAttempt: 0,
  summaryFallback: 0,
  summaryAttemptsBefore: 0,
  summary: null,
  notedOccurrences: [],
  inputs: emptyMap,
  openInputs: [],
  approvedTools: [],
  messages: emptyMap,
  unheard: [],
  children: {},
  messageCommands: [],
  paused: false,
  startedAt: null,
  used: nothingUsed,
  reached: {},
  unpriced: [],
  ended: null,
  held: null,
  erasing: false,
  fork: null,
})

const evolvePresent = (state: PresentSession, event: SessionEvent): PresentSession => {
  switch (event.type) {
    case 'session.forked':
      return evolveFork(state, event)
    case 'session.drift_recorded':
      return state.fork === null ? state : { ...state, fork: { ...state.fork, drift: event.data } }
    case 'session.plan_adopted':
      return withPlan(
        { ...state, status: event.data.queue === undefined ? 'running' : 'queued', plan: event.data },
        event.data.stages,
      )
    case 'session.admitted':
      return evolveAdmitted(state, event)
    case 'session.stage_started':
      return withStage(state, event.data.stageId, 'running')
    case 'session.stage_ended':
      return withStage(state, event.data.stageId, event.data.status)
    case 'session.execution_started':
      return withExecution(
        { ...state, startedAt: state.startedAt ?? event.data.at },
        event.data.executionId,
        (execution) => ({
          ...execution,
          status: 'running',
          startedAt: event.data.at,
        }),
      )
    case 'session.helper_dispatched':
      return dispatched(state, event)
    case 'session.helper_reported':
      return withExecution(state, event.data.executionId, (execution) =>
        execution.helper === null ? execution : { ...execution, helper: { ...execution.helper, reported: true } },
      )
    case 'session.tools_offered':
      return withExecution(state, event.data.executionId, (execution) => ({
        ...execution,
        tools: event.data.tools,
        unavailable: event.data.unavailable,
      }))
    case 'session.turn_requested':
      return turnRequested(state, event)
    case 'session.model_replied':
      return replied(state, event)
    case 'session.tool_call_requested':
      // Asked for again after a pause, it is still one call.
      if (valueAt(state.toolCalls, event.data.toolCallId)?.request != null) return state
      return withUsage(
        withToolCall(state, event.data.toolCallId, (call) => ({ ...call, request: event.data })),
        event.data.executionId,
        { ...nothingUsed, toolCalls: 1 },
      )
    case 'session.tool_call_refused':
      return withToolCall(state, event.data.toolCallId, (call) => ({
        ...call,
        status: 'refused',
        result: { text: event.data.message },
      }))
    case 'session.tool_call_begun':
      return withToolCall(state, event.data.toolCallId, (call) => ({
        ...call,
        status: 'begun',
        attempt: event.data.attempt,
      }))
    case 'session.tool_call_recorded':
      return withToolCall(state, event.data.toolCallId, (call) => ({
        ...call,
        status: event.data.outcome,
        result: event.data.content,
      }))
    case 'session.result_summary_requested':
      return resultSummaryRequested(state, event)
    case 'session.result_summary_failed':
      return withToolCall(state, event.data.toolCallId, (call) =>
        call.condensed?.status === 'requested' ? { ...call, condensed: { ...call.condensed, status: 'failed' } } : call,
      )
    case 'session.result_summarized': {
      const { toolCallId, executionId, how, text, usage, costMicros = 0 } = event.data
      const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
      return withToolCall(withUsage(state, executionId, { tokens, costMicros, toolCalls: 0 }), toolCallId, (call) => ({
        ...call,
        condensed: { status: 'done', how, text },
      }))
    }
    case 'session.execution_ended':
      return withExecution(state, event.data.executionId, (execution) => ({
        ...execution,
        status: event.data.status,
        openTurn: null,
        conclusion: event.data.conclusion ?? null,
        reading: readingOf(event.data),
        cause: event.data.cause ?? null,
      }))
    case 'session.input_requested':
    case 'session.input_answered':
    case 'session.input_expired':
    case 'session.input_withdrawn':
      return evolveInputs(state, event)
    case 'session.message_sent': {
      const { messageId: id, from, to, text, commandId } = event.data
      const sent = withMessage(state, { id, from, to, text, deliveredTo: null })
      return commandId === undefined ? sent : { ...sent, messageCommands: [...sent.messageCommands, commandId] }
    }
    case 'session.child_started': {
      const { childId: id, title, relation, awaited, executionId = null, toolCallId = null } = event.data
      const child: Child = { id, title, relation, awaited, executionId, toolCallId, status: 'running', report: null }
      return { ...state, children: { ...state.children, [id]: child } }
    }
    case 'session.child_ended': {
      const { childId, status, report } = event.data
      const child = state.children[childId]
      if (child === undefined) return state
      return { ...state, children: { ...state.children, [childId]: { ...child, status, report } } }
    }
    case 'session.paused':
      return { ...state, paused: true }
    case 'session.resumed':
      return { ...state, paused: false }
    case 'session.budget_reached': {
      const { limit, action = asks(state) ? 'ask' : 'finish' } = event.data
      const reached: ReachedBudget = { limit, status: action === 'ask' ? 'waiting' : 'finishing' }
      return { ...state, reached: { ...state.reached, [budgetKey(event.data)]: reached } }
    }
    case 'session.budget_raised': {
      const raised: ReachedBudget = { limit: event.data.limit, status: 'raised' }
      return { ...state, reached: { ...state.reached, [budgetKey(event.data)]: raised } }
    }
    case 'session.turn_held':
      // An attempt that was not begun is none of those a failing model is given.
      return withExecution(state, event.data.executionId, (execution) =>
        execution.openTurn === null
          ? execution
          : {
              ...execution,
              openTurn: { ...execution.openTurn, failed: true },
              attemptsBefore: execution.attemptsBefore + 1,
            },
      )
    case 'session.unpriced_noticed': {
      const { provider, model } = event.data
      return { ...state, unpriced: [...state.unpriced, `${provider}/${model}`] }
    }
    case 'session.final_analysis_recorded':
      return { ...state, finalAnalysis: event.data.text, reading: readingOf(event.data) }
    case 'session.summary_requested':
      return summaryRequested(state, event)
    case 'session.summary_recorded':
      return { ...state, summary: event.data.text }
    case 'session.alert_noted':
      return { ...state, notedOccurrences: [...state.notedOccurrences, event.data.occurrenceKey] }
    case 'session.held':
      return { ...state, held: event.data.reason }
    case 'session.hold_released':
      return { ...state, held: null }
    case 'session.erasure_requested':
      return { ...state, erasing: true }
    case 'session.ended':
      // What was paused is over; a chat about it is not.
      return { ...state, status: event.data.status, paused: false, ended: event.data }
    case 'session.question_asked':
      return asked(state, event)
    case 'session.plan_extended':
      return withPlan(state, event.data.stages, event.data.reason)
    case 'session.model_failed':
      return withExecution(state, event.data.executionId, (execution) =>
        execution.openTurn === null
          ? execution
          : {
              ...execution,
              openTurn: {
                ...execution.openTurn,
                failed: true,
                partial: event.data.partialText ?? execution.openTurn.partial,
              },
            },
      )
    case 'session.context_compacted': {
      const { executionId, throughTurn, text, usage, costMicros = 0 } = event.data
      const used = { tokens: usage.inputTokens + usage.outputTokens, costMicros, toolCalls: 0 }
      return withExecution(withUsage(state, executionId, used), executionId, (execution) => ({
        ...execution,
        compacted: { throughTurn, text },
      }))
    }
    case 'session.loop_detected':
      return loopDetected(state, event)
    case 'session.provider_switched':
      return withExecution(state, event.data.executionId, (execution) => ({
        ...execution,
        agent: { ...execution.agent, ...event.data.to },
        switches: execution.switches + 1,
        attemptsBefore: execution.openTurn?.attempt ?? 0,
      }))
    case 'session.limit_reached':
    case 'session.summary_failed':
      return state
    default:
      return state
  }
}

const readingOf = ({ outcome, missing, findings }: ConclusionReading): ConclusionReading => ({
  ...(outcome !== undefined && { outcome }),
  ...(missing !== undefined && { missing }),
  ...(findings !== undefined && { findings }),
})

const summaryRequested = (
  state: PresentSession,
  { data: { attempt, fallback = 0 } }: EventOf<'session.summary_requested'>,
): PresentSession => ({
  ...state,
  status: 'summarizing',
  summaryAttempt: attempt,
  summaryFallback: fallback,
  summaryAttemptsBefore: fallback === state.summaryFallback ? state.summaryAttemptsBefore : attempt - 1,
})

const resultSummaryRequested = (
  state: PresentSession,
  { data: { toolCallId, attempt, by } }: EventOf<'session.result_summary_requested'>,
): PresentSession =>
  withToolCall(state, toolCallId, (call) => {
    const before = call.condensed === null || call.condensed.status === 'done' ? null : call.condensed
    const goesOn = before?.by?.provider === by?.provider && before?.by?.model === by?.model
    const attemptsBefore = goesOn ? (before?.attemptsBefore ?? 0) : attempt - 1
    return { ...call, condensed: { status: 'requested', attempt, ...(by !== undefined && { by }), attemptsBefore } }
  })

// The command a commit must have come from, derived from its events: what was decided can then be decided again.

import type { SessionCommand } from '../../schemas/commands.ts'
import type { Commit } from '../../schemas/commit.ts'
import type { EventData, EventOf, SessionEvent } from '../../schemas/events.ts'
import { type JsonValue, jsonValue } from '../../schemas/json-value.ts'
import { dayBudgetKind } from '../../schemas/ledger-events.ts'
import type { CheckedToolCall } from '../../schemas/session-commands.ts'
import { budgetKey } from '../session/budgets.ts'
import type { PresentSession, SessionState } from '../session/session-state.ts'

type Of<T extends SessionEvent['type']> = EventOf<T>

/** @returns null where no command leads to such events. */
export const commandOf = (
  { at, actor }: Pick<Commit, 'at' | 'actor'>,
  events: readonly SessionEvent[],
  state: SessionState,
): SessionCommand | null => {
  const [first] = events
  if (first === undefined) return null
  if (first.type === 'session.started') return { type: 'StartSession', data: first.data }
  if (first.type === 'session.forked') {
    const { at: _, ...forked } = first.data
    return { type: 'ForkSession', data: forked }
  }
  if (state.status === 'absent') return null
  const sessionId = state.id
  const retryAfterMs = retryAfter(events, at)
  switch (first.type) {
    case 'session.plan_adopted':
      return { type: 'AdoptPlan', data: { sessionId, plan: first.data } }
    case 'session.admitted':
      return { type: 'AdmitSession', data: { sessionId, waitedMs: first.data.waitedMs } }
    case 'session.tools_offered':
      return { type: 'OfferTools', data: { sessionId, ...first.data } }
    case 'session.model_replied': {
      const { toolCalls, ...reply } = first.data
      const refusedByBudget = events.some(
        (event) => event.type === 'session.tool_call_refused' && event.data.code === 'budget_reached',
      )
      const made = events.filter(({ type }) => type === 'session.tool_call_requested').length
      return {
        type: 'RecordModelReply',
        data: {
          sessionId,
          ...reply,
          toolCalls: toolCalls.map((call) => checkedCall(call, events)),
          ...(refusedByBudget && { toolCallsLeft: made }),
          ...(events.some(({ type }) => type === 'session.unpriced_noticed') && { dollarsOfDay: true }),
        },
      }
    }
    case 'session.context_compacted':
      return { type: 'RecordCompaction', data: { sessionId, ...first.data } }
    case 'session.model_failed':
      return { type: 'RecordModelFailure', data: { sessionId, ...first.data, ...retryAfterMs } }
    case 'session.turn_held':
      return { type: 'HoldTurn', data: { sessionId, ...first.data, ...dayReached(events, state) } }
    case 'session.tool_call_begun': {
      const { toolCallId, attempt, worker } = first.data
      return { type: 'BeginToolCall', data: { sessionId, toolCallId, attempt, worker } }
    }
    case 'session.tool_call_recorded': {
      const { executionId: _, late: __, ...result } = first.data
      return { type: 'RecordToolCall', data: { sessionId, ...result } }
    }
    case 'session.result_summarized': {
      const { executionId: _, how: __, original: ___, reason: ____, usage, by, durationMs, ...rest } = first.data
      if (usage === undefined || by === undefined || durationMs === undefined) return null
      return { type: 'RecordResultSummary', data: { sessionId, ...rest, usage, by, durationMs } }
    }
    case 'session.result_summary_failed': {
      const { executionId: _, ...failure } = first.data
      return { type: 'RecordResultSummaryFailure', data: { sessionId, ...failure, ...retryAfterMs } }
    }
    case 'session.summary_recorded':
      return { type: 'RecordSummary', data: { sessionId, ...first.data } }
    case 'session.summary_failed':
      return { type: 'RecordSummaryFailure', data: { sessionId, ...first.data, ...retryAfterMs } }
    case 'session.input_requested': {
      const { question } = first.data
      if (question.kind !== 'elicitation') return null
      const { toolCallId, attempt, message, request } = question
      return { type: 'RequestElicitation', data: { sessionId, toolCallId, attempt, message, request } }
    }
    case 'session.input_answered':
      return { type: 'AnswerInput', data: { sessionId, inputId: first.data.inputId, answer: first.data.answer } }
    case 'session.input_expired':
      return { type: 'ExpireInput', data: { sessionId, inputId: first.data.inputId } }
    case 'session.message_sent': {
      const sent = events.filter(({ type }) => type === 'session.message_sent').length
      const { to, text } = first.data
      const one = sent === 1 && to.kind === 'execution' ? { executionId: to.executionId } : {}
      return { type: 'SendMessage', data: { sessionId, ...one, text: text.text } }
    }
    case 'session.child_started': {
      const { childId, relation, why, title, agent } = first.data
      const named = agent === undefined ? {} : { agent }
      return { type: 'RecordChild', data: { sessionId, childId, relation, why, title, ...named } }
    }
    case 'session.child_ended':
      return { type: 'RecordChildEnd', data: { sessionId, ...first.data } }
    case 'session.paused':
      return { type: 'PauseSession', data: { sessionId, reason: first.data.reason } }
    case 'session.resumed':
      return { type: 'ResumeSession', data: { sessionId } }
    case 'session.budget_raised': {
      const budget = dayBudgetKind.safeParse(first.data.budget)
      return budget.success ? { type: 'LiftBudget', data: { sessionId, ...first.data, budget: budget.data } } : null
    }
    case 'session.alert_noted':
      return { type: 'NoteAlert', data: { sessionId, ...first.data } }
    case 'session.question_asked':
      return { type: 'AskSession', data: { sessionId, text: first.data.text.text } }
    case 'session.drift_recorded':
      return { type: 'RecordDrift', data: { sessionId, drift: first.data } }
    case 'session.execution_ended':
    case 'session.stage_ended':
    case 'session.input_withdrawn':
    case 'session.ended':
      return endingOf(first, events, state, actor.id)
    default:
      return null
  }
}

const retryAfter = (events: readonly SessionEvent[], at: string): { readonly retryAfterMs?: number } => {
  const waits = events.flatMap((event) =>
    'notBefore' in event.data && event.data.notBefore !== undefined ? [event.data.notBefore] : [],
  )
  const [until] = waits
  return until === undefined ? {} : { retryAfterMs: Math.max(0, Date.parse(until) - Date.parse(at)) }
}

/** As the edge had checked it: by what became of the call. */
const checkedCall = (
  { toolCallId, name, arguments: written }: Of<'session.model_replied'>['data']['toolCalls'][number],
  events: readonly SessionEvent[],
): CheckedToolCall => {
  const proposed = { name, arguments: written }
  for (const event of events) {
    if (event.type === 'session.tool_call_requested' && event.data.toolCallId === toolCallId) {
      return { proposed, parsed: { kind: 'valid', arguments: event.data.arguments } }
    }
    if (event.type === 'session.input_requested' && event.data.question.kind === 'tool_approval') {
      const { question } = event.data
      if (question.toolCallId === toolCallId)
        return { proposed, parsed: { kind: 'valid', arguments: question.arguments } }
    }
    if (event.type === 'session.tool_call_refused' && event.data.toolCallId === toolCallId) {
      const { code, message } = event.data
      if (code === 'invalid_arguments') return { proposed, parsed: { kind: 'invalid', message } }
    }
  }
  return { proposed, parsed: { kind: 'valid', arguments: parsedOr(written) } }
}

const parsedOr = (written: string): JsonValue => {
  try {
    return jsonValue.catch({}).parse(JSON.parse(written))
  } catch {
    return {}
  }
}

type Reached = Pick<EventData<'session.budget_reached'>, 'used' | 'limit'> & {
  readonly budget: 'tokens' | 'cost' | 'tool_calls'
  readonly day: string
  readonly action: 'ask' | 'finish'
}

/** Of the budget that held a turn: told with it, or known before. */
const dayReached = (events: readonly SessionEvent[], { reached }: PresentSession): Reached => {
  for (const event of events) {
    if (event.type !== 'session.budget_reached' || event.data.day === undefined) continue
    const { budget, day, used, limit, action = 'ask' } = event.data
    if (budget !== 'wall_time') return { budget, day, used, limit, action }
  }
  for (const key of Object.keys(reached)) {
    const day = /:day_(.*)$/.exec(key)?.[1]
    const budget = dayBudgetKind.options.find((each) => day !== undefined && budgetKey({ budget: each, day }) === key)
    if (day !== undefined && budget !== undefined) return { budget, day, used: 0, limit: 0, action: 'ask' }
  }
  return { budget: 'tokens', day: '', used: 0, limit: 0, action: 'ask' }
}

/** What ends is ended by a person, by its time, or because the session could not be planned or carried out. */
const endingOf = (
  first: SessionEvent,
  events: readonly SessionEvent[],
  { id: sessionId, executions, plan }: PresentSession,
  actorId: string,
): SessionCommand | null => {
  const end = events.findLast((event) => event.type === 'session.ended')
  if (end?.data.status === 'cancelled') {
    return { type: 'CancelSession', data: { sessionId, reason: reasonIn(end.data.cause.message, actorId) } }
  }
  if (end?.data.cause.code === 'override_tool_unknown') {
    const unlisted = Object.values(executions).find(({ status, tools }) => status === 'running' && tools === null)
    const unknown = [end.data.cause.message.slice(end.data.cause.message.indexOf(': ') + 2)]
    const asked = { tools: [], unavailable: [], unknown }
    return unlisted === undefined
      ? null
      : { type: 'OfferTools', data: { sessionId, executionId: unlisted.id, ...asked } }
  }
  if (first.type === 'session.execution_ended') {
    const { executionId, status, cause } = first.data
    if (status === 'failed') return { type: 'ExpireExecution', data: { sessionId, executionId } }
    const reason = reasonIn(cause?.message ?? '', actorId)
    return { type: 'CancelExecution', data: { sessionId, executionId, reason } }
  }
  if (first.type !== 'session.ended' || (plan !== null && plan.queue === undefined)) return null
  const { code, message, nextStep } = first.data.cause
  return { type: 'RejectPlan', data: { sessionId, code, message, nextStep } }
}

const reasonIn = (message: string, actorId: string): string => {
  const before = `Cancelled by ${actorId}: `
  return message.startsWith(before) ? message.slice(before.length) : ''
}

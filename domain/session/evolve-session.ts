// The fold of a session: total, so that no history – not even one from a newer build – can break a load.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import type { ExtensionReason, PlannedStage } from '../../schemas/session-events.ts'
import { asks, budgetKey } from './budgets.ts'
import { evolveInputs } from './evolve-inputs.ts'
import { lineageOf } from './helpers.ts'
import {
  type Execution,
  nothingUsed,
  type PresentSession,
  type ReachedBudget,
  type SessionState,
  type ToolCall,
  type Usage,
} from './session-state.ts'
import { withPlannedStages } from './stage-graph.ts'

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
  toolCalls: {},
  finalAnalysis: null,
  summaryAttempt: 0,
  summary: null,
  notedOccurrences: [],
  inputs: {},
  approvedTools: [],
  messages: {},
  messageCommands: [],
  paused: false,
  startedAt: null,
  used: nothingUsed,
  reached: {},
  ended: null,
})

const evolvePresent = (state: PresentSession, event: SessionEvent): PresentSession => {
  switch (event.type) {
    case 'session.plan_adopted':
      return withPlan({ ...state, status: 'running', plan: event.data }, event.data.stages)
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
      if (state.toolCalls[event.data.toolCallId]?.request != null) return state
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
    case 'session.execution_ended':
      return withExecution(state, event.data.executionId, (execution) => ({
        ...execution,
        status: event.data.status,
        openTurn: null,
        conclusion: event.data.conclusion ?? null,
        cause: event.data.cause ?? null,
      }))
    case 'session.input_requested':
    case 'session.input_answered':
    case 'session.input_expired':
    case 'session.input_withdrawn':
      return evolveInputs(state, event)
    case 'session.message_sent': {
      const { messageId: id, from, to, text, commandId } = event.data
      return {
        ...state,
        messages: { ...state.messages, [id]: { id, from, to, text, deliveredTo: null } },
        messageCommands: commandId === undefined ? state.messageCommands : [...state.messageCommands, commandId],
      }
    }
    case 'session.paused':
      return { ...state, paused: true }
    case 'session.resumed':
      return { ...state, paused: false }
    case 'session.budget_reached': {
      const { limit } = event.data
      const reached: ReachedBudget = { limit, status: asks(state) ? 'waiting' : 'finishing' }
      return { ...state, reached: { ...state.reached, [budgetKey(event.data)]: reached } }
    }
    case 'session.final_analysis_recorded':
      return { ...state, finalAnalysis: event.data.text }
    case 'session.summary_requested':
      return { ...state, status: 'summarizing', summaryAttempt: event.data.attempt }
    case 'session.summary_recorded':
      return { ...state, summary: event.data.text }
    case 'session.alert_noted':
      return { ...state, notedOccurrences: [...state.notedOccurrences, event.data.occurrenceKey] }
    case 'session.ended':
      return { ...state, status: event.data.status, ended: event.data }
    case 'session.plan_extended':
      return withPlan(state, event.data.stages, event.data.reason)
    case 'session.model_failed':
      return withExecution(state, event.data.executionId, (execution) =>
        execution.openTurn === null ? execution : { ...execution, openTurn: { ...execution.openTurn, failed: true } },
      )
    case 'session.loop_detected':
      return withExecution(state, event.data.executionId, (execution) => ({
        ...execution,
        loops: event.data.trip,
        loopsSeenUntil: event.data.turn,
        // Of the first one: the agent is told of no other.
        loopEvidence: execution.loops === 0 ? event.data.evidence : execution.loopEvidence,
      }))
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

const plannedExecution = (id: Execution['id'], stageId: Execution['stageId'], agent: PinnedAgent): Execution => ({
  id,
  stageId,
  agent,
  status: 'planned',
  startedAt: null,
  tools: null,
  unavailable: [],
  turns: [],
  openTurn: null,
  conclusion: null,
  cause: null,
  used: nothingUsed,
  loops: 0,
  loopsSeenUntil: 0,
  loopEvidence: '',
  switches: 0,
  attemptsBefore: 0,
  helper: null,
})

const dispatched = (state: PresentSession, { data }: EventOf<'session.helper_dispatched'>): PresentSession => {
  const { executionId: id, stageId, parentId, task, depth, deadline, maxIterations } = data
  const agent = state.plan?.helperAgents?.find(({ name }) => name === data.agent)
  if (agent === undefined) return state
  const execution: Execution = {
    ...plannedExecution(id, stageId, { ...agent, maxIterations }),
    helper: { parentId, task, depth, deadline, reported: false },
  }
  return { ...state, executions: { ...state.executions, [id]: execution } }
}

const withPlan = (
  state: PresentSession,
  planned: readonly PlannedStage[],
  reason?: ExtensionReason,
): PresentSession => {
  const executions: Record<string, Execution> = { ...state.executions }
  for (const { stageId, agents } of planned) {
    for (const { executionId, agent } of agents) {
      executions[executionId] = plannedExecution(executionId, stageId, agent)
    }
  }
  return { ...state, stages: withPlannedStages(state.stages, planned, reason), executions }
}

const replied = (state: PresentSession, event: EventOf<'session.model_replied'>): PresentSession => {
  const { executionId, turn, text, toolCalls } = event.data
  const calls = toolCalls.map(
    ({ toolCallId, name, arguments: written }): ToolCall => ({
      id: toolCallId,
      executionId,
      turn,
      name,
      written,
      status: 'requested',
      request: null,
      attempt: 0,
      result: null,
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
  if (calls.length === 0) return answered
  return {
    ...answered,
    toolCalls: { ...answered.toolCalls, ...Object.fromEntries(calls.map((call) => [call.id, call])) },
  }
}

const turnRequested = (state: PresentSession, event: EventOf<'session.turn_requested'>): PresentSession => {
  const { executionId, turn, attempt, mode, why = null } = event.data
  // A turn that is asked for again delivers what it delivered the first time.
  const open = state.executions[executionId]?.openTurn
  const delivers = event.data.delivers ?? (open?.turn === turn ? open.delivers : [])
  const messages = { ...state.messages }
  for (const id of event.data.delivers ?? []) {
    const message = messages[id]
    if (message !== undefined) messages[id] = { ...message, deliveredTo: executionId }
  }
  return withExecution({ ...state, messages }, executionId, (execution) => ({
    ...execution,
    attemptsBefore: execution.openTurn?.turn === turn ? execution.attemptsBefore : 0,
    openTurn: { turn, attempt, mode, why, delivers, failed: false },
  }))
}

/** What a helper uses, its parents use. */
const withUsage = (state: PresentSession, id: Execution['id'], more: Usage): PresentSession =>
  lineageOf(state, id).reduce(
    (current, each) =>
      withExecution(current, each.id, (execution) => ({ ...execution, used: plus(execution.used, more) })),
    { ...state, used: plus(state.used, more) },
  )

const plus = (one: Usage, other: Usage): Usage => ({
  tokens: one.tokens + other.tokens,
  costMicros: one.costMicros + other.costMicros,
  toolCalls: one.toolCalls + other.toolCalls,
})

const withStage = (
  state: PresentSession,
  id: EventOf<'session.stage_ended'>['data']['stageId'],
  status: PresentSession['stages'][keyof PresentSession['stages']]['status'],
): PresentSession => {
  const stage = state.stages[id]
  return stage === undefined ? state : { ...state, stages: { ...state.stages, [id]: { ...stage, status } } }
}

const withExecution = (
  state: PresentSession,
  id: Execution['id'],
  change: (execution: Execution) => Execution,
): PresentSession => {
  const execution = state.executions[id]
  return execution === undefined ? state : { ...state, executions: { ...state.executions, [id]: change(execution) } }
}

const withToolCall = (
  state: PresentSession,
  id: ToolCall['id'],
  change: (call: ToolCall) => ToolCall,
): PresentSession => {
  const call = state.toolCalls[id]
  return call === undefined ? state : { ...state, toolCalls: { ...state.toolCalls, [id]: change(call) } }
}

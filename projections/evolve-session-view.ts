// How a session's view follows its events: the one fold of the read model, the live stream and the dashboard.
import { type Commit, type RecordedEvent, withShared } from '../schemas/commit.ts'
import type { EventData } from '../schemas/events.ts'
import type { ForkChanges } from '../schemas/fork.ts'
import { jsonValue } from '../schemas/json-value.ts'
import { evolveChatCounts, noChat } from './chat-counts.ts'
import { viewOfConclusion } from './conclusion-view.ts'
import type { SessionView } from './session-view.ts'
import { type Execution, withExecution, withHelper, withPlanned, withStage } from './session-view-parts.ts'
import { costOf, noCost, noUsage, plusCost, plusUsage } from './spent.ts'

/** @returns null for an event of a session whose start is not known. */
export const evolveSessionView = (
  view: SessionView | null,
  event: RecordedEvent,
  commit: Commit,
): SessionView | null => {
  if (event.type === 'session.started') {
    const { title, input, origin, alert, labels, overrides = {} } = event.data
    return {
      id: commit.stream.id,
      org: commit.stream.org,
      status: 'queued',
      title,
      simulated: false,
      chain: null,
      chainReason: null,
      origin,
      startedBy: commit.actor,
      children: [],
      alertId: origin.kind === 'alert' ? origin.alertId : null,
      alertType: alert?.alertType ?? null,
      severity: alert?.severity ?? null,
      labels: { ...alert?.labels, ...labels },
      overrides: Object.entries(overrides).map(([field, value]) => ({
        field,
        layer: 'session',
        value: jsonValue.parse(value),
      })),
      input,
      startedAt: commit.at,
      endedAt: null,
      currentStage: null,
      stages: [],
      executions: [],
      helpers: [],
      toolCalls: { requested: 0, refused: 0, settled: 0 },
      usage: noUsage,
      cost: noCost,
      queue: null,
      held: null,
      paused: false,
      waitingFor: [],
      fork: null,
      chat: noChat,
      finalAnalysis: null,
      ...viewOfConclusion({}),
      summary: null,
      cause: null,
      correlationId: commit.correlationId,
      version: event.version,
      sequence: commit.sequence,
    }
  }
  if (view === null) return null
  if (event.type === 'session.forked') return forked(view, event.data, commit, event.version)
  const chat = evolveChatCounts(view.chat, event)
  return { ...changed(view, event, commit.at), chat, version: event.version, sequence: commit.sequence }
}

/** With one commit more, and all that it shares with the session it was forked from. */
export const viewAfter = (view: SessionView | null, commit: Commit): SessionView | null =>
  withShared(commit).reduce(
    (whole, each) => each.events.reduce((before, event) => evolveSessionView(before, event, each), whole),
    view,
  )

/** What happened before stays as it was in the source; what is counted begins anew. */
const forked = (
  view: SessionView,
  { from, kind, title, changes, queue }: EventData<'session.forked'>,
  commit: Commit,
  version: number,
): SessionView => ({
  ...view,
  status: queue !== undefined ? 'queued' : view.status === 'queued' ? 'running' : view.status,
  title,
  origin: { kind, sessionId: from.sessionId, at: from.at },
  startedBy: commit.actor,
  alertId: null,
  startedAt: commit.at,
  children: view.children.filter((child) => child.status !== 'running'),
  executions: view.executions.map((execution) => ({
    ...execution,
    ...(isMeant(view, execution, changes) ? changes.model : {}),
    usage: noUsage,
    cost: noCost,
  })),
  helpers: view.helpers.map((helper) => ({ ...helper, usage: noUsage, cost: noCost })),
  usage: noUsage,
  cost: noCost,
  queue: queue === undefined ? null : { lane: queue.lane, since: commit.at, position: null },
  held: null,
  paused: false,
  waitingFor: [],
  fork: {
    sessionId: from.sessionId,
    at: from.at,
    kind,
    changes,
    inherited: { usage: view.usage, cost: view.cost },
    drift: null,
  },
  correlationId: commit.correlationId,
  version,
  sequence: commit.sequence,
})

const isMeant = (view: SessionView, { status, stageId, agent }: Execution, changes: ForkChanges): boolean =>
  (status === 'planned' || status === 'running') &&
  (changes.agent === undefined || changes.agent === agent) &&
  (changes.stage === undefined || view.stages.find(({ id }) => id === stageId)?.name === changes.stage)

const changed = (view: SessionView, event: RecordedEvent, at: string): SessionView => {
  switch (event.type) {
    case 'session.plan_adopted':
      return {
        ...view,
        ...(event.data.queue === undefined
          ? { status: 'running' }
          : { queue: { lane: event.data.queue.lane, since: at, position: null } }),
        chain: event.data.chain.name,
        chainReason: event.data.chain.reason,
        ...withPlanned(view, event.data.stages),
      }
    case 'session.drift_recorded':
      return view.fork === null ? view : { ...view, fork: { ...view.fork, drift: event.data } }
    case 'session.admitted':
      return { ...view, status: 'running', queue: null }
    case 'session.plan_extended':
      return { ...view, ...withPlanned(view, event.data.stages) }
    case 'session.stage_started':
      return {
        ...withStage(view, event.data.stageId, { status: 'running', startedAt: at }),
        currentStage: { name: event.data.name, number: event.data.index + 1, of: event.data.total },
      }
    case 'session.stage_ended':
      return withStage(view, event.data.stageId, { status: event.data.status, endedAt: at })
    case 'session.helper_dispatched':
      return withHelper(view, event.data)
    case 'session.execution_started':
      return withExecution(view, event.data.executionId, () => ({ status: 'running', startedAt: at }))
    case 'session.execution_ended':
      return withExecution(view, event.data.executionId, () => ({
        status: event.data.status,
        endedAt: at,
        conclusion: event.data.conclusion ?? null,
        ...viewOfConclusion(event.data),
        cause: event.data.cause ?? null,
      }))
    case 'session.model_replied': {
      const { executionId, usage, by } = event.data
      const spent = costOf(event.data)
      const replied = withExecution(view, executionId, (execution) => ({
        turns: execution.turns + 1,
        usage: plusUsage(execution.usage, usage),
        cost: plusCost(execution.cost, spent),
        ...(execution.provider === '' && { provider: by.provider }),
        model: by.model,
      }))
      return {
        ...replied,
        usage: plusUsage(view.usage, usage),
        cost: plusCost(view.cost, spent),
        simulated: view.simulated || by.simulated,
      }
    }
    case 'session.context_compacted': {
      const { executionId, usage } = event.data
      const spent = costOf(event.data)
      const condensed = withExecution(view, executionId, (execution) => ({
        usage: plusUsage(execution.usage, usage),
        cost: plusCost(execution.cost, spent),
      }))
      return { ...condensed, usage: plusUsage(view.usage, usage), cost: plusCost(view.cost, spent) }
    }
    case 'session.result_summarized': {
      const { executionId, usage } = event.data
      if (usage === undefined) return view
      const spent = costOf(event.data)
      const condensed = withExecution(view, executionId, (execution) => ({
        usage: plusUsage(execution.usage, usage),
        cost: plusCost(execution.cost, spent),
      }))
      return { ...condensed, usage: plusUsage(view.usage, usage), cost: plusCost(view.cost, spent) }
    }
    case 'session.tool_call_requested':
      return { ...view, toolCalls: { ...view.toolCalls, requested: view.toolCalls.requested + 1 } }
    case 'session.tool_call_refused':
      return { ...view, toolCalls: { ...view.toolCalls, refused: view.toolCalls.refused + 1 } }
    case 'session.tool_call_recorded':
      return event.data.late === true
        ? view
        : { ...view, toolCalls: { ...view.toolCalls, settled: view.toolCalls.settled + 1 } }
    case 'session.child_started': {
      const { childId: id, title, agent, relation, why, executionId, toolCallId, depth } = event.data
      const asked = { agent: agent ?? null, executionId: executionId ?? null, toolCallId: toolCallId ?? null }
      const child = {
        id,
        title,
        ...asked,
        relation,
        why,
        depth,
        status: 'running',
        startedAt: at,
        endedAt: null,
      } as const
      return { ...view, children: [...view.children, child] }
    }
    case 'session.child_ended': {
      const { childId, status } = event.data
      return {
        ...view,
        children: view.children.map((child) => (child.id === childId ? { ...child, status, endedAt: at } : child)),
      }
    }
    case 'session.held':
      return { ...view, held: event.data.reason }
    case 'session.hold_released':
      return { ...view, held: null }
    case 'session.paused':
      return { ...view, paused: true }
    case 'session.resumed':
      return { ...view, paused: false }
    case 'session.input_requested':
      return { ...view, waitingFor: [...view.waitingFor, event.data.inputId] }
    case 'session.input_answered':
    case 'session.input_expired':
    case 'session.input_withdrawn':
      return { ...view, waitingFor: view.waitingFor.filter((id) => id !== event.data.inputId) }
    case 'session.final_analysis_recorded':
      return { ...view, finalAnalysis: event.data.text, ...viewOfConclusion(event.data) }
    case 'session.summary_requested':
      return { ...view, status: 'summarizing' }
    case 'session.summary_recorded':
      return {
        ...view,
        summary: event.data.text,
        usage: plusUsage(view.usage, event.data.usage),
        cost: plusCost(view.cost, costOf(event.data)),
      }
    case 'session.ended':
      return {
        ...view,
        paused: false,
        status: event.data.status,
        endedAt: at,
        cause: event.data.cause,
        currentStage: null,
        queue: null,
      }
    default:
      return view
  }
}

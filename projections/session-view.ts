// A session as people read it: kept current event by event, and served whole.
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import { cause } from '../schemas/cause.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventData } from '../schemas/events.ts'
import { drift, type ForkChanges, forkChanges, forkKind } from '../schemas/fork.ts'
import { jsonValue } from '../schemas/json-value.ts'
import { tokenUsage } from '../schemas/model.ts'
import { priority } from '../schemas/priority.ts'
import { childRelation, sessionOrigin } from '../schemas/session-origin.ts'
import type { PlannedStage } from '../schemas/session-plan.ts'
import { storedText } from '../schemas/stored-text.ts'
import { chatCounts, evolveChatCounts, noChat } from './chat-counts.ts'
import { conclusionView, viewOfConclusion } from './conclusion-view.ts'
import { cost, costOf, noCost, noUsage, plusCost, plusUsage } from './spent.ts'

const executionView = z.object({
  id: z.string(),
  stageId: z.string(),
  agent: z.string(),
  provider: z.string(),
  model: z.string(),
  status: z.string(),
  turns: z.int(),
  usage: tokenUsage,
  cost: cost.default(noCost),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  conclusion: storedText.nullable(),
  ...conclusionView,
  cause: cause.nullable(),
})

const stageView = z.object({
  id: z.string(),
  name: z.string(),
  index: z.int(),
  status: z.string(),
  /** Of a review loop, and of a stage that failed; absent for the first run. */
  cycle: z.int().optional(),
  attempt: z.int().optional(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})

export const childView = z.object({
  id: z.string(),
  title: z.string(),
  agent: z.string().nullable(),
  relation: childRelation,
  why: z.string(),
  /** The agent that asked, and by which call; null when a person did. */
  executionId: z.string().nullable(),
  toolCallId: z.string().nullable(),
  depth: z.int(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
})

export const sessionView = z.object({
  id: z.string(),
  org: z.string(),
  status: z.enum(['queued', 'running', 'summarizing', 'completed', 'failed', 'cancelled']),
  title: z.string(),
  /** True as soon as the built-in simulator has spoken in it. */
  simulated: z.boolean(),
  chain: z.string().nullable(),
  chainReason: z.string().nullable(),
  /** Who asked: an alert, a request, a task, another session. */
  origin: sessionOrigin.nullable().default(null),
  /** Null in rows from before it was kept. */
  startedBy: actor.nullable().default(null),
  /** Sessions that were started from this one. */
  children: z.array(childView).default([]),
  alertId: z.string().nullable(),
  alertType: z.string().nullable(),
  severity: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** What the session says for itself, in the layer over its configuration. */
  overrides: z.array(z.object({ field: z.string(), layer: z.literal('session'), value: jsonValue })).default([]),
  input: storedText,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  currentStage: z.object({ name: z.string(), number: z.int(), of: z.int() }).nullable(),
  stages: z.array(stageView),
  executions: z.array(executionView),
  toolCalls: z.object({ requested: z.int(), refused: z.int(), settled: z.int() }),
  usage: tokenUsage,
  /** Of all agents and the summary; a reply without a known price is counted as unpriced, not as free. */
  cost: cost.default(noCost),
  /** It waits for a place; null when it does not. */
  queue: z
    .object({
      lane: priority,
      /** When it began to wait. */
      since: z.string(),
      /** 1 is next; null while it is not in line yet, or in line no more. */
      position: z.int().positive().nullable(),
    })
    .nullable()
    .default(null),
  /** Nothing new begins until it is resumed. */
  paused: z.boolean().default(false),
  /** Inputs a person is asked for; `GET /v1/inputs` has the questions. */
  waitingFor: z.array(z.string()).default([]),
  /** Where its history begins; null when it began by itself. */
  fork: z
    .object({
      sessionId: z.string(),
      at: z.int(),
      kind: forkKind,
      changes: forkChanges,
      /** Of the history it shares: its own usage and cost begin at zero. */
      inherited: z.object({ usage: tokenUsage, cost }),
      /** Of a replay that has ended: how it went beside its source. */
      drift: drift.nullable(),
    })
    .nullable()
    .default(null),
  /** Questions asked since it ended; the status stays what it was. `GET …/chat` has them. */
  chat: chatCounts.default(noChat),
  finalAnalysis: storedText.nullable(),
  ...conclusionView,
  summary: z.string().nullable(),
  cause: cause.nullable(),
  correlationId: z.string(),
  version: z.int(),
  sequence: z.int(),
})
export type SessionView = z.infer<typeof sessionView>

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
      toolCalls: { requested: 0, refused: 0, settled: 0 },
      usage: noUsage,
      cost: noCost,
      queue: null,
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

/** What happened before stays as it was in the source; what is counted begins anew. */
const forked = (
  view: SessionView,
  { from, kind, title, changes }: EventData<'session.forked'>,
  commit: Commit,
  version: number,
): SessionView => ({
  ...view,
  status: view.status === 'queued' ? 'running' : view.status,
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
  usage: noUsage,
  cost: noCost,
  queue: null,
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

const withPlanned = (
  view: SessionView,
  planned: readonly PlannedStage[],
): Pick<SessionView, 'stages' | 'executions'> => ({
  stages: [
    ...view.stages,
    ...planned.map(({ stageId, name, cycle, attempt }, index) => ({
      id: stageId,
      name,
      index: view.stages.length + index,
      status: 'planned',
      ...(cycle !== undefined && { cycle }),
      ...(attempt !== undefined && { attempt }),
      startedAt: null,
      endedAt: null,
    })),
  ],
  executions: [
    ...view.executions,
    ...planned.flatMap(({ stageId, agents }) =>
      agents.map(({ executionId, agent }) => ({
        id: executionId,
        stageId,
        agent: agent.name,
        provider: agent.provider,
        model: agent.model,
        status: 'planned',
        turns: 0,
        usage: noUsage,
        cost: noCost,
        startedAt: null,
        endedAt: null,
        conclusion: null,
        ...viewOfConclusion({}),
        cause: null,
      })),
    ),
  ],
})

type Stage = SessionView['stages'][number]
type Execution = SessionView['executions'][number]

const withStage = (view: SessionView, id: string, change: Partial<Stage>): SessionView => ({
  ...view,
  stages: view.stages.map((stage) => (stage.id === id ? { ...stage, ...change } : stage)),
})

const withExecution = (
  view: SessionView,
  id: string,
  change: (execution: Execution) => Partial<Execution>,
): SessionView => ({
  ...view,
  executions: view.executions.map((execution) =>
    execution.id === id ? { ...execution, ...change(execution) } : execution,
  ),
})

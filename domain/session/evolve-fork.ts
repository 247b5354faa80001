// The fold of a fork's first event, upon the history it shares: what is changed, and what cannot go on as it stood.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { EventOf } from '../../schemas/events.ts'
import type { ForkChanges } from '../../schemas/fork.ts'
import { mapValues } from '../persistent-map.ts'
import { laterThan } from './ends.ts'
import { inheritedId } from './inherit.ts'
import { openInputsOf, withInput } from './session-parts.ts'
import {
  type Execution,
  type Input,
  isSettled,
  nothingUsed,
  type PresentSession,
  type Stage,
  type ToolCall,
} from './session-state.ts'

type Forked = EventOf<'session.forked'>

/** Said to an agent whose call was under way at the fork point and may not be repeated. */
export const unknownAtFork =
  'Outcome unknown: the call was begun before this session was forked, and may or may not have taken effect. It is not repeated. Check the state it would have changed before going on.'
const childOfSource = 'The session that this call started reports to the session this one was forked from.'

export const evolveFork = (state: PresentSession, { data }: Forked): PresentSession => {
  const { from, kind, changes, title, at, queue } = data
  const changed = openInputsOf(state).filter(isAskedAnew).reduce(withdrawn, withChanges(state, changes))
  return {
    ...changed,
    status: statusOf(state, queue !== undefined),
    started: { ...state.started, title, origin: { kind, sessionId: from.sessionId, at: from.at } },
    plan: changed.plan && withQueue(changed.plan, queue),
    executions: mapped(changed.executions, (each) => freshExecution(each, at)),
    toolCalls: mapValues(changed.toolCalls, (call) => settled(call, data)),
    children: Object.fromEntries(Object.entries(state.children).filter(([, { status }]) => status !== 'running')),
    paused: false,
    held: null,
    erasing: false,
    startedAt: state.startedAt === null ? null : at,
    used: nothingUsed,
    reached: {},
    unpriced: [],
    fork: { from, kind, changes, inherited: state.used, drift: null },
  }
}

/** With a place of its source's it would never be done waiting: it has its own, or needs none. */
const withQueue = (
  { queue: _, ...plan }: NonNullable<PresentSession['plan']>,
  own: Forked['data']['queue'],
): NonNullable<PresentSession['plan']> => ({ ...plan, ...(own !== undefined && { queue: { lane: own.lane } }) })

const statusOf = (state: PresentSession, waits: boolean): PresentSession['status'] => {
  if (waits) return 'queued'
  return state.status === 'queued' && state.plan !== null ? 'running' : state.status
}

/** It goes on where it stood, and the time it waited counts for nobody: of a session that is no fork, nothing has begun yet. */
export const evolveAdmitted = (
  state: PresentSession,
  { data: { waitedMs } }: EventOf<'session.admitted'>,
): PresentSession => {
  const later = (time: string): string => laterThan({ at: time }, waitedMs)
  return {
    ...state,
    status: state.summaryAttempt === 0 ? 'running' : 'summarizing',
    startedAt: state.startedAt && later(state.startedAt),
    executions: mapped(state.executions, (execution) =>
      execution.status !== 'running' || execution.startedAt === null
        ? execution
        : {
            ...execution,
            startedAt: later(execution.startedAt),
            helper: execution.helper && { ...execution.helper, deadline: later(execution.helper.deadline) },
          },
    ),
  }
}

const mapped = <K extends string, T>(all: Readonly<Record<K, T>>, change: (each: T) => T): Readonly<Record<K, T>> =>
  Object.fromEntries(Object.entries<T>(all).map(([key, each]) => [key, change(each)])) as Record<K, T>

/** A reply that had not come is asked for again, and time and money are counted from here: a helper has all of its own again. */
const freshExecution = (execution: Execution, at: string): Execution => ({
  ...execution,
  startedAt: execution.status === 'running' ? at : execution.startedAt,
  helper:
    execution.helper && execution.status === 'running' ? withTime(execution, execution.helper, at) : execution.helper,
  used: nothingUsed,
  attemptsBefore: execution.openTurn?.attempt ?? 0,
  openTurn: execution.openTurn && { ...execution.openTurn, failed: true },
})

const withTime = (
  { startedAt }: Execution,
  helper: NonNullable<Execution['helper']>,
  at: string,
): NonNullable<Execution['helper']> => ({
  ...helper,
  deadline: laterThan({ at }, Date.parse(helper.deadline) - Date.parse(startedAt ?? at)),
})

interface CallThen {
  readonly id: string
  readonly status: ToolCall['status']
  readonly server: string | null
  readonly tool: string | null
  readonly effect: string | null
}

/** How the fork has settled a call of its source; null when it leaves it as it is, or it is made again. */
export const settledByFork = (
  { id, status, server, tool, effect }: CallThen,
  { from, sessionId, changes }: Forked['data'],
): { readonly status: ToolCall['status']; readonly text: string } | null => {
  const own = changes.toolResults?.find((each) => inheritedId(each.toolCallId, from.sessionId, sessionId) === id)
  if (own !== undefined) return { status: own.outcome, text: own.text }
  if (status !== 'requested' && status !== 'begun') return null
  if (server === builtInServer) return tool === 'start_session' ? { status: 'failed', text: childOfSource } : null
  return status === 'begun' && effect === 'unsafe' ? { status: 'outcome_unknown', text: unknownAtFork } : null
}

const settled = (call: ToolCall, data: Forked['data']): ToolCall => {
  const { server = null, tool = null, effect = null } = call.request ?? {}
  const own = settledByFork({ ...call, server, tool, effect }, data)
  if (own !== null) return { ...call, status: own.status, result: { text: own.text }, condensed: null }
  const condensed =
    call.condensed?.status === 'requested' ? { ...call.condensed, status: 'failed' as const } : call.condensed
  if (isSettled(call) || call.request === null || server === builtInServer) return { ...call, condensed }
  return { ...call, status: 'requested', attempt: 0 }
}

/** What a server asked in the middle of a call went with the call, and budgets begin anew. */
const isAskedAnew = ({ question }: Input): boolean => question.kind === 'elicitation' || question.kind === 'budget'

const withdrawn = (state: PresentSession, input: Input): PresentSession =>
  withInput(state, { ...input, status: 'withdrawn' })

const withChanges = (state: PresentSession, changes: ForkChanges): PresentSession => {
  const { task, stage: named } = changes
  const stages = mapped(state.stages, (stage) =>
    task === undefined || !isOpen(stage) || (named !== undefined && stage.name !== named)
      ? stage
      : { ...stage, planned: { ...stage.planned, task } },
  )
  const executions = mapped(state.executions, (execution) =>
    concerned(state, execution, changes) ? { ...execution, agent: agentWith(state, execution, changes) } : execution,
  )
  return { ...state, stages, executions }
}

const isOpen = ({ status }: Pick<Stage, 'status'>): boolean => status === 'planned' || status === 'running'

/** The agents that a change is for. */
export const concerned = (state: PresentSession, execution: Execution, { stage, agent }: ForkChanges): boolean =>
  (execution.status === 'planned' || execution.status === 'running') &&
  (stage === undefined || state.stages[execution.stageId]?.name === stage) &&
  (agent === undefined || execution.agent.name === agent)

export const agentOfPlan = (state: PresentSession, name: string): Execution['agent'] | undefined =>
  state.plan?.helperAgents?.find((each) => each.name === name) ??
  Object.values(state.executions).find(({ agent }) => agent.name === name)?.agent

const agentWith = (state: PresentSession, { agent }: Execution, changes: ForkChanges): Execution['agent'] => {
  const { useAgent, model, instructions } = changes
  const { fallback, ...base } = (useAgent === undefined ? undefined : agentOfPlan(state, useAgent)) ?? agent
  return {
    ...base,
    // What stands in for a model stood in for that one.
    ...(model === undefined ? fallback !== undefined && { fallback } : model),
    ...(instructions !== undefined && { instructions: { ...base.instructions, custom: instructions } }),
  }
}

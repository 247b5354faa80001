// Sessions that a session leads to: started by its agents within bounds, or by people; and their ends.
import { childLimits } from '../../schemas/built-in-tools.ts'
import type { CommandData } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision } from '../decider.ts'
import type { BuiltInCall, BuiltInOutcome } from './built-in-outcome.ts'
import type { Execution, PresentSession } from './session-state.ts'

export interface Asked {
  readonly agent: string
  readonly title: string
  readonly task: string
  readonly why: string
  readonly await: boolean
}

export const startChild = (
  state: PresentSession,
  execution: Execution,
  { toolCallId }: BuiltInCall,
  { agent, title, task, why, await: waits }: Asked,
): BuiltInOutcome => {
  const refused = (message: string): BuiltInOutcome => ({ kind: 'refused', message })
  const allowed = execution.agent.childAgents ?? []
  if (!allowed.includes(agent)) {
    return refused(`No session may be started with "${agent}". Agents: ${allowed.join(', ') || 'none'}.`)
  }
  const limits = state.plan?.childLimits ?? childLimits.parse({})
  const depth = depthOf(state) + 1
  if (depth > limits.depth) return refused(`Sessions may not go deeper than ${limits.depth}; do this yourself.`)
  const own = Object.values(state.children).filter((child) => child.toolCallId !== null).length
  if (own >= limits.total) return refused(`This session has started its ${limits.total} sessions; do this yourself.`)
  // Nobody is left to be told once the session has ended.
  const awaited = waits && state.ended === null
  const childId = `${state.id}_c${String(own + 1).padStart(3, '0')}` as PresentSession['id']
  const started: SessionEvent = {
    type: 'session.child_started',
    data: {
      childId,
      relation: 'sub_task',
      why,
      title,
      agent,
      input: { text: task },
      depth,
      awaited,
      executionId: execution.id,
      toolCallId,
    },
  }
  if (awaited) return { kind: 'waits', events: [started] }
  return { kind: 'done', text: `Session ${childId} (${agent}) is started.`, events: [started] }
}

const depthOf = ({ started: { origin } }: PresentSession): number => (origin.kind === 'child' ? (origin.depth ?? 1) : 0)

/** A session that a person started as a child of this one. */
export const recordChild = (data: CommandData<'RecordChild'>, state: PresentSession): Decision<SessionEvent> => {
  const { sessionId: _, ...child } = data
  if (state.children[child.childId] !== undefined) return alreadySo
  return accept({ type: 'session.child_started', data: { ...child, depth: depthOf(state) + 1, awaited: false } })
}

export const recordChildEnd = (data: CommandData<'RecordChildEnd'>, state: PresentSession): Decision<SessionEvent> => {
  const { sessionId: _, ...end } = data
  if (state.children[end.childId]?.status !== 'running') return alreadySo
  return accept({ type: 'session.child_ended', data: end })
}

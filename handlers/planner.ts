// Chooses the chain of a new session and pins everything it will run under; who waits for a place, forks too, gets in line here.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { planSession } from '../domain/plan/plan-session.ts'
import { policiesOf } from '../domain/policy/decide-tool.ts'
import { isLimited, laneOf, takesPlace } from '../domain/queue/queue-limits.ts'
import { planningFailed } from '../domain/session/causes.ts'
import {
  absentSession,
  type PresentSession,
  type SessionState,
  waitsForPlace,
} from '../domain/session/session-state.ts'
import type { Commit } from '../schemas/commit.ts'
import type { OrgId } from '../schemas/ids.ts'
import type { ToolPolicy } from '../schemas/tool-policy.ts'
import type { WaitingLine } from './admission.ts'
import { createSendFrom } from './handler-command.ts'
import type { Settings } from './ports/settings.ts'
import { done, type Reactor } from './reactor.ts'

export interface PlannerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly settings: Settings
  readonly line: WaitingLine
}

export const createPlanner = ({ bus, sessions, settings, line }: PlannerDependencies): Reactor => {
  const send = createSendFrom(bus, 'planner')

  const planned = async (commit: Commit, eventId: string, { started }: PresentSession): Promise<SessionState> => {
    const { org } = commit.stream
    const { sessionId } = started
    const { configuration, hash } = settings.current()
    const answer = planSession(started, configuration, hash)
    if (answer.kind === 'problem') {
      await send(commit, eventId, `no-plan:${sessionId}`, 'RejectPlan', { sessionId, ...answer.problem })
      return absentSession
    }
    const { queue } = configuration.defaults
    const above = await policiesAbove(org, started)
    const plan = {
      ...answer.plan,
      ...(takesPlace(started) &&
        isLimited(queue, org, answer.plan.chain.name) && { queue: { lane: laneOf(started, queue) } }),
      ...(above.length > 0 && { policiesAbove: [...above] }),
    }
    const outcome = await send(commit, eventId, `plan:${sessionId}`, 'AdoptPlan', { sessionId, plan })
    // Another process may have adopted another plan just before.
    return sessions.session(org, sessionId, outcome.kind === 'rejected' ? undefined : outcome.sequence)
  }

  /** What an agent may not do, it may not have a session of its own do either. */
  const policiesAbove = async (org: OrgId, { origin }: PresentSession['started']): Promise<readonly ToolPolicy[]> => {
    if (origin.kind !== 'child' || origin.toolCallId === undefined) return []
    const parent = await sessions.session(org, origin.parentSessionId)
    return parent.status === 'absent' ? [] : policiesOf(parent.plan)
  }

  return {
    name: 'planner',
    reactsTo: ['session.started', 'session.forked'],
    concurrency: 32,
    react: async (commit, signal) => {
      for (const event of commit.events) {
        if (event.type !== 'session.started' && event.type !== 'session.forked') continue
        const { sessionId } = event.data
        const { org } = commit.stream
        const before = await sessions.session(org, sessionId, commit.sequence)
        if (before.status === 'absent' || before.ended !== null) continue
        // Planned before a crash, it may not stand in line yet.
        const state = before.plan === null ? await planned(commit, event.id, before) : before
        if (state.status === 'absent' || !waitsForPlace(state) || state.plan?.queue === undefined) continue
        const { chain, queue } = state.plan
        const since = Date.parse(commit.at)
        await line.join({ id: sessionId, org, chain: chain.name, lane: queue.lane, since }, signal)
      }
      return done
    },
    giveUp: async (commit, reason) => {
      for (const event of commit.events) {
        if (event.type !== 'session.started' && event.type !== 'session.forked') continue
        const { sessionId } = event.data
        const { code, message, nextStep } = planningFailed(reason)
        await send(commit, event.id, `given-up:${sessionId}`, 'RejectPlan', { sessionId, code, message, nextStep })
      }
    },
  }
}

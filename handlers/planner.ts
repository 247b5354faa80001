// Chooses the chain of a new session and pins everything it will run under.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { planSession } from '../domain/plan/plan-session.ts'
import { planningFailed } from '../domain/session/causes.ts'
import { createSendFrom } from './handler-command.ts'
import type { Settings } from './ports/settings.ts'
import { done, type Reactor } from './reactor.ts'

export interface PlannerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly settings: Settings
}

export const createPlanner = ({ bus, sessions, settings }: PlannerDependencies): Reactor => {
  const send = createSendFrom(bus, 'planner')
  return {
    name: 'planner',
    reactsTo: ['session.started'],
    concurrency: 32,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type !== 'session.started') continue
        const { sessionId } = event.data
        const state = await sessions.session(commit.stream.org, sessionId, commit.sequence)
        if (state.status === 'absent' || state.plan !== null || state.ended !== null) continue
        const { configuration, hash } = settings.current()
        const planned = planSession(state.started, configuration, hash)
        if (planned.kind === 'plan') {
          await send(commit, event.id, `plan:${sessionId}`, 'AdoptPlan', { sessionId, plan: planned.plan })
        } else {
          await send(commit, event.id, `no-plan:${sessionId}`, 'RejectPlan', { sessionId, ...planned.problem })
        }
      }
      return done
    },
    giveUp: async (commit, reason) => {
      for (const event of commit.events) {
        if (event.type !== 'session.started') continue
        const { sessionId } = event.data
        const { code, message, nextStep } = planningFailed(reason)
        await send(commit, event.id, `given-up:${sessionId}`, 'RejectPlan', { sessionId, code, message, nextStep })
      }
    },
  }
}

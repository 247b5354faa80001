// Tells an alert that the session looking into it has ended, so that its next firing opens a new one.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'

export interface AlertFollowerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
}

export const createAlertFollower = ({ bus, sessions }: AlertFollowerDependencies): Reactor => {
  const send = createSendFrom(bus, 'alert-follower')
  return {
    name: 'alert-follower',
    reactsTo: ['session.ended'],
    concurrency: 32,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type !== 'session.ended') continue
        const id = sessionId.parse(commit.stream.id)
        const state = await sessions.session(commit.stream.org, id, commit.sequence)
        if (state.status === 'absent' || state.started.origin.kind !== 'alert') continue
        await send(commit, event.id, `${id}:investigated`, 'RecordInvestigation', {
          alertId: state.started.origin.alertId,
          sessionId: id,
          status: event.data.status,
        })
      }
      return done
    },
  }
}

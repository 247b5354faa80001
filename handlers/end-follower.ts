// Tells whatever a session was opened for that it has ended: each follower says only whom, and what.
import type { CommandBus, CommandOutcome } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import type { CommandData, CommandType } from '../schemas/commands.ts'
import type { EventOf } from '../schemas/events.ts'
import { type SessionId, sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'

export interface EndFollowerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
}

export interface EndedSession {
  readonly sessionId: SessionId
  readonly origin: EventOf<'session.started'>['data']['origin']
  readonly status: EventOf<'session.ended'>['data']['status']
}

type Send = <T extends CommandType>(work: string, type: T, data: CommandData<T>) => Promise<CommandOutcome>

export const createEndFollower = (
  { bus, sessions }: EndFollowerDependencies,
  name: string,
  tell: (ended: EndedSession, send: Send) => Promise<unknown>,
): Reactor => {
  const sendFrom = createSendFrom(bus, name)
  return {
    name,
    reactsTo: ['session.ended'],
    concurrency: 32,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type !== 'session.ended') continue
        const id = sessionId.parse(commit.stream.id)
        const state = await sessions.session(commit.stream.org, id, commit.sequence)
        if (state.status === 'absent') continue
        const { origin } = state.started
        await tell({ sessionId: id, origin, status: event.data.status }, (work, type, data) =>
          sendFrom(commit, event.id, work, type, data),
        )
      }
      return done
    },
  }
}

// Tells a task that the session of one of its runs has ended.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'

export interface TaskFollowerDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
}

export const createTaskFollower = ({ bus, sessions }: TaskFollowerDependencies): Reactor => {
  const send = createSendFrom(bus, 'task-follower')
  return {
    name: 'task-follower',
    reactsTo: ['session.ended'],
    concurrency: 32,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type !== 'session.ended') continue
        const id = sessionId.parse(commit.stream.id)
        const state = await sessions.session(commit.stream.org, id, commit.sequence)
        if (state.status === 'absent' || state.started.origin.kind !== 'task') continue
        const { taskId, run } = state.started.origin
        const { status } = event.data
        await send(commit, event.id, `${id}:ended`, 'RecordTaskRun', { taskId, run, sessionId: id, status })
      }
      return done
    },
  }
}

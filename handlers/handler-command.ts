// A handler's command: its cause, correlation and trace come from the commit it reacts to, its id from the work it reports.

import type { Command, CommandBus, CommandOutcome } from '../commands/command.ts'
import { withActiveTrace } from '../commands/with-span.ts'
import type { CommandData, CommandOf, CommandType } from '../schemas/commands.ts'
import type { Commit } from '../schemas/commit.ts'
import { commandId } from '../schemas/ids.ts'

/** `work` names the work uniquely: the same work reported twice, by whomever, is one command. */
export type SendFrom = <T extends CommandType>(
  commit: Commit,
  eventId: string,
  work: string,
  type: T,
  data: CommandData<T>,
) => Promise<CommandOutcome>

export const createSendFrom =
  (bus: CommandBus, handler: string): SendFrom =>
  (commit, eventId, work, type, data) => {
    // TypeScript cannot see that a type and its own data, both by T, form a member of the union.
    const body = { type, data } as CommandOf<CommandType>
    const command: Command = {
      ...body,
      metadata: {
        org: commit.stream.org,
        commandId: commandId.parse(`${handler}:${work}`),
        actor: { kind: 'handler', id: handler },
        at: new Date().toISOString(),
        correlationId: commit.correlationId,
        causationId: eventId,
        ...withActiveTrace(commit.traceparent),
      },
    }
    return bus.send(command)
  }

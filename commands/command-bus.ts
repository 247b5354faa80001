// The one entrance to the write side: authorize, then decide in turn on the stream the command is about.
import type { AlertState } from '../domain/alert/alert-state.ts'
import type { SessionState } from '../domain/session/session-state.ts'
import { isPublicCommand } from '../schemas/commands.ts'
import type { StreamId } from '../schemas/commit.ts'
import type { LogSequence, OrgId, SessionId } from '../schemas/ids.ts'
import { alertAggregate, sessionAggregate } from './aggregate.ts'
import type { Command, CommandBus } from './command.ts'
import { CommandForbidden } from './command-errors.ts'
import type { EventLog } from './event-log.ts'
import { createInTurn } from './in-turn.ts'
import { createStreamStates, keyOf, type StreamStates } from './stream-states.ts'
import { transact } from './transact.ts'
import { withSpan } from './with-span.ts'

/** The folded state of a session, for handlers and for `GET …/state`. */
export interface SessionReader {
  /** The state as of `atLeast` or later. */
  session(org: OrgId, id: SessionId, atLeast?: LogSequence): Promise<SessionState>
}

export interface WriteSide extends CommandBus, SessionReader {
  alert(org: OrgId, id: string, atLeast?: LogSequence): Promise<AlertState>
}

export const createCommandBus = (log: EventLog): WriteSide => {
  const sessions = createStreamStates(log, sessionAggregate)
  const alerts = createStreamStates(log, alertAggregate)
  const inTurn = createInTurn()

  return {
    send: (command) => {
      authorize(command)
      const aggregate = isAlertCommand(command) ? alertAggregate : sessionAggregate
      const stream: StreamId = {
        org: command.metadata.org,
        category: aggregate.category,
        id: isAlertCommand(command) ? alertAggregate.idOf(command) : sessionAggregate.idOf(command),
      }
      const attributes = { 'casebook.org': stream.org, 'casebook.stream': `${stream.category}/${stream.id}` }
      return withSpan(`command ${command.type}`, { attributes, traceparent: command.metadata.traceparent }, () =>
        inTurn(keyOf(stream), () =>
          isAlertCommand(command)
            ? transact(log, alerts, alertAggregate, stream, command)
            : transact(log, sessions, sessionAggregate, stream, command),
        ),
      )
    },
    session: (org, id, atLeast) => stateOf(sessions, { org, category: 'session', id }, atLeast),
    alert: (org, id, atLeast) => stateOf(alerts, { org, category: 'alert', id }, atLeast),
  }
}

type AlertCommandType = 'RecordAlert' | 'RecordInvestigation'
type IsAlert = Extract<Command, { type: AlertCommandType }>
const isAlertCommand = (command: Command): command is IsAlert =>
  command.type === 'RecordAlert' || command.type === 'RecordInvestigation'

const authorize = (command: Command): void => {
  if (command.metadata.actor.kind !== 'handler' && !isPublicCommand(command.type)) {
    throw new CommandForbidden(command.type, command.metadata.actor.id)
  }
}

const stateOf = async <S>(states: StreamStates<S>, stream: StreamId, atLeast?: LogSequence): Promise<S> =>
  (await (atLeast === undefined ? states.fresh(stream) : states.at(stream, atLeast))).state

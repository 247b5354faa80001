// The one entrance to the write side: authorize, then decide in turn on the stream the command is about.
import type { AlertState } from '../domain/alert/alert-state.ts'
import type { ErasureState } from '../domain/erasure/erasure-decider.ts'
import type { LedgerState } from '../domain/ledger/ledger-state.ts'
import type { SessionState } from '../domain/session/session-state.ts'
import type { TaskState } from '../domain/task/task-state.ts'
import { alertCommandData } from '../schemas/alert-commands.ts'
import { isPublicCommand } from '../schemas/commands.ts'
import type { StreamId } from '../schemas/commit.ts'
import { configurationCommandData } from '../schemas/configuration-commands.ts'
import { erasureCommandData } from '../schemas/erasure-commands.ts'
import type { DomainEvent } from '../schemas/events.ts'
import type { LogSequence, OrgId, SessionId, TaskId } from '../schemas/ids.ts'
import { ledgerCommandData } from '../schemas/ledger-commands.ts'
import { personCommandData } from '../schemas/person-commands.ts'
import { type QueueSettings, queueSettings } from '../schemas/queue.ts'
import { taskCommandData } from '../schemas/task-commands.ts'
import {
  type Aggregate,
  alertAggregate,
  configurationAggregate,
  erasureAggregate,
  ledgerAggregate,
  personAggregate,
  sessionAggregate,
  taskAggregate,
} from './aggregate.ts'
import type { Command, CommandBus, CommandOutcome } from './command.ts'
import { CommandForbidden } from './command-errors.ts'
import { decideOrphan } from './decide-orphan.ts'
import type { EventLog } from './event-log.ts'
import { forkSession } from './fork-session.ts'
import { createInTurn } from './in-turn.ts'
import { ForkSourceChanged } from './log-errors.ts'
import { createStreamStates, keyOf, type StreamStates } from './stream-states.ts'
import { transact } from './transact.ts'
import { withSpan } from './with-span.ts'

/** The folded state of a session, for handlers and for `GET …/state`. */
export interface SessionReader {
  /** The state as of `atLeast` or later. */
  session(org: OrgId, id: SessionId, atLeast?: LogSequence): Promise<SessionState>
}

export interface TaskReader {
  /** The state as of `atLeast` or later. */
  task(org: OrgId, id: TaskId, atLeast?: LogSequence): Promise<TaskState>
}

export interface LedgerReader {
  /** What an org has used up on a day, as of `atLeast` or later; without it, as the log's leader has it now. */
  ledger(org: OrgId, day: string, atLeast?: LogSequence): Promise<LedgerState>
}

export interface ErasureReader {
  /** Whether the session was erased, by whom and why. */
  erasure(org: OrgId, id: SessionId): Promise<ErasureState>
}

export interface WriteSide extends CommandBus, SessionReader, TaskReader, LedgerReader, ErasureReader {
  /** To be called once its commits are gone. */
  forgetSession(org: OrgId, id: SessionId): void
  /** To be called when a person is forgotten: what was folded before may still say what they wrote. */
  forgetStates(): void
  alert(org: OrgId, id: string, atLeast?: LogSequence): Promise<AlertState>
}

const noLimits = queueSettings.parse({})

export interface CommandBusOptions {
  /** Which forks wait for a place; absent, none does. */
  readonly limits?: (() => QueueSettings) | undefined
  /** Rejects when what an erasure stands for could not be done; asked before it is decided. */
  readonly mayErase?: ((org: OrgId, id: SessionId) => Promise<void>) | undefined
}

export const createCommandBus = (
  log: EventLog,
  { limits = () => noLimits, mayErase }: CommandBusOptions = {},
): WriteSide => {
  const sessions = createStreamStates(log, sessionAggregate)
  const alerts = createStreamStates(log, alertAggregate)
  const tasks = createStreamStates(log, taskAggregate)
  const configurations = createStreamStates(log, configurationAggregate)
  const ledgers = createStreamStates(log, ledgerAggregate)
  const erasures = createStreamStates(log, erasureAggregate)
  const persons = createStreamStates(log, personAggregate)
  const inTurn = createInTurn()

  const decided = <S, C extends Command, E extends DomainEvent>(
    states: StreamStates<S>,
    aggregate: Aggregate<S, C, E>,
    command: C,
    how?: (stream: StreamId) => Promise<CommandOutcome>,
  ): Promise<CommandOutcome> => {
    const { org, traceparent } = command.metadata
    const stream: StreamId = { org, category: aggregate.category, id: aggregate.idOf(command) }
    const attributes = { 'casebook.org': stream.org, 'casebook.stream': `${stream.category}/${stream.id}` }
    return withSpan(`command ${command.type}`, { attributes, traceparent }, () =>
      inTurn(keyOf(stream), () => how?.(stream) ?? transact(log, states, aggregate, stream, command)),
    )
  }

  return {
    send: (command) => {
      authorize(command)
      if (isAlertCommand(command)) return decided(alerts, alertAggregate, command)
      if (isTaskCommand(command)) return decided(tasks, taskAggregate, command)
      if (isConfigurationCommand(command)) return decided(configurations, configurationAggregate, command)
      if (isLedgerCommand(command)) return decided(ledgers, ledgerAggregate, command)
      if (isErasureCommand(command)) return decided(erasures, erasureAggregate, command)
      if (isPersonCommand(command)) return decided(persons, personAggregate, command)
      if (command.type === 'ForkSession') {
        return decided(sessions, sessionAggregate, command, (stream) =>
          forkSession(log, sessions, stream, command, limits),
        )
      }
      if (command.type === 'CancelSession' || command.type === 'EraseSession') {
        const orphanToo = () =>
          decided(sessions, sessionAggregate, command, (stream) =>
            transact(log, sessions, sessionAggregate, stream, command).catch((error: unknown) => {
              if (error instanceof ForkSourceChanged) return decideOrphan(log, stream, command)
              throw error
            }),
          )
        const { metadata, data } = command
        return command.type === 'EraseSession' && mayErase !== undefined
          ? mayErase(metadata.org, data.sessionId).then(orphanToo)
          : orphanToo()
      }
      return decided(sessions, sessionAggregate, command)
    },
    session: (org, id, atLeast) => stateOf(sessions, { org, category: 'session', id }, atLeast),
    task: (org, id, atLeast) => stateOf(tasks, { org, category: 'task', id }, atLeast),
    ledger: (org, id, atLeast) => stateOf(ledgers, { org, category: 'ledger', id }, atLeast),
    erasure: (org, id) => stateOf(erasures, { org, category: 'erasure', id }),
    forgetStates: () => {
      for (const each of [sessions, alerts, tasks, configurations, ledgers, erasures, persons]) each.clear()
    },
    forgetSession: (org, id) => sessions.forget({ org, category: 'session', id }),
    alert: (org, id, atLeast) => stateOf(alerts, { org, category: 'alert', id }, atLeast),
  }
}

type CommandIn<T> = Extract<Command, { readonly type: T }>
const isAlertCommand = (command: Command): command is CommandIn<keyof typeof alertCommandData> =>
  Object.hasOwn(alertCommandData, command.type)
const isTaskCommand = (command: Command): command is CommandIn<keyof typeof taskCommandData> =>
  Object.hasOwn(taskCommandData, command.type)
const isConfigurationCommand = (command: Command): command is CommandIn<keyof typeof configurationCommandData> =>
  Object.hasOwn(configurationCommandData, command.type)
const isLedgerCommand = (command: Command): command is CommandIn<keyof typeof ledgerCommandData> =>
  Object.hasOwn(ledgerCommandData, command.type)

const isErasureCommand = (command: Command): command is CommandIn<keyof typeof erasureCommandData> =>
  Object.hasOwn(erasureCommandData, command.type)

const isPersonCommand = (command: Command): command is CommandIn<keyof typeof personCommandData> =>
  Object.hasOwn(personCommandData, command.type)

const authorize = (command: Command): void => {
  if (command.metadata.actor.kind !== 'handler' && !isPublicCommand(command.type)) {
    throw new CommandForbidden(command.type, command.metadata.actor.id)
  }
}

const stateOf = async <S>(states: StreamStates<S>, stream: StreamId, atLeast?: LogSequence): Promise<S> =>
  (await (atLeast === undefined ? states.fresh(stream) : states.at(stream, atLeast))).state

// What the command bus needs to know of an aggregate beside its decider: where it lives and which events are its own.

import { alertDecider } from '../domain/alert/alert-decider.ts'
import type { AlertState } from '../domain/alert/alert-state.ts'
import { type ConfigurationState, configurationDecider } from '../domain/configuration/configuration-decider.ts'
import type { Decider } from '../domain/decider.ts'
import { type ErasureState, erasureDecider } from '../domain/erasure/erasure-decider.ts'
import { ledgerDecider } from '../domain/ledger/ledger-decider.ts'
import type { LedgerState } from '../domain/ledger/ledger-state.ts'
import { type PersonState, personDecider } from '../domain/person/person-decider.ts'
import { sessionDecider } from '../domain/session/session-decider.ts'
import type { SessionState } from '../domain/session/session-state.ts'
import { taskDecider } from '../domain/task/task-decider.ts'
import type { TaskState } from '../domain/task/task-state.ts'
import type {
  AlertCommand,
  ConfigurationCommand,
  ErasureCommand,
  LedgerCommand,
  PersonCommand,
  SessionCommand,
  TaskCommand,
} from '../schemas/commands.ts'
import type { RecordedEvent, StreamCategory } from '../schemas/commit.ts'
import type {
  AlertEvent,
  ConfigurationEvent,
  ErasureEvent,
  LedgerEvent,
  PersonEvent,
  SessionEvent,
  TaskEvent,
} from '../schemas/events.ts'

export interface Aggregate<S, C, E> {
  readonly category: StreamCategory
  readonly decider: Decider<S, C, E>
  /** An event of a newer build, or of another aggregate, is not folded. */
  readonly owns: (event: RecordedEvent) => event is RecordedEvent & E
  readonly idOf: (command: C) => string
}

export const sessionAggregate: Aggregate<SessionState, SessionCommand, SessionEvent> = {
  category: 'session',
  decider: sessionDecider,
  owns: (event): event is RecordedEvent & SessionEvent => event.type.startsWith('session.'),
  idOf: (command) => command.data.sessionId,
}

export const alertAggregate: Aggregate<AlertState, AlertCommand, AlertEvent> = {
  category: 'alert',
  decider: alertDecider,
  owns: (event): event is RecordedEvent & AlertEvent => event.type.startsWith('alert.'),
  idOf: (command) => command.data.alertId,
}

export const taskAggregate: Aggregate<TaskState, TaskCommand, TaskEvent> = {
  category: 'task',
  decider: taskDecider,
  owns: (event): event is RecordedEvent & TaskEvent => event.type.startsWith('task.'),
  idOf: (command) => command.data.taskId,
}

/** One stream: a configuration is a whole. */
export const configurationAggregate: Aggregate<ConfigurationState, ConfigurationCommand, ConfigurationEvent> = {
  category: 'definition',
  decider: configurationDecider,
  owns: (event): event is RecordedEvent & ConfigurationEvent => event.type.startsWith('configuration.'),
  idOf: () => 'configuration',
}

/** One stream for each org and day. */
export const ledgerAggregate: Aggregate<LedgerState, LedgerCommand, LedgerEvent> = {
  category: 'ledger',
  decider: ledgerDecider,
  owns: (event): event is RecordedEvent & LedgerEvent => event.type.startsWith('ledger.'),
  idOf: (command) => command.data.day,
}

/** One stream for each forgotten person, under the id of their key. */
export const personAggregate: Aggregate<PersonState, PersonCommand, PersonEvent> = {
  category: 'person',
  decider: personDecider,
  owns: (event): event is RecordedEvent & PersonEvent => event.type.startsWith('person.'),
  idOf: (command) => command.data.personId,
}

/** One stream for each erased session, under its id. */
export const erasureAggregate: Aggregate<ErasureState, ErasureCommand, ErasureEvent> = {
  category: 'erasure',
  decider: erasureDecider,
  owns: (event): event is RecordedEvent & ErasureEvent => event.type.startsWith('erasure.'),
  idOf: (command) => command.data.sessionId,
}

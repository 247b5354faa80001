// Every command type and its data, and the metadata a command carries from the edge to the event.
import type { z } from 'zod'
import type { Actor } from './actor.ts'
import { alertCommandData } from './alert-commands.ts'
import { configurationCommandData } from './configuration-commands.ts'
import { erasureCommandData } from './erasure-commands.ts'
import type { CommandId, CorrelationId, OrgId } from './ids.ts'
import { ledgerCommandData } from './ledger-commands.ts'
import { personCommandData } from './person-commands.ts'
import { askedFork, askedSession, sessionCommandData } from './session-commands.ts'
import { taskCommandData } from './task-commands.ts'

export const commandData = {
  ...sessionCommandData,
  ...alertCommandData,
  ...taskCommandData,
  ...configurationCommandData,
  ...ledgerCommandData,
  ...erasureCommandData,
  ...personCommandData,
} as const

export type CommandType = keyof typeof commandData
export type CommandData<T extends CommandType> = Readonly<z.infer<(typeof commandData)[T]>>
export type CommandOf<T extends CommandType> = { [K in T]: { readonly type: K; readonly data: CommandData<K> } }[T]
export type SessionCommand = CommandOf<keyof typeof sessionCommandData>
export type AlertCommand = CommandOf<keyof typeof alertCommandData>
export type TaskCommand = CommandOf<keyof typeof taskCommandData>
export type LedgerCommand = CommandOf<keyof typeof ledgerCommandData>
export type ErasureCommand = CommandOf<keyof typeof erasureCommandData>
export type PersonCommand = CommandOf<keyof typeof personCommandData>
export type ConfigurationCommand = CommandOf<keyof typeof configurationCommandData>

/** Commands any authorized person or system may send, through HTTP, bus or CLI. */
export const publicCommands = [
  'StartSession',
  'ForkSession',
  'CancelSession',
  'PauseSession',
  'RecordEvaluation',
  'ResumeSession',
  'SendMessage',
  'CancelExecution',
  'AnswerInput',
  'AskSession',
  'HoldSession',
  'ReleaseHold',
  'EraseSession',
  'ForgetPerson',
  'ScheduleTask',
  'CancelTask',
  'RerunTask',
] as const satisfies readonly CommandType[]
/** What may come from outside: less than handlers may say. */
export const publicCommandData = { ...commandData, StartSession: askedSession, ForkSession: askedFork } as const
export type PublicCommand = (typeof publicCommands)[number]

export const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandData, type)
export const isPublicCommand = (type: string): type is PublicCommand => publicCommands.some((each) => each === type)

/** Everything `decide` may know beside state and data: it reads no clock and makes no ids. */
export interface CommandMetadata {
  readonly org: OrgId
  readonly commandId: CommandId
  readonly actor: Actor
  /** ISO 8601 UTC: the moment the command was made. */
  readonly at: string
  readonly correlationId: CorrelationId
  readonly causationId: string
  readonly traceparent?: string | undefined
  /** SHA-256 of the data, when the sender chose the command id: the same id with another body is refused. */
  readonly bodyHash?: string | undefined
}

// A command on its way to a decision, and what comes back.
import type { Rejection } from '../domain/decider.ts'
import type { CommandMetadata, CommandOf, CommandType } from '../schemas/commands.ts'
import type { RecordedEvent } from '../schemas/commit.ts'
import type { LogSequence, StreamVersion } from '../schemas/ids.ts'

export type Command<T extends CommandType = CommandType> = CommandOf<T> & { readonly metadata: CommandMetadata }

export type CommandOutcome =
  | {
      readonly kind: 'accepted'
      readonly sequence: LogSequence
      readonly version: StreamVersion
      readonly events: readonly RecordedEvent[]
    }
  /** Already so: nothing was written; the stream stands where it stood. */
  | {
      readonly kind: 'unchanged'
      readonly sequence: LogSequence
      readonly version: StreamVersion
      /** This very command was accepted before, at the position told. */
      readonly repeats?: true
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection; readonly version: StreamVersion }

/** The one entrance to the write side, as gateways and handlers see it. */
export interface CommandBus {
  /**
   * @throws InvalidCommand, IdempotencyConflict, ConcurrencyExhausted (retryable), LogUnavailable (retryable), LogFull (retryable).
   */
  send(command: Command): Promise<CommandOutcome>
}

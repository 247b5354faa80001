// The handlers' port to the durable queue of commands (`casebook.commands.<org>.<Name>`): one after another, in the order published.
import type { ParkReason, QueuedMessage } from './queued-message.ts'

export interface QueuedCommand extends QueuedMessage {
  /** As the subject names it; not yet checked. */
  readonly org: string
  readonly name: string
}

export interface CommandQueue {
  deliveries(signal: AbortSignal): AsyncIterable<QueuedCommand>
}

/**
 * Has a command decided; given to the handler by the gateway that knows commands as they are sent. Deciding the same message
 * again changes nothing.
 * @returns why it can never be carried out, or null when it was. @throws what may pass.
 */
export type DecideQueued = (
  command: Pick<QueuedCommand, 'org' | 'name' | 'payload' | 'headers' | 'id'>,
) => Promise<ParkReason | null>

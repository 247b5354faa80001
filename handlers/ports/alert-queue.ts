// The intake's port to the durable queue of alerts (`casebook.alerts.<org>`): messages as they came, at least once.
import type { AlertMessage } from '../../schemas/alert.ts'
import type { OrgId } from '../../schemas/ids.ts'
import type { QueuedMessage } from './queued-message.ts'

export interface QueuedAlert extends QueuedMessage {
  readonly org: OrgId
  /** Copies one entry to the dead letters; the message itself stays unsettled. Repeating it parks nothing twice. */
  parkEntry(entry: RejectedEntry, code: string): Promise<void>
}

/** One of several entries of a message that is no alert. */
export interface RejectedEntry {
  /** Counts from 0. */
  readonly index: number
  /** The entry alone, so that it can be mended and sent again. */
  readonly text: string
  readonly message: string
}

export interface AlertQueue {
  deliveries(signal: AbortSignal): AsyncIterable<QueuedAlert>
}

/** Turns a message as it came into alerts; given to the intake by the gateway that knows the formats. */
export type ReadAlerts = (
  message: Pick<QueuedAlert, 'payload' | 'headers' | 'queuedAt' | 'id'>,
) => /** At least one alert; what else the message held is told beside them. */
  | { readonly kind: 'alerts'; readonly alerts: readonly AlertMessage[]; readonly rejected: readonly RejectedEntry[] }
  | { readonly kind: 'unreadable'; readonly message: string }

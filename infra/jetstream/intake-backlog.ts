// Alerts of an org that are kept in the queue and not decided yet.
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { OrgId } from '../../schemas/ids.ts'
import { intakeStream } from './streams.ts'
import { alertSubject } from './subjects.ts'

export interface IntakeBacklog {
  readonly waiting: number
  /** When the oldest of them was taken; null when there is none. */
  readonly oldestAt: string | null
}

/** @throws LogUnavailable (retryable). */
export const createIntakeBacklog = async (
  connection: NatsConnection,
): Promise<(org: OrgId) => Promise<IntakeBacklog>> => {
  const manager = await jetstreamManager(connection, { timeout: 3_000, checkAPI: false })
  return async (org) => {
    const subject = alertSubject(org)
    try {
      // The server has known `next_by_subj` since 2.9; the client's type does not name it for leader reads.
      const oldest = { seq: 1, next_by_subj: subject }
      const first = await manager.streams.getMessage(intakeStream, oldest).catch(nothing)
      if (first === null) return { waiting: 0, oldestAt: null }
      const { state } = await manager.streams.info(intakeStream, { subjects_filter: subject })
      return { waiting: state.subjects?.[subject] ?? 0, oldestAt: first.time.toISOString() }
    } catch (error) {
      throw new LogUnavailable('looking at the queue of alerts', { cause: error })
    }
  }
}

const nothing = (error: unknown): null => {
  if (error instanceof JetStreamApiError && error.status === 404) return null
  throw error
}

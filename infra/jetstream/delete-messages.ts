// Takes messages off the log one by one: purging a subject makes nats-server 2.9 forget what every handler has not acknowledged yet.
import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { eventsStream } from './streams.ts'

export class ErasureUnsafe extends CasebookError {
  readonly code = 'erasure_unsafe'
  readonly retryable = false

  constructor(version: string) {
    super(
      `This log denies deletes, and purging it on nats-server ${version} would lose what handlers have not done yet. Nothing was erased. Upgrade to 2.10 or newer and retry, or restore the log into an empty server.`,
    )
  }
}

/** Requests under way at once. */
const atOnce = 64

/** Whether the log was made to deny deletes, as all were once; it is purged then. @throws ErasureUnsafe. */
export const deniesDeletes = async (connection: NatsConnection, manager: JetStreamManager): Promise<boolean> => {
  const { config } = await manager.streams.info(eventsStream)
  const version = connection.info?.version ?? ''
  if (config.deny_delete && version.startsWith('2.9.')) throw new ErasureUnsafe(version)
  return config.deny_delete
}

/** Asked before an erasure is decided: what is refused leaves no trace. @throws ErasureUnsafe; LogUnavailable (retryable). */
export const createMayErase = (connection: NatsConnection) => async (): Promise<void> => {
  try {
    await deniesDeletes(connection, await jetstreamManager(connection, { checkAPI: false }))
  } catch (error) {
    if (error instanceof ErasureUnsafe) throw error
    throw new LogUnavailable('asking whether the log can erase', { cause: error })
  }
}

/**
 * The last of `sequences` goes last: until then the stream's end refuses appends, and a broken chain every fold. Repeated
 * after a crash it goes on where it stood. @throws when one is still there afterwards.
 */
export const deleteMessages = async (manager: JetStreamManager, sequences: readonly number[]): Promise<void> => {
  const remove = async (sequence: number): Promise<void> => {
    try {
      await manager.streams.deleteMessage(eventsStream, sequence, false)
    } catch (error) {
      // Gone already, when another process was told to do the same.
      if (!(error instanceof JetStreamApiError) || (await isStored(manager, sequence))) throw error
    }
  }
  const before = sequences.slice(0, -1)
  for (let from = 0; from < before.length; from += atOnce)
    await Promise.all(before.slice(from, from + atOnce).map(remove))
  for (const last of sequences.slice(-1)) await remove(last)
}

const isStored = async (manager: JetStreamManager, sequence: number): Promise<boolean> => {
  try {
    return (await manager.streams.getMessage(eventsStream, { seq: sequence })) !== null
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return false
    throw error
  }
}

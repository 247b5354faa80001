// Takes a session's commits off the log, and the blobs that no other session names out of the store.
import { jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import type { EventLog } from '../commands/event-log.ts'
import { LogUnavailable } from '../commands/log-errors.ts'
import type { SessionEraser } from '../handlers/ports/session-eraser.ts'
import { emptyStream, startOfLog } from '../schemas/ids.ts'
import { namedBlobs } from '../schemas/named-blobs.ts'
import { blobBucket } from './jetstream/jetstream-blob-store.ts'
import { eventsStream } from './jetstream/streams.ts'
import { eventSubject } from './jetstream/subjects.ts'

export interface SessionEraserDependencies {
  readonly connection: NatsConnection
  readonly eventLog: Pick<EventLog, 'read'>
  /** Resolves when the copy of the log has taken in all of it, the tombstone included. @throws ProjectionBehind (retryable). */
  readonly copied: () => Promise<void>
  /** Which of these hashes commits of other streams name, by that copy. */
  readonly namedElsewhere: (hashes: readonly string[], subject: string) => Promise<ReadonlySet<string>>
}

export const createSessionEraser = async ({
  connection,
  eventLog,
  copied,
  namedElsewhere,
}: SessionEraserDependencies): Promise<SessionEraser> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const objects = await new Objm(connection).open(blobBucket)
  return {
    erase: async (org, id) => {
      // A copy that still held what the log no longer has would look like a loss.
      await copied()
      const stream = { org, category: 'session', id } as const
      const subject = eventSubject(stream)
      const commits = await eventLog.read(stream, { sequence: startOfLog, version: emptyStream, hash: '' })
      const named = commits.flatMap(({ events }) => events.flatMap(({ data }) => namedBlobs(data)))
      const hashes = [...new Set(named.map(({ sha256 }) => sha256))]
      const kept = hashes.length === 0 ? new Set<string>() : await namedElsewhere(hashes, subject)
      try {
        // Blobs first: only the commits say which they are.
        const gone = hashes.filter((hash) => !kept.has(hash))
        for (const hash of gone) await objects.delete(hash)
        const { purged } = await manager.streams.purge(eventsStream, { filter: subject })
        return { commits: purged, blobs: gone.length, blobsKept: kept.size }
      } catch (error) {
        throw new LogUnavailable(`erasing ${subject}`, { cause: error })
      }
    },
  }
}

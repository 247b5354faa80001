// Takes a session's commits off the log, its letters out of the dead ones, and the blobs that no other session names out of the store.
import { jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../commands/log-errors.ts'
import type { SessionEraser } from '../handlers/ports/session-eraser.ts'
import type { StoredCommit } from '../projections/log-copy.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { StreamId } from '../schemas/commit.ts'
import { decodeCommit } from '../schemas/commit-codec.ts'
import { namedBlobs } from '../schemas/named-blobs.ts'
import { deleteMessages, deniesDeletes } from './jetstream/delete-messages.ts'
import { eraseLetters, lettersOf } from './jetstream/erase-letters.ts'
import { blobBucket } from './jetstream/jetstream-blob-store.ts'
import { messagesOf } from './jetstream/messages-of.ts'
import { eventsStream } from './jetstream/streams.ts'
import { eventSubject } from './jetstream/subjects.ts'

export interface SessionEraserDependencies {
  readonly connection: NatsConnection
  /** Resolves when the copy of the log has taken in all of it, the tombstone included. @throws ProjectionBehind (retryable). */
  readonly copied: () => Promise<void>
  /** Which of these hashes commits of other streams name, by that copy. */
  readonly namedElsewhere: (hashes: readonly string[], subject: string) => Promise<ReadonlySet<string>>
  /** Takes the copies of blobs out, too. @throws DatabaseUnavailable (retryable). */
  readonly eraseCopies: (hashes: readonly string[]) => Promise<void>
}

export const createSessionEraser = async ({
  connection,
  copied,
  namedElsewhere,
  eraseCopies,
}: SessionEraserDependencies): Promise<SessionEraser> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const objects = await new Objm(connection).open(blobBucket)
  return {
    erase: async (org, id) => {
      // Everything is asked before anything goes: an erasure that is refused, or cannot be made now, has taken nothing.
      // A copy that still held what the log no longer has would look like a loss.
      await copied()
      const stream = { org, category: 'session', id } as const
      const subject = eventSubject(stream)
      // As they are stored: an attempt that was broken off left a chain that no longer folds.
      const left = await Array.fromAsync(messagesOf(connection, subject))
      const named = left.flatMap((message) => blobsOf(stream, message))
      try {
        const purges = await deniesDeletes(connection, manager)
        const letters = await lettersOf(manager, id)
        const hashes = [...new Set([...named.map(({ sha256 }) => sha256), ...letters.blobs])]
        const kept = hashes.length === 0 ? new Set<string>() : await namedElsewhere(hashes, subject)
        // Blobs first: only commits and letters say which they are.
        const gone = hashes.filter((hash) => !kept.has(hash))
        for (const hash of gone) await objects.delete(hash)
        await eraseCopies(gone)
        await eraseLetters(manager, letters)
        const sequences = left.map(({ sequence }) => sequence)
        if (purges) await manager.streams.purge(eventsStream, { filter: subject })
        else await deleteMessages(manager, sequences)
        return { commits: sequences.length, blobs: gone.length, blobsKept: kept.size }
      } catch (error) {
        if (error instanceof CasebookError) throw error
        throw new LogUnavailable(`erasing ${subject}`, { cause: error })
      }
    },
  }
}

const blobsOf = (stream: StreamId, { sequence, payload, headers }: StoredCommit) =>
  decodeCommit(stream, sequence, payload, (name) => headers[name] ?? '').events.flatMap(({ data }) => namedBlobs(data))

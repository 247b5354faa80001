// The log on JetStream: one commit is one message, guarded by the subject's last sequence and named by its command id.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { EventLog } from '../../commands/event-log.ts'
import { CommitTooLarge } from '../../commands/log-errors.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { type Commit, maxCommitBytes } from '../../schemas/commit.ts'
import { commitOf, encodeCommit } from '../../schemas/commit-codec.ts'
import type { LogSequence } from '../../schemas/ids.ts'
import { createAcknowledgedPublish } from './acknowledged-publish.ts'
import { appendUntilKnown, type Publishing } from './append-until-known.ts'
import { knownCommitsOf } from './known-commits.ts'
import { readChained } from './read-chained.ts'
import { eventsStream } from './streams.ts'
import { eventSubject } from './subjects.ts'

export interface JetStreamEventLogOptions {
  /** How long an append whose answer is missing is asked for again. */
  readonly unknownOutcomeDeadlineMs?: number
  /** How long one answer is waited for. */
  readonly requestTimeoutMs?: number
  /** Told of each acknowledged append, as it lies in the log. */
  readonly onStored?: (entry: LogEntry) => void
}

export const createJetStreamEventLog = async (
  connection: NatsConnection,
  options: JetStreamEventLogOptions = {},
): Promise<EventLog> => {
  const { unknownOutcomeDeadlineMs = 15_000, requestTimeoutMs: timeoutMs = 2_000 } = options
  const client = jetstream(connection, { timeout: timeoutMs })
  const manager = await jetstreamManager(connection, { timeout: timeoutMs, checkAPI: false })
  const publishing: Publishing = {
    publish: createAcknowledgedPublish(connection),
    messageAt: (query) => manager.streams.getMessage(eventsStream, query),
    timeoutMs,
  }
  const known = knownCommitsOf(connection)

  return {
    read: (stream, after) => readChained({ client, manager }, stream, after),
    append: async (stream, expected, draft) => {
      const encoded = encodeCommit(stream, expected, draft)
      const body = Buffer.from(encoded.payload)
      const bytes = body.length
      const subject = eventSubject(stream)
      if (bytes > maxCommitBytes) throw new CommitTooLarge(subject, bytes, maxCommitBytes)
      const at = (sequence: LogSequence): Commit => commitOf(stream, sequence, draft, encoded)
      known.expect(encoded.hash, bytes, at)
      const deadline = performance.now() + unknownOutcomeDeadlineMs
      return appendUntilKnown(publishing, { subject, expected, encoded, body, at }, deadline, options.onStored)
    },
  }
}

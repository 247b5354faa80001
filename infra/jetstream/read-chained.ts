// Reads one stream's commits from the leader and checks that each follows from the one before: hash, version and subject.
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import type { StreamPosition } from '../../commands/event-log.ts'
import { CorruptCommit, LogUnavailable } from '../../commands/log-errors.ts'
import { type Commit, commitHeaders, type StreamId } from '../../schemas/commit.ts'
import { chainHash, decodeCommit } from '../../schemas/commit-codec.ts'
import { eventsStream } from './streams.ts'
import { eventSubject } from './subjects.ts'

interface Reading {
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
}

/** Messages fetched one by one before a consumer pays; measured on 2.9. */
const fetchedSingly = 4
/** In a cluster a consumer may be slow to come, or lose what it was asked first: then more are fetched singly. */
const stallMs = 250

/** @throws CorruptCommit, LogUnavailable. */
export const readChained = async (
  { client, manager }: Reading,
  stream: StreamId,
  after: StreamPosition,
): Promise<readonly Commit[]> => {
  const subject = eventSubject(stream)
  const commits: Commit[] = []
  let at: Pick<StreamPosition, 'sequence' | 'version' | 'hash'> = after
  const take = (sequence: number, payload: string, header: MsgHdrs): void => {
    const commit = decodeNext(stream, subject, sequence, payload, header, at)
    commits.push(commit)
    at = commit
  }
  try {
    // The leader's word on where the stream ends: what makes this read fresh.
    const last = await manager.streams.getMessage(eventsStream, { last_by_subj: subject })
    if (last === null) return []
    for (let singly = fetchedSingly; at.sequence < last.seq; singly *= 8) {
      for (let fetched = 0; fetched < singly && at.sequence < last.seq; fetched++) {
        // The server has known `next_by_subj` since 2.9; the client's type does not name it for leader reads.
        const query = { seq: at.sequence + 1, next_by_subj: subject }
        const next = await manager.streams.getMessage(eventsStream, query)
        if (next === null) return commits
        take(next.seq, next.string(), next.header)
      }
      if (at.sequence < last.seq) await readThrough(client, subject, at.sequence + 1, last.seq, take)
    }
    return commits
  } catch (error) {
    if (error instanceof CorruptCommit) throw error
    throw new LogUnavailable(`reading ${subject}`, { cause: error })
  }
}

/** Up to a message, or to where no more comes in time. */
const readThrough = async (
  client: JetStreamClient,
  subject: string,
  from: number,
  until: number,
  take: (sequence: number, payload: string, header: MsgHdrs) => void,
): Promise<void> => {
  const consumer = await client.consumers.get(eventsStream, {
    filter_subjects: subject,
    deliver_policy: 'by_start_sequence',
    opt_start_seq: from,
    inactive_threshold: 10_000,
  })
  const messages = await consumer.consume({ max_messages: 500 })
  // It would also wait for ever for a server that is away, or for messages erased since we asked for the last.
  const stalled = setTimeout(() => messages.stop(), stallMs)
  try {
    for await (const message of messages) {
      stalled.refresh()
      take(message.seq, message.string(), message.headers ?? headers())
      if (message.seq >= until) break
    }
  } finally {
    clearTimeout(stalled)
    void consumer.delete().catch(() => undefined)
  }
}

const decodeNext = (
  stream: StreamId,
  subject: string,
  sequence: number,
  payload: string,
  header: MsgHdrs,
  before: Pick<StreamPosition, 'version' | 'hash'>,
): Commit => {
  const fail = (detail: string): never => {
    throw new CorruptCommit(subject, sequence, detail)
  }
  if (header.get(commitHeaders.hash) !== chainHash(before.hash, payload)) return fail('its hash does not follow')
  let commit: Commit
  try {
    commit = decodeCommit(stream, sequence, payload, (name) => header.get(name))
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
  // A hash can be computed by anyone who may publish; the versions must follow too.
  const first = commit.events[0]?.version
  if (first !== before.version + 1) return fail(`it begins at version ${first}, not ${before.version + 1}`)
  return commit
}

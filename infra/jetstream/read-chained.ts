// Reads one stream's commits from the leader and checks that each follows from the one before: hash, version and subject.
import type { JetStreamClient, JetStreamManager, StoredMsg } from '@nats-io/jetstream'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import type { StreamPosition } from '../../commands/event-log.ts'
import { CorruptCommit, LogUnavailable } from '../../commands/log-errors.ts'
import { type Commit, commitHeaders, type StreamId } from '../../schemas/commit.ts'
import { chainHash, decodeCommit, versionAtFront } from '../../schemas/commit-codec.ts'
import { askedTwice } from './asked-twice.ts'
import { eventsStream } from './streams.ts'
import { eventSubject } from './subjects.ts'

interface Reading {
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
}

type Take = (sequence: number, payload: string, header: MsgHdrs) => void
type Get = (query: { readonly seq: number } | { readonly last_by_subj: string }) => Promise<StoredMsg | null>

/** So many are here as soon, one by one, as the first of a consumer: measured on 2.9 and 2.15. */
const fewEvents = 12
/**
 * A server that has sent what a consumer asked for looks for more up to the stream's last message, and newer ones read each
 * block between from the disk: a stream that is spread wider is walked, whatever lies between.
 */
const closeTogether = 50_000
/** In a cluster a consumer may be slow to come, or lose what it was asked first: then more are fetched singly. */
const stallMs = 250

/** @throws CorruptCommit, LogUnavailable. */
export const readChained = async (
  { client, manager }: Reading,
  stream: StreamId,
  after: StreamPosition,
): Promise<readonly Commit[]> => {
  const subject = eventSubject(stream)
  const get: Get = (query) => askedTwice(() => manager.streams.getMessage(eventsStream, query))
  const commits: Commit[] = []
  let at: Pick<StreamPosition, 'sequence' | 'version' | 'hash'> = after
  const take: Take = (sequence, payload, header) => {
    const commit = decodeNext(stream, subject, sequence, payload, header, at)
    commits.push(commit)
    at = commit
  }
  try {
    // The leader's word on where the stream ends: what makes this read fresh.
    const last = await get({ last_by_subj: subject })
    if (last === null || last.seq <= after.sequence) return []
    /** How the stream ends, the last message first: each names the one before, so no server has to look for it. */
    const end = [last]
    const missing = versionAtFront(last.string()) - 1 - after.version
    for (let singly = missing > fewEvents ? 0 : fewEvents; ; singly = Math.max(fewEvents, singly * 8)) {
      const before = await walkBack(get, end, at.sequence, singly)
      if (before === null) {
        await readOneByOne(get, subject, at.sequence + 1, last.seq, take)
        return commits
      }
      if (before <= at.sequence) break
      const begin = at.sequence > 0 ? at.sequence : ((await nextOf(get, subject, 1))?.seq ?? before)
      if (last.seq - begin < closeTogether) await readThrough(client, subject, at.sequence + 1, before, take)
    }
    for (const message of end.toReversed()) take(message.seq, message.string(), message.header)
    return commits
  } catch (error) {
    if (error instanceof CorruptCommit) throw error
    throw new LogUnavailable(`reading ${subject}`, { cause: error })
  }
}

/**
 * Adds messages to `end` as far back as `until`, at most so many. @returns the sequence of the one before them; null when
 * there is none, since it was erased meanwhile, or when a message does not say.
 */
const walkBack = async (get: Get, end: StoredMsg[], until: number, most: number): Promise<number | null> => {
  for (let fetched = 0; ; fetched++) {
    const earliest = end.at(-1)
    const before = Number(earliest?.header.get(commitHeaders.predecessor) || Number.NaN)
    if (earliest === undefined || !(before < earliest.seq)) return null
    if (before <= until || fetched === most) return before
    const message = await get({ seq: before })
    if (message?.subject !== earliest.subject) return null
    end.push(message)
  }
}

/** The server has known `next_by_subj` since 2.9; the client's type does not name it for leader reads. */
const nextOf = (get: Get, subject: string, from: number): Promise<StoredMsg | null> => {
  const query = { seq: from, next_by_subj: subject }
  return get(query)
}

/** For messages that were not written by an append of ours, and while a stream is erased. */
const readOneByOne = async (get: Get, subject: string, from: number, until: number, take: Take): Promise<void> => {
  for (let next = from; next <= until; ) {
    const message = await nextOf(get, subject, next)
    if (message === null) return
    take(message.seq, message.string(), message.header)
    next = message.seq + 1
  }
}

/** Up to a message, or to where no more comes in time. */
const readThrough = async (
  client: JetStreamClient,
  subject: string,
  from: number,
  until: number,
  take: Take,
): Promise<void> => {
  const wanted = {
    filter_subjects: subject,
    deliver_policy: 'by_start_sequence',
    opt_start_seq: from,
    inactive_threshold: 10_000,
  } as const
  const consumer = await askedTwice(() => client.consumers.get(eventsStream, wanted))
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

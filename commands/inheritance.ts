// Finds what a fork shares with its source: read from the source's own stream, so that it is never copied and can be checked.
import { inheritCommits } from '../domain/session/inherit.ts'
import type { Commit, StreamId } from '../schemas/commit.ts'
import { beforeFirst, type EventLog } from './event-log.ts'
import { ForkSourceChanged } from './log-errors.ts'

type Log = Pick<EventLog, 'read'>

/** Forks of forks of forks …: more than anybody makes by hand. */
const maxDepth = 32

/** What the first commit of a stream shares with another one; undefined for a session that began by itself. */
export const inheritedBy = async (
  log: Log,
  first: Pick<Commit, 'stream' | 'events'>,
  depth = 0,
): Promise<readonly Commit[] | undefined> => {
  const [event] = first.events
  if (event?.type !== 'session.forked') return undefined
  const { sessionId, at, hash } = event.data.from
  const source = { ...first.stream, id: sessionId }
  const history = await historyOf(log, source, depth + 1)
  const holding = history?.own.find(({ version }) => version >= at)
  if (history === null || holding?.hash !== hash) throw new ForkSourceChanged(first.stream.id, sessionId, at)
  return shared(history, at, first.stream)
}

export interface SessionHistory {
  /** What it shares with its own source. */
  readonly inherited: readonly Commit[]
  readonly own: readonly Commit[]
}

/** @returns null when the stream is empty. @throws ForkSourceChanged. */
export const historyOf = async (log: Log, stream: StreamId, depth = 0): Promise<SessionHistory | null> => {
  if (depth > maxDepth) throw new ForkSourceChanged(stream.id, stream.id, 0)
  const own = await log.read(stream, beforeFirst)
  const [first] = own
  return first === undefined ? null : { inherited: (await inheritedBy(log, first, depth)) ?? [], own }
}

/** The history up to event `at` of its own, as that of `to`. */
export const shared = ({ inherited, own }: SessionHistory, at: number, to: StreamId): readonly Commit[] => [
  ...inheritCommits(inherited, Number.POSITIVE_INFINITY, to),
  ...inheritCommits(own, at, to),
]

/** Commits of one stream from its beginning, with what the first one shares. */
export const withInherited = async (log: Log, commits: readonly Commit[]): Promise<readonly Commit[]> => {
  const [first, ...rest] = commits
  if (first === undefined) return commits
  const inherited = await inheritedBy(log, first)
  return inherited === undefined ? commits : [{ ...first, inherited }, ...rest]
}

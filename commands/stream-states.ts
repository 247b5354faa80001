// The cache that makes the hot path one round trip: folded states, kept current by what this process appends or reads.
import { LRUCache } from 'lru-cache'
import { type Commit, type StreamId, withShared } from '../schemas/commit.ts'
import type { CommandId, LogSequence, StreamVersion } from '../schemas/ids.ts'
import type { Aggregate } from './aggregate.ts'
import { beforeFirst, type EventLog, type StreamPosition } from './event-log.ts'
import { withInherited } from './inheritance.ts'

export interface LoadedStream<S> {
  readonly state: S
  readonly position: StreamPosition
  /** The latest commands that wrote here: a repeat after the server's dedupe window is recognised by them. */
  readonly recent: readonly RecentCommand[]
  /** Bytes folded into the state, roughly: what the cache is bounded by. */
  readonly bytes: number
}

export interface RecentCommand {
  readonly commandId: CommandId
  readonly bodyHash: string
  readonly sequence: LogSequence
  readonly version: StreamVersion
}

export interface StreamStates<S> {
  readonly empty: LoadedStream<S>
  /** The state as of `atLeast` or later; without it, whatever is cached, else read from the log. */
  at(stream: StreamId, atLeast?: LogSequence): Promise<LoadedStream<S>>
  /** What is cached, if anything: may be behind the log. */
  cached(stream: StreamId): LoadedStream<S> | undefined
  /** Reads on from the log's leader. */
  fresh(stream: StreamId): Promise<LoadedStream<S>>
  /** The stream is gone from the log: what is cached of it must not outlive it. */
  forget(stream: StreamId): void
  /** Everything is read anew. */
  clear(): void
  /** Folds a commit this process appended. */
  appended(stream: StreamId, before: LoadedStream<S>, commit: Commit, bytes: number): LoadedStream<S>
}

const rememberedCommands = 64
/** Folded objects weigh a few times their JSON; this bounds the cache to a few hundred MB. */
const cacheBytes = 96 * 1024 * 1024

export const keyOf = (stream: StreamId): string => `${stream.org}/${stream.category}/${stream.id}`

export const createStreamStates = <S, C, E>(
  log: Pick<EventLog, 'read'>,
  { decider, owns }: Aggregate<S, C, E>,
): StreamStates<S> =>
  createStreamFolds(log, decider.initial, (before, commit) =>
    withShared(commit)
      .flatMap(({ events }) => events)
      .reduce((state, event) => (owns(event) ? decider.evolve(state, event) : state), before),
  )

/** The same for whatever else is folded from a stream. `after`: with one commit more, and what its first one shares. */
export const createStreamFolds = <S>(
  log: Pick<EventLog, 'read'>,
  initial: S,
  after: (before: S, commit: Commit) => S,
): StreamStates<S> => {
  const cache = new LRUCache<string, LoadedStream<S>>({
    maxSize: cacheBytes,
    sizeCalculation: (entry) => entry.bytes + 512,
  })
  const empty: LoadedStream<S> = {
    state: initial,
    position: beforeFirst,
    recent: [],
    bytes: 0,
  }

  const fold = (before: LoadedStream<S>, commit: Commit, bytes: number): LoadedStream<S> => ({
    state: after(before.state, commit),
    position: { sequence: commit.sequence, version: commit.version, hash: commit.hash },
    recent: [
      ...before.recent.slice(1 - rememberedCommands),
      {
        commandId: commit.commandId,
        bodyHash: commit.bodyHash,
        sequence: commit.sequence,
        version: commit.version,
      },
    ],
    bytes: before.bytes + bytes,
  })

  /** Merges forward only: a slower reader never overwrites what a faster one has learned. */
  const keep = (stream: StreamId, entry: LoadedStream<S>): LoadedStream<S> => {
    const key = keyOf(stream)
    const current = cache.get(key)
    if (current !== undefined && current.position.sequence > entry.position.sequence) return current
    if (entry.position.sequence > 0) cache.set(key, entry)
    return entry
  }

  const fresh = async (stream: StreamId): Promise<LoadedStream<S>> => {
    const before = cache.get(keyOf(stream)) ?? empty
    const read = await log.read(stream, before.position)
    const commits = before === empty ? await withInherited(log, read) : read
    return keep(
      stream,
      commits.reduce((entry, commit) => fold(entry, commit, approximateBytes(commit)), before),
    )
  }

  return {
    empty,
    fresh,
    cached: (stream) => cache.get(keyOf(stream)),
    at: async (stream, atLeast) => {
      const entry = cache.get(keyOf(stream))
      return entry !== undefined && (atLeast === undefined || entry.position.sequence >= atLeast)
        ? entry
        : fresh(stream)
    },
    forget: (stream) => void cache.delete(keyOf(stream)),
    clear: () => cache.clear(),
    appended: (stream, before, commit, bytes) => keep(stream, fold(before, commit, bytes)),
  }
}

const approximateBytes = (commit: Commit): number => 2000 * withShared(commit).flatMap(({ events }) => events).length

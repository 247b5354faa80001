// Commits this process has just appended or read, so that each of its handlers and readers need not parse them again.
import type { NatsConnection } from '@nats-io/transport-node'
import { LRUCache } from 'lru-cache'
import type { Commit } from '../../schemas/commit.ts'
import type { LogSequence } from '../../schemas/ids.ts'

export interface KnownCommits {
  /** Undefined unless the very same commit is known: the hash stands for its content and for all before it. */
  find(sequence: LogSequence, hash: string): Commit | undefined
  add(commit: Commit, bytes: number): void
  /** Before it is appended: readers may see a commit sooner than its writer sees the acknowledgement. */
  expect(hash: string, bytes: number, at: (sequence: LogSequence) => Commit): void
}

const maxBytes = 4 * 1024 * 1024

const byConnection = new WeakMap<NatsConnection, KnownCommits>()

/** One for all that use a connection. */
export const knownCommitsOf = (connection: NatsConnection): KnownCommits => {
  const known = byConnection.get(connection) ?? createKnownCommits()
  byConnection.set(connection, known)
  return known
}

interface Known {
  readonly at: (sequence: LogSequence) => Commit
  commit: Commit | null
}

const createKnownCommits = (): KnownCommits => {
  const cache = new LRUCache<string, Known>({ maxSize: maxBytes })
  /** Who only writes pays nothing for readers that are not there. */
  let read = false
  return {
    find: (sequence, hash) => {
      read = true
      const known = cache.get(hash)
      if (known === undefined) return undefined
      if (known.commit?.sequence !== sequence) known.commit = known.at(sequence)
      return known.commit
    },
    add: (commit, bytes) => {
      cache.set(commit.hash, { commit, at: (sequence) => ({ ...commit, sequence }) }, { size: Math.max(1, bytes) })
    },
    expect: (hash, bytes, at) => {
      if (!read) return
      cache.set(hash, { commit: null, at }, { size: Math.max(1, bytes) })
    },
  }
}

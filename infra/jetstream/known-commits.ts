// Commits this process has just appended or read, so that each of its handlers and readers need not parse them again.
import type { NatsConnection } from '@nats-io/transport-node'
import { LRUCache } from 'lru-cache'
import type { Commit } from '../../schemas/commit.ts'

export interface KnownCommits {
  /** Undefined unless the very same commit is known: a sequence alone may be another log's. */
  find(sequence: number, hash: string): Commit | undefined
  add(commit: Commit, bytes: number): void
}

const maxBytes = 16 * 1024 * 1024

const byConnection = new WeakMap<NatsConnection, KnownCommits>()

/** One for all that use a connection. */
export const knownCommitsOf = (connection: NatsConnection): KnownCommits => {
  const known = byConnection.get(connection) ?? createKnownCommits()
  byConnection.set(connection, known)
  return known
}

const createKnownCommits = (): KnownCommits => {
  const cache = new LRUCache<number, Commit>({ maxSize: maxBytes })
  return {
    find: (sequence, hash) => {
      const commit = cache.get(sequence)
      return commit !== undefined && commit.hash === hash ? commit : undefined
    },
    add: (commit, bytes) => {
      cache.set(commit.sequence, commit, { size: Math.max(1, bytes) })
    },
  }
}

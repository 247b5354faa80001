// Streams in memory by EventStoreDB's rules for appends: expected revisions, idempotency by event ids, soft deletion.

export interface StoredEvent {
  readonly stream: string
  readonly revision: bigint
  /** In the log of all streams. */
  readonly position: bigint
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export type ProposedEvent = Pick<StoredEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>
export type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint

export type Appended =
  | { readonly kind: 'appended'; readonly last: bigint; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly current: bigint | null }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'too_large' }

export interface Reading {
  readonly backwards: boolean
  readonly count: number
  readonly from: 'start' | 'end' | bigint
}

/** The default of the server's MaxAppendSize. */
const maxAppendBytes = 1024 * 1024

export const createStoredStreams = () => {
  /** Held open for tests: whoever tampers with a database does it here. */
  let all: StoredEvent[] = []
  const tombstones = new Set<string>()
  /** The last revision each stream ever had: it outlives the events. */
  const lastOf = new Map<string, bigint>()
  let position = 0n

  const eventsOf = (stream: string): readonly StoredEvent[] => all.filter((event) => event.stream === stream)

  return {
    all: (): readonly StoredEvent[] => all,
    append: (stream: string, expected: Expected, events: readonly ProposedEvent[]): Appended => {
      if (tombstones.has(stream)) return { kind: 'deleted' }
      const size = events.reduce((sum, { data, metadata }) => sum + data.byteLength + metadata.byteLength, 0)
      if (size > maxAppendBytes) return { kind: 'too_large' }
      const there = eventsOf(stream)
      const current = lastOf.get(stream) ?? null
      const softDeleted = current !== null && there.length === 0
      const fits =
        expected === 'any' ||
        (expected === 'stream_exists' && there.length > 0) ||
        (expected === 'no_stream' && (current === null || softDeleted)) ||
        expected === current
      if (!fits) {
        const from = expected === 'no_stream' ? 0n : typeof expected === 'bigint' ? expected + 1n : null
        const again =
          from !== null &&
          events.every(({ id }, index) =>
            there.some((each) => each.revision === from + BigInt(index) && each.id === id),
          )
        if (!again || from === null) return { kind: 'wrong', current }
        return { kind: 'appended', last: from + BigInt(events.length - 1), position }
      }
      let last = current ?? -1n
      for (const event of events) all.push({ ...event, stream, revision: ++last, position: ++position })
      lastOf.set(stream, last)
      return { kind: 'appended', last, position }
    },
    /** @returns null when there is no such stream. */
    read: (stream: string, { backwards, count, from }: Reading): readonly StoredEvent[] | null => {
      const events = eventsOf(stream)
      if (events.length === 0) return null
      const ordered = backwards ? events.toReversed() : events
      const reached = ({ revision }: StoredEvent): boolean =>
        typeof from !== 'bigint' || (backwards ? revision <= from : revision >= from)
      return ordered.filter(reached).slice(0, count)
    },
    readAll: ({ backwards, count }: Reading): readonly StoredEvent[] =>
      (backwards ? all.toReversed() : [...all]).slice(0, count),
    /** What the API does not offer, but a person at the disk can do. */
    tamper: (change: (events: readonly StoredEvent[]) => readonly StoredEvent[]): void => {
      all = [...change(all)]
    },
    softDelete: (stream: string): void => {
      all = all.filter((event) => event.stream !== stream)
    },
    tombstone: (stream: string): void => {
      all = all.filter((event) => event.stream !== stream)
      tombstones.add(stream)
    },
    /** As if restored from a backup of before. */
    forget: (): void => {
      all = []
      lastOf.clear()
      tombstones.clear()
    },
    cut: (stream: string, from: bigint): void => {
      all = all.filter((event) => event.stream !== stream || event.revision < from)
      if (from === 0n) lastOf.delete(stream)
      else lastOf.set(stream, from - 1n)
    },
  }
}

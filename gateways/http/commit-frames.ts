// A commit as the event streams show it.
import type { Commit, RecordedEvent } from '../../schemas/commit.ts'
import { storedType } from '../../schemas/events.ts'
import type { Frame } from './stream-wire.ts'

/** One frame a commit: the log sequence is its id, so a client that resumes never sees half of one. */
export const commitFrame = (commit: Commit): Frame => ({
  event: 'commit',
  id: commit.sequence,
  data: {
    sequence: commit.sequence,
    stream: { category: commit.stream.category, id: commit.stream.id },
    ...(commit.stream.category === 'session' && { sessionId: commit.stream.id }),
    version: commit.version,
    actor: commit.actor,
    correlationId: commit.correlationId,
    events: commit.events.map((event) => ({
      id: event.id,
      type: typeOf(event),
      time: commit.at,
      version: event.version,
      data: event.data,
    })),
  },
})

/** What happened where, without what it says. */
export const briefFrame = (commit: Commit): Frame => ({
  event: 'commit',
  id: commit.sequence,
  data: {
    sequence: commit.sequence,
    stream: { category: commit.stream.category, id: commit.stream.id },
    ...(commit.stream.category === 'session' && { sessionId: commit.stream.id }),
    version: commit.version,
    brief: true,
    events: commit.events.map((event) => ({ type: typeOf(event) })),
  },
})

const typeOf = (event: RecordedEvent): string => (event.type === 'unknown' ? event.storedType : storedType(event.type))

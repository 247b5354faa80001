// A commit as the event streams show it.
import type { Commit, RecordedEvent } from '../../schemas/commit.ts'
import { storedType } from '../../schemas/events.ts'
import type { Frame } from './stream-wire.ts'

/** One frame a commit: the log sequence is its id, so a client that resumes never sees half of one. */
export const commitFrame = (commit: Commit): Frame =>
  frameOf(commit, {
    actor: commit.actor,
    correlationId: commit.correlationId,
    events: commit.events.map((event) => ({
      id: event.id,
      type: typeOf(event),
      time: commit.at,
      version: event.version,
      data: event.data,
    })),
  })

/** What happened where, without what it says. */
export const briefFrame = (commit: Commit): Frame =>
  frameOf(commit, { brief: true, events: commit.events.map((event) => ({ type: typeOf(event) })) })

const frameOf = ({ sequence, stream: { category, id }, version }: Commit, rest: object): Frame => ({
  event: 'commit',
  id: sequence,
  data: { sequence, stream: { category, id }, ...(category === 'session' && { sessionId: id }), version, ...rest },
})

const typeOf = (event: RecordedEvent): string => (event.type === 'unknown' ? event.storedType : storedType(event.type))

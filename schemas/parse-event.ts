// The only decoder of events: whatever version one is stored in, this build sees its present shape.
import type { RecordedEvent } from './commit.ts'
import { readStored } from './event-reader.ts'
import { type DomainEvent, eventShapes } from './events.ts'

/** @returns null for a type or a version this build does not know. @throws MalformedCommit. */
export const parseEvent = (stored: string, data: unknown): DomainEvent | null =>
  // The schema was chosen by this very type.
  readStored(eventShapes, stored, data) as DomainEvent | null

/** As the log has it; what is of a newer build is kept and shown, never folded. @throws MalformedCommit. */
export const recordedEvent = (
  stored: string,
  data: unknown,
  at: Pick<RecordedEvent, 'id' | 'version'>,
): RecordedEvent => {
  const parsed = parseEvent(stored, data)
  return parsed === null ? { type: 'unknown', storedType: stored, data, ...at } : { ...parsed, ...at }
}

// The events after which a session waits for a place: its plan, or, of a fork, its beginning.
import type { RecordedEvent } from '../../schemas/commit.ts'
import type { QueuedSession } from './queue-state.ts'

/** @returns the lane and the chain whose places it counts for; null where nothing is waited for. */
export const placeWanted = (event: RecordedEvent): Pick<QueuedSession, 'lane' | 'chain'> | null => {
  if (event.type === 'session.forked') return event.data.queue ?? null
  if (event.type !== 'session.plan_adopted' || event.data.queue === undefined) return null
  return { lane: event.data.queue.lane, chain: event.data.chain.name }
}

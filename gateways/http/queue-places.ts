// Where a waiting session stands in line: put into what is read, and told on its stream whenever it changes.
import { setTimeout as delay } from 'node:timers/promises'
import { placeWanted } from '../../domain/queue/place-wanted.ts'
import type { QueueView } from '../../handlers/queue-view.ts'
import type { SessionView } from '../../projections/session-view.ts'
import type { RecordedEvent } from '../../schemas/commit.ts'
import type { SessionId } from '../../schemas/ids.ts'
import type { EventStream } from './event-stream.ts'

type Queued = Pick<SessionView, 'id' | 'queue'>

export const withPlaces = async <T extends Queued>(queue: QueueView, views: readonly T[]): Promise<readonly T[]> => {
  if (views.every((view) => view.queue === null)) return views
  const positions = await queue.positions()
  return views.map((view) =>
    view.queue === null ? view : { ...view, queue: { ...view.queue, position: positions.get(view.id) ?? null } },
  )
}

const everyMs = 1_000

/** `waits`: what it did at the beginning. @returns what is to see every event of the session from there. */
export const followPlace = (
  queue: QueueView,
  stream: Pick<EventStream, 'send' | 'ended'>,
  id: SessionId,
  waits: boolean,
): ((event: RecordedEvent) => void) => {
  let waiting = waits
  const tell = async (): Promise<void> => {
    let told: number | null = null
    // Not while history is replayed, in which it may have begun long ago.
    await delay(0)
    while (waiting && !stream.ended.aborted) {
      const position = (await queue.positions()).get(id) ?? null
      if (waiting && position !== told && !stream.ended.aborted) stream.send({ event: 'queue', data: { position } })
      told = position
      await delay(everyMs, undefined, { signal: stream.ended }).catch(() => undefined)
    }
  }
  if (waits) void tell()
  return (event) => {
    if (placeWanted(event) !== null) {
      waiting = true
      void tell()
    } else if (event.type === 'session.admitted' || event.type === 'session.ended') waiting = false
  }
}

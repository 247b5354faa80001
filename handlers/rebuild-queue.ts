// The queue of sessions from the log: who had a place or waited for one, when what was kept of it is lost.
import { placeWanted } from '../domain/queue/place-wanted.ts'
import { emptyQueue, enqueue, type QueuedSession, type QueueState } from '../domain/queue/queue-state.ts'
import type { Commit } from '../schemas/commit.ts'
import { type SessionId, sessionId } from '../schemas/ids.ts'

/** Every commit of the log so far, in order. */
export type ReadWholeLog = () => AsyncIterable<Commit>

export const rebuildQueue = async (commits: AsyncIterable<Commit>): Promise<QueueState> => {
  const waiting = new Map<SessionId, QueuedSession>()
  const running = new Map<SessionId, QueuedSession>()
  for await (const { stream, events, at } of commits) {
    if (stream.category !== 'session') continue
    for (const event of events) {
      const wanted = placeWanted(event)
      if (wanted !== null) {
        const id = sessionId.parse(stream.id)
        waiting.set(id, { id, org: stream.org, ...wanted, since: Date.parse(at) })
      } else if (event.type === 'session.admitted' || event.type === 'session.ended') {
        const id = sessionId.parse(stream.id)
        const session = waiting.get(id)
        if (event.type === 'session.ended') running.delete(id)
        else if (session !== undefined) running.set(id, session)
        waiting.delete(id)
      }
    }
  }
  return [...waiting.values()].reduce(enqueue, { ...emptyQueue, running: [...running.values()] })
}

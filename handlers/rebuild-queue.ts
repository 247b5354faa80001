// The queue of sessions from the log: who had a place or waited for one, when what was kept of it is lost.
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
      if (event.type === 'session.plan_adopted' && event.data.queue !== undefined) {
        const id = sessionId.parse(stream.id)
        const { lane } = event.data.queue
        waiting.set(id, { id, org: stream.org, chain: event.data.chain.name, lane, since: Date.parse(at) })
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

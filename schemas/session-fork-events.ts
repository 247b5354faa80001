// How a session goes on from another one's history, and how a replay went. NOTE stored as it stands here.
import { z } from 'zod'
import { drift, forkChanges, forkKind, pinnedForkPoint } from './fork.ts'
import { sessionId } from './ids.ts'
import { forkedQueue } from './queue.ts'

export const sessionForkEventData = {
  /** The first event of a session that goes on from another one: what happened there up to `from.at` happened here too. */
  'session.forked': z.object({
    sessionId,
    from: pinnedForkPoint,
    kind: forkKind,
    title: z.string(),
    changes: forkChanges,
    at: z.iso.datetime(),
    /** It waits for a place before it goes on. */
    queue: forkedQueue.optional(),
  }),
  /** A replay has ended: what came of it beside the session it replays. */
  'session.drift_recorded': drift,
} as const

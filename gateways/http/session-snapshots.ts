// What a session is when somebody begins to watch it: kept, since reading all of a long one each time keeps its page waiting.
import type { SessionReader } from '../../commands/command-bus.ts'
import type { StreamPosition } from '../../commands/event-log.ts'
import { createStreamFolds } from '../../commands/stream-states.ts'
import type { SessionState } from '../../domain/session/session-state.ts'
import type { CommitFeed } from '../../handlers/ports/commit-feed.ts'
import { viewAfter } from '../../projections/evolve-session-view.ts'
import type { SessionView } from '../../projections/session-view.ts'
import type { OrgId, SessionId } from '../../schemas/ids.ts'
import { missingSession, type SessionSource, sessionStream } from './read-session.ts'

export interface SessionSnapshot {
  readonly position: StreamPosition
  readonly view: SessionView | null
  /** As of that position or later. */
  readonly state: SessionState
}

export interface SessionSnapshots {
  /** As the log's leader has it now. @throws RequestRefused when there is no such session, or there is one no more. */
  of(org: OrgId, id: SessionId): Promise<SessionSnapshot>
  stop(): void
}

interface SnapshotDependencies extends SessionSource {
  readonly bus: SessionSource['bus'] & SessionReader
  readonly commitFeed: CommitFeed
}

export const createSessionSnapshots = ({ eventLog, bus, commitFeed }: SnapshotDependencies): SessionSnapshots => {
  const views = createStreamFolds<SessionView | null>(eventLog, null, viewAfter)
  const stop = commitFeed.subscribe(({ stream, events }) => {
    for (const { type } of events) {
      if (type === 'erasure.completed') views.forget({ ...stream, category: 'session' })
      if (type === 'person.key_destroyed') views.clear()
    }
  })
  return {
    of: async (org, id) => {
      const [{ state: view, position }, erasure] = await Promise.all([
        views.fresh(sessionStream(org, id)),
        bus.erasure(org, id),
      ])
      // What was erased by another process may still be kept here.
      if (position.version === 0 || erasure.status !== 'absent') throw await missingSession(bus, org, id)
      return { view, position, state: await bus.session(org, id, position.sequence) }
    },
    stop,
  }
}

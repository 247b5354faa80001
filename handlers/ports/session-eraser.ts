// The port that removes a session's commits and blobs from where they lie.
import type { EventData } from '../../schemas/events.ts'
import type { OrgId, SessionId } from '../../schemas/ids.ts'

export interface SessionEraser {
  /**
   * Repeated after a crash, it removes what is left and counts that. @throws LogUnavailable, DatabaseUnavailable (retryable).
   */
  erase(org: OrgId, id: SessionId): Promise<EventData<'erasure.completed'>>
}

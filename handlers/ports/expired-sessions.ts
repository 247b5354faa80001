// The port to sessions whose time is up, as the read models know them.
import type { NamedPolicy } from '../../domain/retention/rank-policies.ts'
import type { ExpiringSession } from '../../schemas/retention.ts'

export interface ExpiredSessions {
  /**
   * At most `limit` that have expired by `at` and nobody holds, the oldest first. `policies` by rank.
   * @throws DatabaseUnavailable (retryable).
   */
  expired(policies: readonly NamedPolicy[], at: string, limit: number): Promise<readonly ExpiringSession[]>
}

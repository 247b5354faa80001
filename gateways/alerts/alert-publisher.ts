// The gateways' port to the durable queue of alerts.
import type { OrgId } from '../../schemas/ids.ts'

export interface AlertPublisher {
  /**
   * Durable when it resolves; the same id within ten minutes is taken for a repeat.
   * @throws LogUnavailable (retryable).
   */
  publish(
    org: OrgId,
    id: string,
    payload: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<{ readonly duplicate: boolean }>
}

// Which session looks into an alert just sent: known once the alert is decided, a moment after it was accepted.
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { AlertNotDecided, ApiProblem } from './cli-errors.ts'

const alert = z.looseObject({ sessionId: z.string().nullable(), lastSeen: z.string() })

/** Until then the read model may still show the session of an earlier episode. */
const staleMs = 3_000

/** `sentAt`: milliseconds, this machine's clock. @throws AlertNotDecided. */
export const sessionOfAlert = async (
  api: ApiClient,
  alertId: string,
  sentAt: number,
  withinMs = 30_000,
): Promise<string> => {
  const started = performance.now()
  for (;;) {
    const found = await api.get(`/v1/alerts/${encodeURIComponent(alertId)}`, alert).catch((error: unknown) => {
      // Not recorded yet, or a part is away for a moment.
      if (error instanceof ApiProblem && (error.status === 404 || error.retryable)) return null
      throw error
    })
    const waited = performance.now() - started
    const fresh = found !== null && (Date.parse(found.lastSeen) >= sentAt - 1_000 || waited > staleMs)
    if (found?.sessionId && fresh) return found.sessionId
    if (waited > withinMs) throw new AlertNotDecided(alertId, Math.round(withinMs / 1000))
    await delay(50)
  }
}

// Asks the tool servers that executions use whether they are still there, at an interval.
import { reasonOf } from './reason-of.ts'
import type { ServerHealth } from './server-health.ts'
import type { ServerSession } from './server-session.ts'

export interface WatchedSession {
  readonly session: ServerSession
  readonly usedAt: number
  readonly busy: number
}

const answerMs = 10_000

/** Never throws: what was found is noted. A server that cannot be connected to is noted where the connection is made. */
export const askServer = async (
  server: string,
  { session, busy }: WatchedSession,
  health: ServerHealth,
  signal: AbortSignal,
): Promise<void> => {
  const work = session.use(signal, async (open) => {
    try {
      await open.line.ping({ signal, timeoutMs: answerMs })
      health.up(server, open.line.revision)
    } catch (error) {
      const fault = open.line.faultOf(error)
      // It answered, if only that it does not know the question; or it asks to be greeted anew.
      if (fault === 'refused' || fault === 'server_error') return health.up(server, open.line.revision)
      if (signal.aborted || fault === 'forgotten') throw error
      health.down(server, open.withoutSecrets(error instanceof Error ? reasonOf(error) : String(error)))
      // A long call may keep it from answering: that ends by its own time-out.
      if (fault !== 'timed_out' || busy === 0) session.retire(open)
    }
  })
  await work.catch(() => undefined)
}

/** Of the sessions with a server, the one used last. */
export const lastUsed = <T extends WatchedSession>(
  sessions: Iterable<readonly [server: string, held: T]>,
): ReadonlyMap<string, T> => {
  const last = new Map<string, T>()
  for (const [server, held] of sessions) {
    const known = last.get(server)
    if (known === undefined || held.usedAt > known.usedAt) last.set(server, held)
  }
  return last
}

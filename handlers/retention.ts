// The janitor's round: asks for the erasure of sessions whose time is up, so many at a time.
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandBus } from '../commands/command.ts'
import { expiryReason, rankPolicies } from '../domain/retention/rank-policies.ts'
import { commandId, correlationId, orgId } from '../schemas/ids.ts'
import type { ExpiringSession } from '../schemas/retention.ts'
import type { ExpiredSessions } from './ports/expired-sessions.ts'
import type { Log } from './ports/log.ts'
import type { Settings } from './ports/settings.ts'
import { createTellOnce } from './tell-once.ts'

export interface RetentionDependencies {
  readonly bus: CommandBus
  readonly sessions: ExpiredSessions
  readonly settings: Settings
  readonly log: Log
  /** Between two rounds; a changed configuration is looked after at once. */
  readonly everyMs?: number
  /** Sessions of one round. */
  readonly atOnce?: number
}

const lookMs = 1_000

/** @returns what stops it, once the erasure under way is asked for. */
export const startRetention = ({
  bus,
  sessions,
  settings,
  log,
  everyMs = 60_000,
  atOnce = 100,
}: RetentionDependencies): (() => Promise<void>) => {
  const stopping = new AbortController()
  const tell = createTellOnce(log, { handler: 'janitor' }, 'Retention goes on.')

  const round = async (): Promise<void> => {
    const policies = rankPolicies(settings.current().configuration.defaults.retention)
    if (policies.length === 0) return
    const at = new Date().toISOString()
    for (const session of await sessions.expired(policies, at, atOnce)) {
      if (stopping.signal.aborted) return
      await erase(bus, session, at)
    }
  }

  const run = async (): Promise<void> => {
    let last = { hash: '', at: Number.NEGATIVE_INFINITY }
    while (!stopping.signal.aborted) {
      const { hash } = settings.current()
      if (hash !== last.hash || performance.now() - last.at >= everyMs) {
        last = { hash, at: performance.now() }
        try {
          await round()
          tell.success()
        } catch (error) {
          tell.trouble('round', { err: error }, 'Expired sessions could not be erased; the next round tries again.')
        }
      }
      await delay(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}

/** A rejection is as it should be: held, or at work again, since the read model was asked. Several processes ask for the same. */
const erase = (bus: CommandBus, session: ExpiringSession, at: string): Promise<unknown> => {
  const id = commandId.parse(`janitor:${session.id}:expired`)
  return bus.send({
    type: 'EraseSession',
    data: { sessionId: session.id, reason: expiryReason(session) },
    metadata: {
      org: orgId.parse(session.org),
      commandId: id,
      actor: { kind: 'handler', id: 'janitor' },
      at,
      correlationId: correlationId.parse(`retention-${session.policy}`),
      causationId: id,
    },
  })
}

// Expired sessions: by the policy that counts for each, none that is held, at work, or the source of a fork, and so many at a time.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rankPolicies } from '../../domain/retention/rank-policies.ts'
import { expiredSessions, previewRetention } from '../../projections/expired-sessions.ts'
import { sessionsProjection } from '../../projections/sessions.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import type { RetentionPolicies } from '../../schemas/retention.ts'
import { acme, createHistory, investigation, other, sessionStream, startedOnly, timeAt } from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const history = createHistory()
const by = { kind: 'user', id: 'jo' } as const
const held: SessionEvent = { type: 'session.held', data: { by, reason: 'case 7' } }
const released: SessionEvent = { type: 'session.hold_released', data: { by } }
const ended = (id: string, org = acme, ...more: readonly SessionEvent[]): void => {
  for (const events of investigation(id)) history.commit(sessionStream(id, org), ...events)
  for (const event of more) history.commit(sessionStream(id, org), event)
}
const asked = (id: string): void => {
  history.commit(sessionStream(id), startedOnly(id, id, {}))
}
ended('ses_FIRST')
ended('ses_HELD', acme, held)
ended('ses_FREED', acme, held, released)
ended('ses_OTHER', other)
asked('ses_ATWORK')
ended('ses_FORKED')
history.commit(sessionStream('ses_FORK'), startedOnly('ses_FORK', 'Forked', {}), {
  type: 'session.forked',
  data: {
    sessionId: sessionId.parse('ses_FORK'),
    at: timeAt(0),
    from: { sessionId: sessionId.parse('ses_FORKED'), at: 1, sequence: 1, hash: 'ab'.repeat(32) },
    kind: 'fork',
    title: 'Forked',
    changes: {},
  },
})
const end = investigation('ses_FORK').find((events) => events.some(({ type }) => type === 'session.ended'))
history.commit(sessionStream('ses_FORK'), ...(end ?? []))
history.commit(sessionStream('ses_FORK'), held)

const database = await readSide.database([sessionsProjection])
await applyTo(database, sessionsProjection, history.entries)

const later = '2026-02-01T00:00:00.000Z'
const expired = async (
  policies: RetentionPolicies,
  changes: { at?: string; limit?: number; withHeld?: boolean } = {},
) =>
  (
    await expiredSessions(database, rankPolicies(policies), {
      at: later,
      org: null,
      limit: 50,
      withHeld: false,
      ...changes,
    })
  ).map(({ id, policy }) => `${id.slice(4)} ${policy}`)

test('those that ended long enough ago go, the oldest first; held ones, those at work and the source of a fork stay', async () => {
  assert.equal(await expired({ all: { keep_days: 1 } }), ['FIRST all', 'FREED all', 'OTHER all'])
  assert.equal(await expired({ all: { keep_days: 1 } }, { withHeld: true }), [
    'FIRST all',
    'HELD all',
    'FREED all',
    'OTHER all',
    'FORK all',
  ])
  assert.equal(await expired({ all: { keep_days: 60 } }), [])
  assert.equal(await expired({}), [])
})

test('the days count from the end, to the millisecond', async () => {
  const [first] = await expiredSessions(database, rankPolicies({ all: { keep_days: 1 } }), {
    at: later,
    org: null,
    limit: 1,
    withHeld: false,
  })
  const at = first?.expiresAt ?? ''
  assert.is(Date.parse(at) - Date.parse(first?.endedAt ?? ''), 86_400_000)
  assert.equal(await expired({ all: { keep_days: 1 } }, { at }), ['FIRST all'])
  assert.equal(await expired({ all: { keep_days: 1 } }, { at: new Date(Date.parse(at) - 1).toISOString() }), [])
})

test('the policy that says most counts, also when it keeps for ever', async () => {
  const kept = { all: { keep_days: 1 }, acme: { org: 'acme', keep_days: 'forever' } } as const
  assert.equal(await expired(kept), ['OTHER all'])
  assert.equal(await expired({ ...kept, alerts: { org: 'acme', kind: 'alert', keep_days: 2 } }), [
    'OTHER all',
    'FIRST alerts',
    'FREED alerts',
  ])
  assert.equal(await expired({ requests: { kind: 'request', keep_days: 0 } }), [])
})

test('one look is bounded, and the next goes on once those are gone', async () => {
  assert.equal(await expired({ all: { keep_days: 1 } }, { limit: 2 }), ['FIRST all', 'FREED all'])
})

test('a preview counts by policy what goes and what is held, of one org, and changes nothing', async () => {
  const policies = rankPolicies({ all: { keep_days: 1 }, other: { org: 'other', keep_days: 5 } })
  const preview = await previewRetention(database, policies, { at: later, org: 'acme', limit: 1 })
  assert.equal(preview.policies, [{ name: 'all', org: null, kind: null, keepDays: 1, expired: 2, held: 2 }])
  assert.equal(
    preview.items.map(({ id, held: why }) => [id, why]),
    [['ses_FIRST', null]],
  )
  const early = await previewRetention(database, policies, { at: timeAt(0), org: 'acme', limit: 9 })
  assert.equal(early.items, [])
  assert.equal(early.policies[0]?.expired, 0)
})

test.run()

// A session that waits for a place: nothing begins before it is admitted, and a place is given once.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { spec } from '../support/decider-spec.ts'
import { plan, planned, session, started } from '../support/session-samples.ts'

const { given } = spec(sessionDecider)
const queued = { ...plan(), queue: { lane: 'high' as const } }
const waiting: readonly SessionEvent[] = [started, { type: 'session.plan_adopted', data: queued }]
const admitted: SessionEvent = { type: 'session.admitted', data: { lane: 'high', waitedMs: 40 } }
const admit = { type: 'AdmitSession', data: { sessionId: session, waitedMs: 40 } } as const

test('a plan that waits for a place is adopted, and nothing begins', () =>
  given(started)
    .when({ type: 'AdoptPlan', data: { sessionId: session, plan: queued } })
    .thenEvents({ type: 'session.plan_adopted', data: queued }))

test('a session that is admitted begins in the same commit', () =>
  given(...waiting)
    .when(admit)
    .thenEvents(admitted, ...planned().slice(2)))

test('a session is admitted once, and one that waits for no place or has no plan never', () => {
  given(...waiting, admitted, ...planned().slice(2))
    .when(admit)
    .thenNothing()
  given(...planned())
    .when(admit)
    .thenNothing()
  given(started).when(admit).thenNothing()
})

test('a session cancelled while it waits has ended, and is not admitted any more', () => {
  const waits = given(...waiting)
  const events = waits.when({ type: 'CancelSession', data: { sessionId: session, reason: 'no need' } }).events()
  assert.equal(
    events.map(({ type }) => type),
    ['session.ended'],
  )
  given(...waiting, ...events)
    .when(admit)
    .thenNothing()
})

test('a session paused while it waits is admitted, and begins when it is resumed', () => {
  const by = { kind: 'user', id: 'tester' } as const
  const paused: SessionEvent = { type: 'session.paused', data: { by, reason: '' } }
  given(...waiting, paused)
    .when(admit)
    .thenEvents(admitted)
  given(...waiting, paused, admitted)
    .when({ type: 'ResumeSession', data: { sessionId: session } })
    .thenEvents({ type: 'session.resumed', data: { by } }, ...planned().slice(2))
  given(...waiting, paused)
    .when({ type: 'ResumeSession', data: { sessionId: session } })
    .thenEvents({ type: 'session.resumed', data: { by } })
})

test('a session that cannot get in line ends and says why', () =>
  given(...waiting)
    .when({ type: 'RejectPlan', data: { sessionId: session, code: 'planning_failed', message: 'm', nextStep: 'n' } })
    .thenEvents({
      type: 'session.ended',
      data: { status: 'failed', cause: { code: 'planning_failed', message: 'm', nextStep: 'n' } },
    }))

test.run()

// When an alert opens a session, joins one, or closes its episode.
import { test } from 'uvu'
import { alertDecider } from '../../domain/alert/alert-decider.ts'
import type { NormalisedAlert } from '../../schemas/alert.ts'
import type { AlertCommand } from '../../schemas/commands.ts'
import type { AlertEvent } from '../../schemas/events.ts'
import { alertId, type SessionId, sessionId } from '../../schemas/ids.ts'
import { spec } from '../support/decider-spec.ts'

const id = alertId.parse('alr_TEST')
const first = sessionId.parse('ses_FIRST')
const second = sessionId.parse('ses_SECOND')
const receivedAt = '2026-01-02T03:04:05.000Z'

const alert = (changes: Partial<NormalisedAlert> = {}): NormalisedAlert => ({
  source: 'alertmanager',
  fingerprint: 'f1',
  status: 'firing',
  severity: 'critical',
  title: 'DiskFull',
  description: '',
  labels: {},
  annotations: {},
  startsAt: '2026-01-02T03:00:00.000Z',
  links: [],
  ...changes,
})

const occurs = (occurrenceKey: string, session: SessionId, changes: Partial<NormalisedAlert> = {}): AlertCommand => ({
  type: 'RecordAlert',
  data: { alertId: id, sessionId: session, occurrenceKey, receivedAt, alert: alert(changes) },
})
const fired = (
  occurrenceKey: string,
  episode: number,
  session: SessionId,
  changes: Partial<NormalisedAlert> = {},
): AlertEvent => ({
  type: 'alert.fired',
  data: { occurrenceKey, receivedAt, episode, sessionId: session, alert: alert(changes) },
})
const repeated = (occurrenceKey: string, episode: number, session: SessionId): AlertEvent => ({
  type: 'alert.repeated',
  data: { occurrenceKey, receivedAt, episode, sessionId: session },
})
const investigated: AlertEvent = {
  type: 'alert.investigated',
  data: { episode: 1, sessionId: first, status: 'completed' },
}
const later = { startsAt: '2026-01-02T09:00:00.000Z' }

const given = (...history: readonly AlertEvent[]) => spec(alertDecider).given(...history)

test('the first firing opens a session', () =>
  given()
    .when(occurs('a', first))
    .thenEvents(fired('a', 1, first)))

test('the same occurrence again changes nothing', () =>
  given(fired('a', 1, first))
    .when(occurs('a', second))
    .thenNothing())

test('a repeat joins the session of the episode', () =>
  given(fired('a', 1, first))
    .when(occurs('b', second))
    .thenEvents(repeated('b', 1, first)))

test('a flap while the session runs does not open another', () =>
  given(fired('a', 1, first), {
    type: 'alert.resolved',
    data: { occurrenceKey: 'r', receivedAt, episode: 1, sessionId: first, alert: alert({ status: 'resolved' }) },
  })
    .when(occurs('c', second, later))
    .thenEvents(repeated('c', 1, first)))

test('a new firing after the session has ended opens the next one', () =>
  given(fired('a', 1, first), investigated)
    .when(occurs('d', second, later))
    .thenEvents(fired('d', 2, second, later)))

test('a heartbeat of the same episode opens nothing, also after the session has ended', () => {
  given(fired('a', 1, first), investigated)
    .when(occurs('e', second))
    .thenEvents(repeated('e', 1, first))
  given(fired('a', 1, first), investigated)
    .when(occurs('f', second, { ...later, reason: 'repeat' }))
    .thenEvents(repeated('f', 1, first))
})

test('a resolve closes the episode once', () => {
  const resolved: AlertEvent = {
    type: 'alert.resolved',
    data: { occurrenceKey: 'r', receivedAt, episode: 1, sessionId: first, alert: alert({ status: 'resolved' }) },
  }
  given(fired('a', 1, first))
    .when(occurs('r', second, { status: 'resolved' }))
    .thenEvents(resolved)
  given(fired('a', 1, first), resolved)
    .when(occurs('s', second, { status: 'resolved' }))
    .thenNothing()
})

test('a resolve of something never heard of is recorded and opens nothing', () =>
  given()
    .when(occurs('r', first, { status: 'resolved' }))
    .thenEvents({
      type: 'alert.resolved',
      data: { occurrenceKey: 'r', receivedAt, episode: 0, alert: alert({ status: 'resolved' }) },
    }))

test('the end of the session is noted once, and only of the current episode', () => {
  const end: AlertCommand = {
    type: 'RecordInvestigation',
    data: { alertId: id, sessionId: first, status: 'completed' },
  }
  given(fired('a', 1, first))
    .when(end)
    .thenEvents(investigated)
  given(fired('a', 1, first), investigated)
    .when(end)
    .thenNothing()
  given(fired('a', 1, second))
    .when(end)
    .thenNothing()
  given().when(end).thenRejects('alert_not_found')
})

test.run()

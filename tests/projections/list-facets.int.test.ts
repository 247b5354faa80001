// What lists say of themselves: how many there are of each value, and the figures of the overview.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { classified } from '../../infra/postgres/database.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import { createQueries } from '../../projections/queries.ts'
import { sessionId } from '../../schemas/ids.ts'
import {
  acme,
  alertStream,
  createHistory,
  investigation,
  other,
  sampleAlert,
  sessionStream,
  startedOnly,
  timeAt,
} from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const history = createHistory()
const start = (id: string, title: string, labels: Readonly<Record<string, string>>, org = acme) =>
  history.commit(sessionStream(id, org), startedOnly(id, title, labels))
start('ses_AAAA', 'Memory leak', { team: 'shop' })
start('ses_BBBB', 'Disk pressure', { team: 'core' })
start('ses_FFFF', 'Of somebody else', { team: 'shop' }, other)
for (const events of investigation('ses_EEEE')) history.commit(sessionStream('ses_EEEE'), ...events)
const fired = (name: string, severity: 'critical' | 'low', at: number) => {
  const data = { occurrenceKey: name, receivedAt: timeAt(at), episode: 1, sessionId: sessionId.parse('ses_EEEE') }
  const alert = sampleAlert({ severity, fingerprint: name, title: `Alert ${name}`, labels: { host: name } })
  history.commit(alertStream(`alr_0${name}`), { type: 'alert.fired', data: { ...data, alert } })
  return data
}
const first = fired('ONE', 'critical', 0)
fired('TWO', 'low', 3_600)
history.commit(alertStream('alr_0ONE'), {
  type: 'alert.repeated',
  data: { ...first, occurrenceKey: 'again', receivedAt: timeAt(7_200) },
})

const database = await readSide.database()
for (const projection of catalogue) await applyTo(database, projection, history.entries)
const queries = createQueries(database.tables, classified)

test('each facet is counted as if it had no filter of its own, and of this org alone', async () => {
  const all = await queries.sessionFacets({ org: acme })
  assert.is(all.total, 3)
  assert.equal(all.facets['status'], [
    { value: 'queued', count: 2 },
    { value: 'completed', count: 1 },
  ])
  assert.equal(all.facets['waiting'], [{ value: 'false', count: 3 }])
  assert.ok(all.facets['label']?.some(({ value, count }) => value === 'team=shop' && count === 1))
  const queued = await queries.sessionFacets({ org: acme, status: ['queued'], labels: { team: 'shop' } })
  assert.is(queued.total, 1)
  assert.equal(queued.facets['status'], [{ value: 'queued', count: 1 }])
  assert.equal(queued.facets['kind'], [{ value: 'investigation', count: 1 }])
  const completed = await queries.sessionFacets({ org: acme, status: ['completed'] })
  assert.equal(completed.facets['status'], all.facets['status'])
  assert.equal(completed.facets['chain'], [{ value: 'kubernetes', count: 1 }])
})

test('alerts are found by severity, source, words, labels, and by what came of them when', async () => {
  const idsOf = async (filter: object) =>
    (await queries.alerts({ org: acme, limit: 10, ...filter })).items.map(({ id }) => id.slice(5))
  assert.equal(await idsOf({}), ['ONE', 'TWO'])
  assert.equal(await idsOf({ severity: ['low', 'info'] }), ['TWO'])
  assert.equal(await idsOf({ source: ['generic'] }), [])
  assert.equal(await idsOf({ ids: ['alr_0TWO', 'alr_0000'] }), ['TWO'])
  assert.equal(await idsOf({ text: 'alert two' }), ['TWO'])
  assert.equal(await idsOf({ labels: { host: 'ONE' } }), ['ONE'])
  assert.equal(await idsOf({ came: 'joined' }), ['ONE'])
  assert.equal(await idsOf({ came: 'opened', from: timeAt(3_000), to: timeAt(4_000) }), ['TWO'])
  assert.equal(await idsOf({ came: 'joined', to: timeAt(7_200) }), [])
  const { total, facets } = await queries.alertFacets({ org: acme, severity: ['critical'] })
  assert.is(total, 1)
  assert.equal(facets['severity'], [
    { value: 'critical', count: 1 },
    { value: 'low', count: 1 },
  ])
  assert.equal(facets['source'], [{ value: 'alertmanager', count: 1 }])
})

test('sessions that are meant all at once are the ones of the list, and no more than asked for', async () => {
  assert.equal(await queries.sessionIds({ org: acme, status: ['queued'] }, 10), ['ses_BBBB', 'ses_AAAA'])
  assert.equal(await queries.sessionIds({ org: acme }, 1), ['ses_EEEE'])
  assert.equal(await queries.sessionIds({ org: acme, ids: ['ses_AAAA', 'ses_FFFF'] }, 9), ['ses_AAAA'])
})

test('the overview counts alerts by what came of them, and measures sessions from their start', async () => {
  const { buckets, ...figures } = await queries.overview({ org: acme, from: timeAt(0), now: timeAt(24 * 3_600) })
  assert.equal(figures, {
    sessions: { queued: 2, running: 0, waiting: 0, completed: 1, failed: 0, cancelled: 0 },
    alerts: { in: 3, opened: 2, joined: 1, resolved: 0, firing: 2 },
    toFirstFinding: { count: 1, medianMs: 8_000, p95Ms: 8_000 },
    toDone: { count: 1, medianMs: 9_000, p95Ms: 9_000 },
  })
  assert.is(buckets.length, 24)
  assert.equal(buckets[0], { from: timeAt(0), opened: 1, joined: 0, started: 3, completed: 1, failed: 0 })
  assert.equal(
    buckets.slice(1, 3).map(({ opened, joined }) => [opened, joined]),
    [
      [1, 0],
      [0, 1],
    ],
  )
  const later = await queries.overview({ org: acme, from: timeAt(7_000), now: timeAt(8_000) })
  assert.equal(later.alerts, { in: 1, opened: 0, joined: 1, resolved: 0, firing: 2 })
  // What has not ended stands whenever it began.
  assert.equal(later.sessions, { queued: 2, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 })
  assert.equal(later.toDone, { count: 0, medianMs: null, p95Ms: null })
})

test.run()

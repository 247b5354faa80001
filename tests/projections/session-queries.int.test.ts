// Sessions listed: every filter alone and together, pages that neither skip nor repeat, and whatever people put into them.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { classified } from '../../infra/postgres/database.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import { InvalidCursor } from '../../projections/projection-errors.ts'
import type { SessionPageRequest } from '../../projections/queries/session-queries.ts'
import { createQueries } from '../../projections/queries.ts'
import { acme, createHistory, investigation, other, sessionStream, startedOnly, timeAt } from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

// Three sessions start in the same millisecond, and the last one a minute later.
const history = createHistory((sequence) => timeAt(sequence <= 3 ? 1 : sequence === 4 ? 2 : 60))
const start = (id: string, title: string, labels: Readonly<Record<string, string>>, org = acme) =>
  history.commit(sessionStream(id, org), startedOnly(id, title, labels))
start('ses_AAAA', 'Memory leak in checkout', { team: 'shop', tier: '1' })
start('ses_BBBB', 'Disk pressure', { team: 'shop', tier: '2' })
start('ses_CCCC', "It's 100% o'clock -- DROP TABLE", { team: 'core' })
start('ses_DDDD', 'odd \u0000 text \ud800 here', { 'na\u0000me': 'half \udc00', quote: `"'\\` })
for (const events of investigation('ses_EEEE', 'Disk full on db-1'))
  history.commit(sessionStream('ses_EEEE'), ...events)
start('ses_FFFF', 'Memory of somebody else', { team: 'shop' }, other)

const database = await readSide.database()
for (const projection of catalogue) await applyTo(database, projection, history.entries)
const queries = createQueries(database.tables, classified)

const idsOf = async (filter: Partial<SessionPageRequest>): Promise<readonly string[]> =>
  (await queries.sessions({ org: acme, limit: 50, ...filter })).items.map(({ id }) => id.slice(4, 5))

const everyone = ['E', 'D', 'C', 'B', 'A']

test('the latest come first, ties by their id, and of this org alone', async () => {
  assert.equal(await idsOf({}), everyone)
  assert.equal(await idsOf({ org: other }), ['F'])
  assert.equal(await idsOf({ org: 'nobody' }), [])
})

test('a status, or any of several', async () => {
  assert.equal(await idsOf({ status: ['completed'] }), ['E'])
  assert.equal(await idsOf({ status: ['queued'] }), ['D', 'C', 'B', 'A'])
  assert.equal(await idsOf({ status: ['failed', 'completed'] }), ['E'])
  assert.equal(await idsOf({ status: [] }), everyone)
})

test('an outcome; what does not say one has none', async () => {
  assert.equal(await idsOf({ outcome: 'inconclusive' }), ['E'])
  assert.equal(await idsOf({ outcome: 'conclusive' }), [])
})

test('a chain and an alert', async () => {
  assert.equal(await idsOf({ chain: 'kubernetes' }), ['E'])
  assert.equal(await idsOf({ chain: 'kube' }), [])
  assert.equal(await idsOf({ alertId: 'alr_0001' }), ['E'])
})

test('labels: all of them, whole names and whole values', async () => {
  assert.equal(await idsOf({ labels: { team: 'shop' } }), ['B', 'A'])
  assert.equal(await idsOf({ labels: { team: 'shop', tier: '2' } }), ['B'])
  assert.equal(await idsOf({ labels: { team: 'sho' } }), [])
  assert.equal(await idsOf({ labels: { team: 'shop', nothing: '' } }), [])
  // An alert's labels count as the session's own.
  assert.equal(await idsOf({ labels: { team: 'storage', region: 'eu' } }), ['E'])
  assert.equal(await idsOf({ labels: {} }), everyone)
})

test('text as people type it: words, phrases, without, or; in title, input, analysis, summary, labels and chain', async () => {
  assert.equal(await idsOf({ text: 'disk' }), ['E', 'B'])
  assert.equal(await idsOf({ text: 'DISK pressure' }), ['B'])
  assert.equal(await idsOf({ text: '"full disk"' }), [])
  assert.equal(await idsOf({ text: '"disk full"' }), ['E'])
  assert.equal(await idsOf({ text: 'disk -pressure' }), ['E'])
  assert.equal(await idsOf({ text: 'leak or pressure' }), ['B', 'A'])
  for (const text of ['rotate', 'logrotate', 'storage', 'kubernetes', 'DiskFull', 'ses_EEEE']) {
    assert.equal(await idsOf({ text }), ['E'], text)
  }
})

test('a time span takes in its beginning and leaves out its end', async () => {
  assert.equal(await idsOf({ from: timeAt(2) }), ['E', 'D'])
  assert.equal(await idsOf({ to: timeAt(2) }), ['C', 'B', 'A'])
  assert.equal(await idsOf({ from: timeAt(1), to: timeAt(2) }), ['C', 'B', 'A'])
  assert.equal(await idsOf({ from: timeAt(2), to: timeAt(1) }), [])
})

test('all filters together', async () => {
  const filter = { chain: 'kubernetes', labels: { team: 'storage' }, text: 'disk', from: timeAt(2), to: timeAt(61) }
  assert.equal(await idsOf({ ...filter, status: ['completed'], alertId: 'alr_0001' }), ['E'])
  assert.equal(await idsOf({ ...filter, status: ['failed'] }), [])
})

test('pages of every size put together are the list, also where many began at once', async () => {
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await queries.sessions({ org: acme, limit, cursor })
      assert.ok(page.items.length > 0 && page.items.length <= limit)
      seen.push(...page.items.map(({ id }) => id.slice(4, 5)))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    assert.equal(seen, everyone, `limit ${limit}`)
  }
})

test('a page keeps the filter, and what begins meanwhile moves nothing', async () => {
  const filter = { org: acme, limit: 1, text: 'disk' }
  const first = await queries.sessions(filter)
  const entry = history.commit(sessionStream('ses_GGGG', acme), startedOnly('ses_GGGG', 'Disk again'))
  for (const projection of catalogue) await applyTo(database, projection, [entry])
  const second = await queries.sessions({ ...filter, cursor: first.next ?? '' })
  assert.equal(
    [...first.items, ...second.items].map(({ id }) => id),
    ['ses_EEEE', 'ses_BBBB'],
  )
  assert.is(second.next, null)
  await database.query("DELETE FROM sessions_v4.sessions WHERE id = 'ses_GGGG'")
})

test('a list leaves out the long texts, and one session has them', async () => {
  const [item] = (await queries.sessions({ org: acme, limit: 1 })).items
  for (const absent of ['input', 'executions', 'finalAnalysis', 'findings', 'stages'])
    assert.not(absent in (item ?? {}), absent)
  const whole = await queries.session(acme, 'ses_EEEE')
  assert.is(whole?.finalAnalysis?.text, 'Rotate the logs.')
  assert.is(await queries.session(other, 'ses_EEEE'), null)
  assert.equal(await queries.sessionCounts(acme), { completed: 1, queued: 4 })
})

test('what Postgres cannot hold in a text is kept readable, and found', async () => {
  const session = await queries.session(acme, 'ses_DDDD')
  assert.is(session?.title, 'odd \ufffd text \ufffd here')
  assert.equal(session?.labels, { 'na\ufffdme': 'half \ufffd', quote: `"'\\` })
  assert.equal(await idsOf({ text: 'odd' }), ['D'])
  assert.equal(await idsOf({ labels: { quote: `"'\\` } }), ['D'])
  assert.equal(await idsOf({ labels: { 'na\u0000me': 'half \udc00' } }), ['D'])
})

/** What breaks a statement, a pattern, a search language, an encoding or a number. */
const hostile = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00 \ud83d',
  "'; DROP TABLE sessions_v4.sessions; --",
  '$1',
  '%_\\',
  '"',
  '"unclosed',
  '((( & | ! <-> :*',
  '- or -- or',
  '\\',
  '{}',
  '\ufffe\uffff',
  '🧨'.repeat(200),
  'x'.repeat(200_000),
]

test('whatever is put into a filter matches nothing and breaks nothing', async () => {
  for (const text of hostile) {
    const shown = JSON.stringify(text.slice(0, 40))
    assert.equal(await idsOf({ chain: text }), [], `chain ${shown}`)
    assert.equal(await idsOf({ alertId: text }), [], `alert ${shown}`)
    assert.equal(await idsOf({ status: [text] }), [], `status ${shown}`)
    assert.equal(await idsOf({ labels: { [text]: text } }), [], `label ${shown}`)
    assert.ok(Array.isArray(await idsOf({ text })), `text ${shown}`)
    assert.is(await queries.session(acme, text), null, `id ${shown}`)
    assert.is(await queries.alert(acme, text), null, `alert id ${shown}`)
    assert.equal((await queries.timeline(acme, text, { limit: 5 })).items, [], `timeline ${shown}`)
    assert.equal((await queries.toolCalls(acme, text, { limit: 5 })).items, [], `tool calls ${shown}`)
    assert.equal((await queries.events(acme, text, { limit: 5 })).items, [], `events ${shown}`)
    assert.equal((await queries.alerts({ org: acme, status: text, limit: 5 })).items, [], `alerts ${shown}`)
  }
  assert.equal(await idsOf({}), everyone)
})

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a cursor that Casebook did not give is refused', async () => {
  const cursors = [
    ...hostile,
    '',
    'null',
    ...[
      null,
      1,
      'x',
      {},
      [],
      [null],
      [timeAt(1)],
      [timeAt(1), 1],
      [timeAt(1), 'ses_x', 'more'],
      ['yesterday', 'ses_x'],
      ['0000-01-01T00:00:00.000Z', 'ses_x'],
      ['2026-02-30T00:00:00.000Z', 'ses_x'],
      ['infinity', 'ses_x'],
      [timeAt(1), 'a\u0000'],
      [1e300],
      [-1],
      [1.5],
      [1, -2_000_000],
      [1, 1e9],
      { length: 2, 0: timeAt(1), 1: 'x' },
    ].map(cursorOf),
  ]
  for (const cursor of cursors) {
    const page = { limit: 5, cursor }
    for (const [name, ask] of Object.entries({
      sessions: () => queries.sessions({ org: acme, ...page }),
      alerts: () => queries.alerts({ org: acme, ...page }),
      timeline: () => queries.timeline(acme, 'ses_EEEE', page),
      toolCalls: () => queries.toolCalls(acme, 'ses_EEEE', page),
      events: () => queries.events(acme, 'ses_EEEE', page),
    })) {
      const refused = await ask().catch((thrown: unknown) => thrown)
      assert.instance(refused, InvalidCursor, `${name}: ${cursor.slice(0, 60)}`)
    }
  }
})

test('a well-formed cursor from elsewhere only says where to go on', async () => {
  for (const id of ['', "' OR true --", '\ud800', 'zzz']) {
    const after = await idsOf({ cursor: cursorOf([timeAt(1), id]) })
    assert.ok(
      after.every((each) => ['A', 'B', 'C'].includes(each)),
      JSON.stringify(id),
    )
  }
  assert.equal(await idsOf({ cursor: cursorOf(['9999-12-31T23:59:59.999Z', 'x']) }), everyone)
  assert.equal(await idsOf({ cursor: cursorOf(['0001-01-01T00:00:00Z', 'x']) }), [])
  assert.equal((await queries.events(acme, null, { limit: 1, cursor: cursorOf([Number.MAX_SAFE_INTEGER]) })).items, [])
})

test.run()

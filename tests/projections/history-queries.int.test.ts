// Timelines, tool calls, raw events and alerts in pages: nothing skipped, nothing twice, also where all happened at once.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toolCallIdOf } from '../../domain/session/session-ids.ts'
import { classified } from '../../infra/postgres/database.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { Page } from '../../projections/queries/cursor.ts'
import { createQueries } from '../../projections/queries.ts'
import { cloudEventsOf } from '../../schemas/commit-codec.ts'
import { executionId, sessionId } from '../../schemas/ids.ts'
import { badEntry } from '../support/array-log.ts'
import {
  acme,
  alertStream,
  createHistory,
  investigation,
  other,
  sampleAlert,
  sessionStream,
  startedOnly,
  subjectOf,
  timeAt,
} from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

// Everything happens in one millisecond.
const history = createHistory(() => timeAt(5))
const session = 'ses_HIST01'
for (const events of investigation(session)) history.commit(sessionStream(session), ...events)
history.commit(sessionStream('ses_ELSE1', other), startedOnly('ses_ELSE1', 'else'))
const alertIds = ['alr_0001', 'alr_0002', 'alr_0003', 'alr_0004', 'alr_0005']
for (const [index, id] of alertIds.entries()) {
  const alert = sampleAlert({ fingerprint: id, title: `odd \u0000 \ud800 ${id}` })
  const data = {
    occurrenceKey: 'k',
    receivedAt: timeAt(index < 4 ? 7 : 3),
    episode: 1,
    sessionId: sessionId.parse(session),
  }
  history.commit(alertStream(id), { type: 'alert.fired', data: { ...data, alert } })
}
history.commit(alertStream('alr_0003'), {
  type: 'alert.resolved',
  data: {
    occurrenceKey: 'r',
    receivedAt: timeAt(7),
    episode: 1,
    sessionId: sessionId.parse(session),
    alert: sampleAlert({ fingerprint: 'alr_0003', status: 'resolved' }),
  },
})
const execution = executionId.parse('exe_HIST01_02_01')
const oddCall = toolCallIdOf(execution, 9, 1)
history.commit(sessionStream(session), {
  type: 'session.tool_call_requested',
  data: {
    toolCallId: oddCall,
    executionId: execution,
    turn: 9,
    name: 'host__\u0000',
    server: 'host',
    tool: 'x',
    arguments: { 'a\u0000\\u0000': ['\ud83d', '\\ud83d', '🧨'] },
    effect: 'read_only',
  },
})

const database = await readSide.database()
for (const projection of catalogue) await applyTo(database, projection, history.entries)
const queries = createQueries(database.tables, classified)

/** All pages of a size, put together. */
const paged = async <T>(
  ask: (page: { limit: number; cursor?: string | undefined }) => Promise<Page<T>>,
  limit: number,
) => {
  const items: T[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask({ limit, cursor })
    items.push(...page.items)
    if (page.next === null) return items
    assert.ok(page.items.length > 0)
    cursor = page.next
  }
}

test('the timeline in pages of any size is the timeline, in log order', async () => {
  const whole = (await queries.timeline(acme, session, { limit: 200 })).items
  assert.is(whole.length, 23)
  const order = whole.map(({ sequence, index }) => sequence * 1_000 + index)
  assert.equal(
    order,
    [...order].sort((a, b) => a - b),
  )
  for (const limit of [1, 2, 5, 22, 23]) {
    assert.equal(await paged((page) => queries.timeline(acme, session, page), limit), whole, `limit ${limit}`)
  }
  assert.equal((await queries.timeline(other, session, { limit: 5 })).items, [])
})

test('tool calls asked for at the same moment come once each', async () => {
  const whole = (await queries.toolCalls(acme, session, { limit: 200 })).items
  assert.equal(
    whole.map(({ id, status, late }) => [id.slice(5), status, late]),
    [
      ['HIST01_01_01_001_01', 'succeeded', false],
      ['HIST01_01_01_001_02', 'refused', false],
      ['HIST01_01_01_001_03', 'succeeded', true],
      ['HIST01_02_01_009_01', 'requested', false],
    ],
  )
  for (const limit of [1, 2, 3, 4]) {
    assert.equal(await paged((page) => queries.toolCalls(acme, session, page), limit), whole, `limit ${limit}`)
  }
  assert.equal((await queries.toolCalls(other, session, { limit: 5 })).items, [])
})

test('what Postgres cannot hold is replaced in names and arguments, and only that', async () => {
  const call = (await queries.toolCalls(acme, session, { limit: 200 })).items.find(({ id }) => id === oddCall)
  assert.is(call?.name, 'host__\ufffd')
  assert.equal(call?.arguments, { 'a\ufffd\\u0000': ['\ufffd', '\\ud83d', '🧨'] })
  const alert = await queries.alert(acme, 'alr_0001')
  assert.is(alert?.title, 'odd \ufffd \ufffd alr_0001')
})

test('raw events are what the log holds, the limit counting commits', async () => {
  const stored = history.entries.filter(({ subject }) => subject === subjectOf(sessionStream(session)))
  const expected = stored.flatMap(({ sequence, payload }) =>
    cloudEventsOf(payload).map((event) => ({ ...event, logsequence: sequence })),
  )
  for (const limit of [1, 4, 12, 200]) {
    assert.equal(await paged((page) => queries.events(acme, session, page), limit), expected, `limit ${limit}`)
  }
  const first = await queries.events(acme, session, { limit: 2 })
  assert.equal([...new Set(first.items.map(({ logsequence }) => logsequence))], [1, 2])
})

test('events of some types are those of all events, whatever page they stand on', async () => {
  const types = ['session.plan_adopted', 'session.tool_call_recorded', 'session.ended'] as const
  const stored = types.map((type) => `casebook.${type}.v1`)
  const all = await paged((page) => queries.events(acme, session, page), 50)
  const expected = all.filter(({ type }) => stored.includes(type))
  assert.ok(expected.length > 2)
  for (const limit of [1, 3, 50]) {
    assert.equal(await paged((page) => queries.events(acme, session, { ...page, types }), limit), expected)
  }
})

test('events up to a version are those, also where it lies within a commit; beyond the end they are all', async () => {
  const versions = (items: readonly { readonly sequence: string }[]): readonly number[] =>
    items.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b)
  const all = versions(await paged((page) => queries.events(acme, session, page), 50))
  for (const at of [...all, all.length + 10]) {
    for (const order of ['asc', 'desc'] as const) {
      const found = await paged((page) => queries.events(acme, session, { ...page, at, order }), 2)
      assert.equal(
        versions(found),
        all.filter((version) => version <= at),
        `${at} ${order}`,
      )
    }
  }
})

test('the events of an org are those of all its streams and of no other, without what is no commit', async () => {
  const bad = badEntry(history.entries.length + 1, 'casebook.events.acme.session.ses_BAD')
  for (const projection of catalogue.filter(({ name }) => name === 'audit')) await applyTo(database, projection, [bad])
  const sequences = async (org: string) => [
    ...new Set((await paged((page) => queries.events(org, null, page), 3)).map(({ logsequence }) => logsequence)),
  ]
  const own = history.entries.filter(({ commit }) => commit.stream.org === acme).map(({ sequence }) => sequence)
  assert.equal(await sequences(acme), own)
  assert.is((await sequences(other)).length, 1)
})

test('alerts in pages of any size are the alerts, the latest seen first, ties by id', async () => {
  const ids = async (limit: number, status?: string) =>
    (await paged((page) => queries.alerts({ org: acme, status, ...page }), limit)).map(({ id }) => id.slice(-1))
  for (const limit of [1, 2, 3, 4, 5, 6]) assert.equal(await ids(limit), ['4', '3', '2', '1', '5'], `limit ${limit}`)
  assert.equal(await ids(2, 'firing'), ['4', '2', '1', '5'])
  assert.equal(await ids(2, 'resolved'), ['3'])
  assert.equal((await queries.alerts({ org: other, limit: 5 })).items, [])
  assert.is(await queries.alert(other, 'alr_0001'), null)
})

test.run()

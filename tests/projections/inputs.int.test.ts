// What people are asked, as rows: each opened and closed once, whatever the batches; and the lists people read them by.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { executionIdOf, inputIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { classified } from '../../infra/postgres/database.ts'
import { inputsProjection } from '../../projections/inputs.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { InvalidCursor } from '../../projections/projection-errors.ts'
import type { InputFilter } from '../../projections/queries/input-queries.ts'
import { createQueries } from '../../projections/queries.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { acme, createHistory, other, sessionStream, startedOnly, timeAt } from '../support/histories.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const one = sessionId.parse('ses_ASKS01')
const two = sessionId.parse('ses_ASKS02')
const agent = executionIdOf(one, 1, 1)
const jo = { kind: 'user', id: 'jo' } as const

const approval: InputQuestion = {
  kind: 'tool_approval',
  toolCallId: toolCallIdOf(agent, 1, 1),
  executionId: agent,
  turn: 1,
  name: 'host__restart',
  server: 'host',
  tool: 'restart',
  arguments: { unit: 'nginx', note: 'odd \u0000 \ud800' },
  effect: 'unsafe',
  reason: 'the tool may change something',
}
const question: InputQuestion = {
  kind: 'question',
  executionId: agent,
  toolCallId: toolCallIdOf(agent, 1, 2),
  text: 'Which disk?',
}
const budget: InputQuestion = { kind: 'budget', budget: 'tokens', used: 1200, limit: 1000 }

const asked = (number: number, what: InputQuestion, session = one): SessionEvent => ({
  type: 'session.input_requested',
  data: { inputId: inputIdOf(session, number), question: what, expiresAt: '2026-01-02T04:00:00Z' },
})
const answered = (number: number): SessionEvent => ({
  type: 'session.input_answered',
  data: {
    inputId: inputIdOf(one, number),
    answer: { kind: 'approve', scope: 'once', arguments: { unit: 'sshd' } },
    by: jo,
  },
})
const ended: SessionEvent = {
  type: 'session.ended',
  data: { status: 'cancelled', cause: { code: 'cancelled', message: 'Cancelled by jo.', nextStep: 'Nothing.' } },
}

const wholeHistory = (): readonly LogEntry[] => {
  const history = createHistory()
  history.commit(sessionStream(one), startedOnly(one, 'One'))
  history.commit(sessionStream(one), asked(1, approval), asked(2, question))
  history.commit(sessionStream(two, other), asked(1, budget, two))
  history.commit(sessionStream(one), answered(1))
  history.commit(sessionStream(one), asked(3, approval), asked(4, budget), asked(5, question))
  history.commit(sessionStream(one), { type: 'session.input_expired', data: { inputId: inputIdOf(one, 2) } })
  history.commit(sessionStream(one), { type: 'session.input_withdrawn', data: { inputId: inputIdOf(one, 3) } })
  history.commit(sessionStream(one), ended)
  return history.entries
}

const rowsAfter = async (...batches: readonly (readonly LogEntry[])[]) => {
  const database = await readSide.database([inputsProjection])
  for (const batch of batches) await applyTo(database, inputsProjection, batch)
  return (await allRows(database, [inputsProjection]))['inputs_v1.inputs'] ?? []
}

const rowOf = (number: number, more: object) => ({
  org: acme,
  id: `inp_ASKS01_00${number}`,
  session_id: one,
  expires_at: '2026-01-02T04:00:00.000Z',
  answer: null,
  answered_by: null,
  ...more,
})
const shownApproval = { ...approval, arguments: { unit: 'nginx', note: 'odd \ufffd \ufffd' } }

test('each input is one row: what is asked, until when, what became of it and by whom', async () => {
  const rows = [...(await rowsAfter(wholeHistory()))].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1))
  assert.equal(rows, [
    rowOf(1, {
      kind: 'tool_approval',
      status: 'answered',
      question: shownApproval,
      requested_at: timeAt(2),
      answer: { kind: 'approve', scope: 'once', arguments: { unit: 'sshd' } },
      answered_by: jo,
      closed_at: timeAt(4),
      last_sequence: 4,
    }),
    rowOf(2, {
      kind: 'question',
      status: 'expired',
      question,
      requested_at: timeAt(2),
      closed_at: timeAt(6),
      last_sequence: 6,
    }),
    rowOf(3, {
      kind: 'tool_approval',
      status: 'withdrawn',
      question: shownApproval,
      requested_at: timeAt(5),
      closed_at: timeAt(7),
      last_sequence: 7,
    }),
    // Nobody said that these are closed: their session has ended.
    ...[4, 5].map((number) =>
      rowOf(number, {
        kind: number === 4 ? 'budget' : 'question',
        status: 'withdrawn',
        question: number === 4 ? budget : question,
        requested_at: timeAt(5),
        closed_at: timeAt(8),
        last_sequence: 8,
      }),
    ),
    {
      ...rowOf(1, { kind: 'budget', status: 'open', question: budget, requested_at: timeAt(3), last_sequence: 3 }),
      org: other,
      id: 'inp_ASKS02_001',
      session_id: two,
      closed_at: null,
    },
  ])
})

test('commits applied twice, one by one, in any batches and late again give the same rows', async () => {
  const entries = wholeHistory()
  const once = await rowsAfter(entries)
  assert.equal(await rowsAfter(...entries.flatMap((entry) => [[entry], [entry]])), once, 'each twice')
  assert.equal(await rowsAfter(entries.flatMap((entry) => [entry, entry])), once, 'each twice in one batch')
  assert.equal(await rowsAfter(entries, entries), once, 'all of it twice')
  for (let cut = 1; cut < entries.length; cut++) {
    assert.equal(await rowsAfter(entries.slice(0, cut), entries.slice(cut)), once, `cut at ${cut}`)
  }
  assert.equal(await rowsAfter(entries, ...entries.map((entry) => [entry])), once, 'each once more at the end')
})

const database = await readSide.database()
await applyTo(database, inputsProjection, wholeHistory())
const queries = createQueries(database.tables, classified)
const listed = async (filter: Partial<InputFilter>): Promise<readonly string[]> =>
  (await queries.inputs({ org: acme, limit: 50, ...filter })).items.map(({ id }) => id.slice(-1))

test('a list is of one org, the latest first, by status, kind and session', async () => {
  assert.equal(await listed({}), ['5', '4', '3', '2', '1'])
  assert.equal(await listed({ org: other }), ['1'])
  assert.equal(await listed({ org: other, status: ['open'] }), ['1'])
  assert.equal(await listed({ status: ['open'] }), [])
  assert.equal(await listed({ status: ['answered', 'expired'] }), ['2', '1'])
  assert.equal(await listed({ kind: ['question'] }), ['5', '2'])
  assert.equal(await listed({ kind: ['question', 'budget'], status: ['withdrawn'] }), ['5', '4'])
  assert.equal(await listed({ sessionId: two }), [])
  assert.equal(await listed({ org: other, sessionId: two }), ['1'])
  for (const odd of ['\u0000', '\ud800', "'; DROP TABLE inputs; --"]) {
    assert.equal(await listed({ sessionId: odd }), [])
    assert.equal(await listed({ status: [odd] }), [])
    assert.is(await queries.input(acme, odd), null)
  }
})

test('pages of every size put together are the list, also where several were asked at once', async () => {
  for (const limit of [1, 2, 3, 4, 5]) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await queries.inputs({ org: acme, limit, cursor })
      seen.push(...page.items.map(({ id }) => id.slice(-1)))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    assert.equal(seen, ['5', '4', '3', '2', '1'], `limit ${limit}`)
  }
  const refused = await queries.inputs({ org: acme, limit: 5, cursor: 'x' }).catch((thrown: unknown) => thrown)
  assert.instance(refused, InvalidCursor)
})

test('one input is whole, and of its org alone', async () => {
  assert.equal(await queries.input(acme, 'inp_ASKS01_001'), {
    org: acme,
    id: 'inp_ASKS01_001',
    sessionId: one,
    kind: 'tool_approval',
    status: 'answered',
    question: shownApproval,
    requestedAt: timeAt(2),
    expiresAt: '2026-01-02T04:00:00.000Z',
    answer: { kind: 'approve', scope: 'once', arguments: { unit: 'sshd' } },
    answeredBy: jo,
    closedAt: timeAt(4),
    sequence: 4,
  })
  assert.is(await queries.input(other, 'inp_ASKS01_001'), null)
})

test.run()

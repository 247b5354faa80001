// People in the loop over HTTP: what is asked is listed and answered once, and a session is paused, told and trimmed.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { valueAt, valuesOf } from '../../domain/persistent-map.ts'
import { problem } from '../../gateways/http/problem.ts'
import { inputView } from '../../projections/inputs.ts'
import { sessionBudgets } from '../../schemas/budget.ts'
import { sessionId } from '../../schemas/ids.ts'
import { askPerson, restart, startAsking } from './asking.ts'
import { defaultOrg, type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string
const token = 'a-token-of-these-tests'

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve({ token })).url
})
test.after(() => world?.stop())

interface Answer {
  readonly status: number
  readonly body: unknown
}

const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, body: answer } satisfies Answer
}
const as = (actor: string) => ({ 'x-casebook-actor': actor })
const answer = (id: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
  call('POST', `/v1/inputs/${id}/answer`, body, headers)

const written = z.object({ id: sessionId, version: z.int(), sequence: z.int() })
const page = z.object({ items: z.array(inputView), next: z.string().nullable() })

const refused = ({ status, body }: Answer, expected: number, code: string) => {
  const parsed = problem.parse(body)
  assert.equal([status, parsed.code], [expected, code], JSON.stringify(body))
  return parsed.detail
}
const accepted = ({ status, body }: Answer) => {
  assert.is(status, 202, JSON.stringify(body))
  return written.parse(body)
}
const stateOf = async (id: ReturnType<typeof sessionId.parse>) => {
  const state = await world.bus.session(defaultOrg, id)
  if (state.status === 'absent') throw new Error(`no session ${id}`)
  return state
}
const listed = async (query: string) => {
  const { status, body } = await call('GET', `/v1/inputs?after=${await world.head()}&${query}`)
  assert.is(status, 200, JSON.stringify(body))
  return page.parse(body)
}

test('a call that waits for approval is listed, approved by whoever asks, and then run', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const [open] = (await listed(`status=open&session=${asking.session}`)).items
  assert.equal([open?.id, open?.kind, open?.answeredBy, open?.closedAt], [asking.input(1), 'tool_approval', null, null])
  assert.equal(open?.question.kind === 'tool_approval' && open.question.arguments, { unit: 'nginx' })

  const { id, sequence } = accepted(await answer(asking.input(1), { kind: 'approve' }, as('user:jo')))
  assert.is(id, asking.session)
  const { body } = await call('GET', `/v1/inputs/${asking.input(1)}?after=${sequence}`)
  const view = inputView.parse(body)
  assert.equal([view.status, view.answeredBy, view.sequence], ['answered', { kind: 'user', id: 'jo' }, sequence])
  assert.equal(view.answer, { kind: 'approve', scope: 'once' })
  const { toolCalls } = await stateOf(asking.session)
  assert.is(valueAt(toolCalls, asking.call(1))?.status, 'requested')
  assert.equal((await listed(`status=open&session=${asking.session}`)).items, [])
})

test('the first answer counts: a later one is told who was first, and the same again changes nothing', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const deny = { kind: 'deny', reason: 'not now' }
  const first = accepted(await answer(asking.input(1), deny, as('user:jo')))
  assert.equal(accepted(await answer(asking.input(1), deny, as('user:jo'))), first)
  const detail = refused(await answer(asking.input(1), { kind: 'approve' }, as('user:kim')), 409, 'input_closed')
  assert.is(detail, 'Already answered by jo.')
})

test('of many answers at once exactly one counts', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      answer(asking.input(1), index % 2 === 0 ? { kind: 'approve' } : { kind: 'deny' }, as(`user:p${index}`)),
    ),
  )
  const winners = answers.flatMap(({ status }, index) => (status === 202 ? [`p${index}`] : []))
  assert.is(winners.length, 1)
  for (const each of answers.filter(({ status }) => status !== 202)) {
    assert.is(refused(each, 409, 'input_closed'), `Already answered by ${winners[0]}.`)
  }
})

test('a key sends an answer once, and another body under it is refused', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const key = { 'idempotency-key': `answer-${asking.session}` }
  const first = accepted(await answer(asking.input(1), { kind: 'approve' }, key))
  assert.equal(accepted(await answer(asking.input(1), { kind: 'approve' }, key)), first)
  refused(await answer(asking.input(1), { kind: 'deny' }, key), 422, 'idempotency_conflict')
})

test('edited arguments are held to the schema the tool was offered with; what fits is what is called', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const before = await world.head()
  for (const [args, what] of [
    [{}, /must have required property 'unit'/],
    [{ unit: 7 }, /unit must be string/],
    [{ unit: 'nginx', sudo: true }, /additional properties \("sudo"\)/],
    ['nginx', /not a JSON object/],
    [null, /not a JSON object/],
  ] as const) {
    const detail = refused(
      await answer(asking.input(1), { kind: 'approve', arguments: args }),
      422,
      'answer_not_fitting',
    )
    assert.match(detail, what)
  }
  const deep = Array.from({ length: 70 }).reduce<unknown>((inner) => ({ inner }), 1)
  const detail = refused(
    await answer(asking.input(1), { kind: 'approve', arguments: { deep } }),
    422,
    'answer_not_fitting',
  )
  assert.match(detail, /nest deeper/)
  assert.is(await world.head(), before, 'nothing was appended')

  accepted(await answer(asking.input(1), { kind: 'approve', arguments: { unit: 'sshd', force: true } }))
  const { toolCalls } = await stateOf(asking.session)
  assert.equal(valueAt(toolCalls, asking.call(1))?.request?.arguments, { unit: 'sshd', force: true })
  // Too late: it says who answered, whatever the arguments are.
  refused(await answer(asking.input(1), { kind: 'approve', arguments: {} }), 409, 'input_closed')
})

test('the same check stands before the command sent by its name', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const data = { sessionId: asking.session, inputId: asking.input(1), answer: { kind: 'approve', arguments: {} } }
  refused(await call('POST', '/v1/commands/AnswerInput', data), 422, 'answer_not_fitting')
})

test('an answer in the wrong words, to nothing, or of no shape is refused', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const detail = refused(await answer(asking.input(1), { kind: 'finish' }), 422, 'answer_not_fitting')
  assert.is(detail, 'A question of the kind tool_approval is answered with one of: approve, deny.')
  refused(await answer(asking.input(9), { kind: 'approve' }), 404, 'input_not_found')
  for (const id of ['inp_01UNKNOWN_001', 'inp_01UNKNOWN']) {
    assert.is(refused(await answer(id, { kind: 'approve' }), 404, 'input_not_found'), `No input ${id}.`)
    refused(await call('GET', `/v1/inputs/${id}`), 404, 'input_not_found')
  }
  refused(await call('GET', '/v1/inputs/nonsense'), 400, 'invalid_request')
  for (const body of [{}, { kind: 'maybe' }, { kind: 'approve', by: 'me' }, { kind: 'raise', by: -1 }, []]) {
    refused(await answer(asking.input(1), body), 400, 'invalid_request')
  }
  refused(await answer(asking.input(1), { kind: 'deny' }, { 'casebook-org': 'another' }), 404, 'input_not_found')
  refused(
    await call('GET', `/v1/inputs/${asking.input(1)}`, undefined, { 'casebook-org': 'another' }),
    404,
    'input_not_found',
  )
})

test('a question gets its words, and a budget its grant', async () => {
  const budgets = sessionBudgets.parse({ session: { tokens: 1000 }, on_reached: 'ask' })
  const asking = await startAsking(world, { budgets })
  await asking.replies(1, [askPerson, { question: 'Which disk?' }])
  accepted(await answer(asking.input(1), { kind: 'reply', text: 'The one of db-3.' }))
  const told = await stateOf(asking.session)
  assert.is(valueAt(told.toolCalls, asking.call(1))?.result?.text, 'The one of db-3.')
  const [budget] = (await listed(`kind=budget&session=${asking.session}`)).items
  assert.equal(budget?.question, { kind: 'budget', budget: 'tokens', used: 1500, limit: 1000 })
  accepted(await answer(asking.input(2), { kind: 'raise', by: 5000 }))
  assert.ok((await stateOf(asking.session)).executions[asking.agent(1)]?.openTurn)
})

test('lists are by status, kind and session, page by page; what waits is withdrawn when its session ends', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'a' }], [restart, { unit: 'b' }], [askPerson, { question: 'Why?' }])
  const of = `session=${asking.session}`
  const ids = async (query: string) => (await listed(`${of}&${query}`)).items.map(({ id }) => id)
  assert.equal(await ids(''), [asking.input(3), asking.input(2), asking.input(1)])
  assert.equal(await ids('kind=question'), [asking.input(3)])
  const first = await listed(`${of}&limit=2`)
  assert.equal(await ids(`limit=2&cursor=${first.next}`), [asking.input(1)])
  accepted(await answer(asking.input(2), { kind: 'deny' }))
  assert.equal(await ids('status=open'), [asking.input(3), asking.input(1)])
  assert.equal(await ids('status=open,answered&kind=tool_approval'), [asking.input(2), asking.input(1)])
  accepted(await call('POST', `/v1/sessions/${asking.session}/cancel`))
  assert.equal(await ids('status=withdrawn'), [asking.input(3), asking.input(1)])
  refused(await answer(asking.input(1), { kind: 'approve' }), 409, 'input_closed')
  for (const query of ['status=closed', 'kind=x', 'session=x', 'colour=red', 'limit=0'])
    refused(await call('GET', `/v1/inputs?${query}`), 400, 'invalid_request')
  refused(await call('GET', '/v1/inputs?cursor=x'), 400, 'invalid_cursor')
})

test('one that the read model does not know yet is read from the log', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'a' }], [askPerson, { question: 'Why?' }])
  accepted(await answer(asking.input(1), { kind: 'deny', reason: 'no' }, as('service:pager')))
  const { body } = await call('GET', `/v1/inputs/${asking.input(1)}?after=${await world.head()}`)
  const behind = await world.serve(
    { token },
    { queries: { ...world.deps({}).queries, input: () => Promise.resolve(null) } },
  )
  const folded = await fetch(`${behind.url}/v1/inputs/${asking.input(1)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(await folded.json(), body)
  assert.equal(inputView.parse(body).answeredBy, { kind: 'service', id: 'pager' })
})

test('secrets in answers, reasons and messages never reach the log', async () => {
  const asking = await startAsking(world, { title: 'Secrets' })
  await asking.replies(1, [restart, { unit: 'a' }], [restart, { unit: 'b' }], [askPerson, { question: 'Why?' }])
  const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'
  accepted(await answer(asking.input(1), { kind: 'approve', arguments: { unit: secret } }))
  accepted(await answer(asking.input(2), { kind: 'deny', reason: `because ${secret}` }))
  accepted(await call('POST', `/v1/sessions/${asking.session}/messages`, { text: `use ${secret}` }))
  accepted(await call('POST', `/v1/sessions/${asking.session}/pause`, { reason: secret }))
  accepted(await answer(asking.input(3), { kind: 'reply', text: `It is ${secret}, ask ops@example.com` }))
  const { sequence } = accepted(await call('POST', `/v1/sessions/${asking.session}/resume`, {}))
  const shown = await Promise.all(
    [
      `/v1/sessions/${asking.session}/events?limit=200&after=${sequence}`,
      `/v1/sessions/${asking.session}/timeline?limit=200&after=${sequence}`,
      `/v1/sessions/${asking.session}/state`,
      `/v1/inputs?session=${asking.session}&after=${sequence}`,
    ].map(async (path) => JSON.stringify((await call('GET', path)).body)),
  )
  for (const text of [...shown, JSON.stringify(world.lines)]) assert.not.match(text, /ghp_abcdef/)
  // An agent is told what a person tells it, but for what is secret.
  assert.match(shown[3] ?? '', /It is .*ask ops@example\.com/)
})

test('a session is paused by whoever asks, and resumed; both twice is once', async () => {
  const asking = await startAsking(world)
  const path = `/v1/sessions/${asking.session}`
  const paused = accepted(await call('POST', `${path}/pause`, { reason: 'lunch' }, as('user:jo')))
  assert.equal(accepted(await call('POST', `${path}/pause`)), paused)
  assert.is((await stateOf(asking.session)).paused, true)
  const timeline = JSON.stringify((await call('GET', `${path}/timeline?after=${paused.sequence}`)).body)
  assert.match(timeline, /Paused by jo/)
  const resumed = accepted(await call('POST', `${path}/resume`))
  assert.equal(accepted(await call('POST', `${path}/resume`, {})), resumed)
  assert.is((await stateOf(asking.session)).paused, false)
  refused(await call('POST', `${path}/pause`, { why: 'x' }), 400, 'invalid_request')
  accepted(await call('POST', `${path}/cancel`))
  refused(await call('POST', `${path}/pause`), 409, 'session_ended')
  for (const what of ['pause', 'resume']) {
    refused(await call('POST', `/v1/sessions/ses_01UNKNOWN/${what}`), 404, 'session_not_found')
  }
})

test('a message reaches every agent at work, or the one that is named', async () => {
  const asking = await startAsking(world, { size: 2 })
  const path = `/v1/sessions/${asking.session}/messages`
  accepted(await call('POST', path, { text: 'Hurry.' }, as('user:jo')))
  accepted(await call('POST', path, { text: 'You too.', executionId: asking.agent(2) }))
  const { messages } = await stateOf(asking.session)
  assert.equal(
    valuesOf(messages).map(({ to, text }) => [to, text.text]),
    [
      [{ kind: 'execution', executionId: asking.agent(1) }, 'Hurry.'],
      [{ kind: 'execution', executionId: asking.agent(2) }, 'Hurry.'],
      [{ kind: 'execution', executionId: asking.agent(2) }, 'You too.'],
    ],
  )
  refused(await call('POST', path, { text: '  ' }), 400, 'invalid_request')
  refused(await call('POST', path, { text: 'x', executionId: 'exe_01UNKNOWN_01_01' }), 409, 'execution_not_running')
  refused(await call('POST', '/v1/sessions/ses_01UNKNOWN/messages', { text: 'x' }), 404, 'session_not_found')
  const key = { 'idempotency-key': `message-${asking.session}` }
  for (let each = 0; each < 3; each++) accepted(await call('POST', path, { text: 'Once.' }, key))
  assert.is((await stateOf(asking.session)).messages.size, 5)
  const queued = written.parse((await call('POST', '/v1/sessions', { title: 'Nobody is at work here' })).body)
  refused(await call('POST', `/v1/sessions/${queued.id}/messages`, { text: 'x' }), 409, 'nobody_listening')
})

test('one agent is ended, and what it asked is withdrawn; the other goes on', async () => {
  const asking = await startAsking(world, { size: 2 })
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const path = (id: string) => `/v1/sessions/${asking.session}/executions/${id}/cancel`
  accepted(await call('POST', path(asking.agent(1)), { reason: 'wrong track' }, as('user:jo')))
  const { executions, inputs, ended } = await stateOf(asking.session)
  assert.equal([executions[asking.agent(1)]?.status, executions[asking.agent(2)]?.status], ['cancelled', 'running'])
  assert.equal([valueAt(inputs, asking.input(1))?.status, ended], ['withdrawn', null])
  accepted(await call('POST', path(asking.agent(1))))
  refused(await call('POST', path('exe_01UNKNOWN_01_01')), 404, 'execution_not_found')
  refused(await call('POST', path('nonsense')), 400, 'invalid_request')
})

test.run()

// The OpenAPI document beside what the server really answers: every operation, its refusals too, field by field.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { sessionId, taskId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { askPerson, restart, startAsking } from './asking.ts'
import { adoptPlan, asHandler, defaultOrg, executionOf, type HttpWorld, reply, startHttpWorld } from './http-world.ts'

const openApi = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        summary: z.string(),
        responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
        requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
      }),
    ),
  ),
})

let world: HttpWorld
let url: string
/** Waits for no read model: what is behind is told at once. */
let hurriedUrl: string
let document: z.infer<typeof openApi>
let ajv: Ajv2020

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve()).url
  const made: unknown = await (await fetch(`${url}/openapi.json`)).json()
  document = openApi.parse(made)
  ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema(z.record(z.string(), z.unknown()).parse(made), 'openapi')
  hurriedUrl = (await world.serve({ waitMs: 200 })).url
})
test.after(() => world?.stop())

const loadedConfiguration = {
  type: 'RecordConfiguration',
  data: {
    hash: 'a'.repeat(64),
    loadedAt: '2026-01-01T00:00:00.000Z',
    entries: { 'agents/a': '1' },
    content: { text: '{}' },
  },
} as const

const exercised = new Set<string>()
const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')

/** The most literal path that fits: `/v1/sessions/{id}` before nothing else. */
const templateOf = (path: string): string => {
  const found = Object.keys(document.paths).find((template) =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  if (found === undefined) throw new Error(`${path} is not documented`)
  return found
}

const ask = async (
  method: string,
  target: string,
  expected: number,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<unknown> => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const leaving = new AbortController()
  const response = await fetch(`${expected === 503 ? hurriedUrl : url}${target}`, {
    method,
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && { body: text }),
    signal: leaving.signal,
  })
  const what = `${method} ${target} ${response.status}`
  assert.is(response.status, expected, what)
  const template = templateOf(target.split('?', 1)[0] ?? '')
  const operation = document.paths[template]?.[method.toLowerCase()]
  const documented = operation?.responses[String(response.status)]
  assert.ok(documented, `${what} is not documented`)
  if (response.ok) exercised.add(`${method} ${template}`)
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? ''
  if (documented?.content === undefined || type === '') {
    await response.body?.cancel()
    return null
  }
  if (type === 'text/event-stream') {
    assert.ok(documented.content[type], `${what} is not documented as a stream`)
    leaving.abort()
    return null
  }
  // Text is documented as a string under JSON's name.
  const answer: unknown = /[/+]json$/.test(type) ? await response.json() : await response.text()
  const content = Object.keys(documented.content)
  assert.ok(!/[/+]json$/.test(type) || content.includes(type), `${what} comes as ${type}, documented are ${content}`)
  const schema = pointer(
    ...['paths', template, method.toLowerCase(), 'responses', String(response.status)],
    ...['content', content.includes(type) ? type : (content[0] ?? ''), 'schema'],
  )
  const validate = ajv.compile({ $ref: `openapi#/${schema}` })
  assert.ok(validate(answer), `${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(answer).slice(0, 1500)}`)
  return answer
}

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url), 'utf8')

test('what sessions answer is as documented, at every stage of one', async () => {
  const started = z
    .object({ id: sessionId, sequence: z.int() })
    .parse(await ask('POST', '/v1/sessions', 201, { body: { title: 'Documented', labels: { a: 'b' }, input: 'x' } }))
  const { id } = started
  await ask('GET', `/v1/sessions/${id}`, 200)
  await world.bus.send(asHandler(adoptPlan(id)))
  await world.bus.send(asHandler(reply(id, 'It was the disk.')))
  const after = `after=${await world.head()}`
  for (const path of ['', '/timeline', '/events', '/tool-calls', '/state', '/waterfall', '/conversation', '/stream']) {
    await ask('GET', `/v1/sessions/${id}${path}?${after}`, 200)
    await ask('GET', `/v1/sessions/ses_01UNKNOWN${path}`, 404)
    await ask('GET', `/v1/sessions/${id}${path}?odd=1`, 400)
  }
  await ask('GET', `/v1/sessions/${id}/state?at=1`, 200)
  const turns = `/v1/sessions/${id}/executions/${executionOf(id)}/turns`
  await ask('GET', `${turns}/1`, 200)
  await ask('GET', `${turns}/9`, 404)
  await ask('GET', `${turns}/0`, 400)
  await ask('GET', `/v1/sessions/${id}/tool-calls/call_UNKNOWN`, 404)
  const child = { title: 'Child', agent: 'investigator', parent: { sessionId: id, why: 'to know more' } }
  await ask('POST', '/v1/sessions', 201, { body: child })
  await ask('POST', '/v1/sessions', 404, { body: { ...child, parent: { sessionId: 'ses_01UNKNOWN' } } })
  await world.bus.send(
    asHandler({
      type: 'RecordChild',
      data: { sessionId: id, childId: sessionId.parse('ses_CHILD'), relation: 'follow_up', why: '', title: 'Child' },
    }),
  )
  await ask('GET', `/v1/sessions/${id}/children?after=${await world.head()}`, 200)
  await ask('GET', '/v1/sessions/ses_01UNKNOWN/children', 404)
  await ask('GET', `/v1/sessions/${id}/forks?after=${await world.head()}`, 200)
  await ask('POST', `/v1/sessions/${id}/replay`, 200, { body: {} })
  await ask('POST', '/v1/sessions/ses_01UNKNOWN/fork', 404, { body: { at: 1 } })
  await ask('POST', '/v1/sessions/ses_01UNKNOWN/replays', 404, { body: {} })
  const long = z
    .object({ id: sessionId })
    .parse(await ask('POST', '/v1/sessions', 201, { body: { title: 'Long', input: 'x'.repeat(70_000) } }))
  const hash = createHash('sha256').update('x'.repeat(70_000)).digest('hex')
  await ask('GET', `/v1/sessions/${long.id}/blobs/${hash}`, 200)
  await ask('GET', `/v1/sessions/${id}/blobs/${hash}`, 404)
  await ask('GET', `/v1/sessions?${after}&limit=1`, 200)
  await ask('GET', '/v1/sessions?after=999999', 503)
  await ask('POST', `/v1/sessions/${id}/cancel`, 202, { body: { reason: 'seen' } })
  await ask('GET', `/v1/sessions/${id}?after=${await world.head()}`, 200)
  await ask('GET', `/v1/sessions/${id}/timeline?after=${await world.head()}`, 200)
  await ask('POST', '/v1/sessions/ses_01UNKNOWN/cancel', 404)
  await ask('POST', '/v1/sessions', 400, { body: { titel: 'x' } })
  await ask('POST', '/v1/sessions', 415, { body: 'x', headers: { 'content-type': 'text/plain' } })
  await ask('POST', '/v1/sessions', 413, { body: 'x'.repeat(2_200_000) })
  const key = { headers: { 'idempotency-key': 'documented' } }
  await ask('POST', '/v1/commands/StartSession', 200, { body: { title: 'x', input: { text: '' } }, ...key })
  await ask('POST', '/v1/commands/StartSession', 422, { body: { title: 'y', input: { text: '' } }, ...key })
  await ask('POST', '/v1/commands/StartSession', 409, {
    body: { sessionId: id, title: 'y', input: { text: '' } },
  })
  await ask('POST', '/v1/commands/Nonsense', 404, { body: {} })
  await ask('GET', '/v1/stream', 200)
  await ask('GET', '/v1/projections/stream', 200)
})

test('what a chat about a session answers is as documented', async () => {
  const opened = await ask('POST', '/v1/sessions', 201, { body: { title: 'Asked', input: 'x' } })
  const { id } = z.object({ id: sessionId }).parse(opened)
  const path = `/v1/sessions/${id}/chat`
  const body = { text: 'Why?' }
  await ask('POST', path, 409, { body })
  await world.bus.send(asHandler(adoptPlan(id)))
  await ask('POST', `/v1/sessions/${id}/cancel`, 202)
  await ask('GET', path, 200)
  const asked = z
    .looseObject({ executionId: z.string(), sequence: z.int() })
    .parse(await ask('POST', path, 202, { body, headers: { 'idempotency-key': 'why' } }))
  assert.equal(await ask('POST', path, 202, { body, headers: { 'idempotency-key': 'why' } }), asked)
  await ask('POST', path, 422, { body: { text: 'Why not?' }, headers: { 'idempotency-key': 'why' } })
  const page = await ask('GET', `${path}?after=${asked.sequence}&limit=1`, 200)
  const { items } = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) }).parse(page)
  assert.equal(items, [{ id: asked.executionId, status: 'answering' }])
  await ask('GET', `/v1/sessions/${id}?after=${asked.sequence}`, 200)
  await ask('GET', `/v1/sessions/${id}/timeline?after=${asked.sequence}`, 200)
  const more = { sessionId: id, text: 'Since when?' }
  await ask('POST', '/v1/commands/AskSession', 200, { body: more })
  await ask('POST', `/v1/sessions/${id}/executions/${asked.executionId}/cancel`, 202)
  await ask('POST', path, 400, { body: { text: '' } })
  await ask('POST', path, 415, { body: 'x', headers: { 'content-type': 'text/plain' } })
  await ask('POST', '/v1/sessions/ses_01UNKNOWN/chat', 404, { body })
  await ask('GET', '/v1/sessions/ses_01UNKNOWN/chat', 404)
  await ask('GET', `${path}?after=999999`, 503)
})

test('what people are asked and answer, and what they do to a session, is as documented', async () => {
  const asking = await startAsking(world, { size: 2 })
  await asking.replies(1, [restart, { unit: 'nginx' }], [askPerson, { question: 'Which disk?' }])
  const after = `after=${await world.head()}`
  await ask('GET', `/v1/inputs?status=open&session=${asking.session}&kind=tool_approval,question&${after}`, 200)
  await ask('GET', `/v1/sessions/${asking.session}/tool-calls/${asking.call(1, 2)}?${after}`, 200)
  await ask('GET', `/v1/sessions/${asking.session}/waterfall`, 200)
  await ask('GET', '/v1/inputs?status=shut', 400)
  await ask('GET', '/v1/inputs?after=999999', 503)
  await ask('GET', `/v1/inputs/${asking.input(1)}?${after}`, 200)
  await ask('GET', '/v1/inputs/inp_01UNKNOWN_001', 404)
  const answer = (number: number) => `/v1/inputs/${asking.input(number)}/answer`
  await ask('POST', answer(1), 422, { body: { kind: 'approve', arguments: { unit: 7 } } })
  await ask('POST', answer(1), 422, { body: { kind: 'finish' } })
  await ask('POST', answer(1), 400, { body: { kind: 'perhaps' } })
  await ask('POST', answer(1), 202, { body: { kind: 'approve', scope: 'session', arguments: { unit: 'sshd' } } })
  await ask('POST', answer(1), 409, { body: { kind: 'deny' } })
  await ask('POST', answer(2), 413, { body: { kind: 'reply', text: 'x'.repeat(2_200_000) } })
  await ask('POST', answer(2), 202, { body: { kind: 'reply', text: 'The first.' } })
  await ask('POST', answer(9), 404, { body: { kind: 'finish' } })
  await ask('GET', `/v1/inputs?session=${asking.session}&after=${await world.head()}`, 200)
  const path = `/v1/sessions/${asking.session}`
  await ask('POST', `${path}/pause`, 202, { body: { reason: 'lunch' } })
  await ask('GET', `${path}?after=${await world.head()}`, 200)
  await ask('POST', `${path}/resume`, 202)
  await ask('POST', `${path}/messages`, 202, { body: { text: 'Hurry.' } })
  await ask('POST', `${path}/messages`, 400, { body: { text: '' } })
  await ask('POST', `${path}/messages`, 409, { body: { text: 'x', executionId: 'exe_01UNKNOWN_01_01' } })
  await ask('POST', `${path}/executions/${asking.agent(2)}/cancel`, 202, { body: { reason: 'wrong track' } })
  await ask('POST', `${path}/executions/exe_01UNKNOWN_01_01/cancel`, 404)
  await ask('POST', `${path}/cancel`, 202)
  for (const what of ['pause', 'resume']) await ask('POST', `/v1/sessions/ses_01UNKNOWN/${what}`, 404)
  await ask('POST', `${path}/pause`, 409)
  await ask('GET', `${path}/timeline?after=${await world.head()}`, 200)
})

test('what costs answer is as documented', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [askPerson, { question: 'Which disk?' }])
  const after = await world.head()
  await ask('GET', `/v1/sessions/${asking.session}/costs?after=${after}`, 200)
  await ask('GET', '/v1/sessions/ses_01UNKNOWN/costs', 404)
  await ask('GET', `/v1/costs?by=day&split=model&agent=a&after=${after}`, 200)
  for (const by of ['day', 'org', 'chain', 'agent', 'model']) await ask('GET', `/v1/costs?by=${by}&after=${after}`, 200)
  await ask('GET', '/v1/costs?from=0001-01-01&to=9999-12-31', 200)
  await ask('GET', '/v1/costs?from=0000-01-01', 400)
  await ask('GET', '/v1/costs?by=colour', 400)
})

test('what the lists and the overview answer, and an end to many, is as documented', async () => {
  const body = { title: 'One of many', labels: { many: 'yes' } }
  for (const _ of [1, 2]) await ask('POST', '/v1/sessions', 201, { body })
  const after = `after=${await world.head()}`
  const counted = await ask('GET', `/v1/sessions/facets?label=many=yes&kind=investigation&waiting=false&${after}`, 200)
  assert.is(z.looseObject({ total: z.int() }).parse(counted).total, 2)
  await ask('GET', '/v1/sessions/facets?waiting=perhaps', 400)
  await ask('GET', '/v1/alerts/facets?severity=critical,low&source=generic&came=opened&from=2026-01-01T00:00:00Z', 200)
  await ask('GET', '/v1/alerts/facets?came=by', 400)
  await ask('GET', '/v1/overview', 200)
  await ask('GET', '/v1/orgs', 200)
  await ask('GET', '/v1/overview?hours=0', 400)
  const filter = { label: ['many=yes'], status: 'queued,running' }
  await ask('POST', '/v1/sessions/cancel', 409, { body: { filter, count: 3 } })
  await ask('POST', '/v1/sessions/cancel', 400, { body: { filter } })
  await ask('POST', '/v1/sessions/cancel', 200, { body: { filter, count: 2, reason: 'seen' } })
})

test('what tasks answer is as documented', async () => {
  const body = { title: 'Documented', at: '2099-01-01T00:00:00Z', repeat: { every_seconds: 60, times: 2 } }
  const { id } = z.object({ id: z.string() }).parse(await ask('POST', '/v1/tasks', 201, { body }))
  const path = `/v1/tasks/${id}`
  await ask('GET', path, 200)
  await ask('GET', '/v1/tasks/tsk_01UNKNOWN', 404)
  await ask('POST', '/v1/tasks', 400, { body: { ...body, repeat: { every_seconds: 1, times: 2 } } })
  await ask('POST', `${path}/rerun`, 202)
  await ask('GET', `/v1/tasks?status=scheduled&label=a=b&after=${await world.head()}`, 200)
  await ask('GET', `/v1/tasks?after=${await world.head()}`, 200)
  await ask('GET', '/v1/tasks?status=lost', 400)
  await ask('POST', `${path}/cancel`, 202, { body: { reason: 'seen' } })
  await ask('GET', `${path}?after=${await world.head()}`, 200)
  const once = z.object({ id: z.string() }).parse(await ask('POST', '/v1/tasks', 201, { body: { title: 'x' } }))
  const begin = { taskId: taskId.parse(once.id), run: 1, sessionId: sessionId.parse('ses_DOCUMENTED') }
  await world.bus.send(asHandler({ type: 'BeginTaskRun', data: begin }))
  await ask('POST', `/v1/tasks/${once.id}/cancel`, 409)
  for (const what of ['cancel', 'rerun']) await ask('POST', `/v1/tasks/tsk_01UNKNOWN/${what}`, 404)
})

test('what alerts and webhooks answer is as documented', async () => {
  const answer = await ask('POST', '/v1/alerts', 202, {
    body: [{ title: 'one', fingerprint: 'doc' }, { titel: 'two' }],
  })
  const { results } = z.object({ results: z.array(z.object({ alertId: z.string().optional() })) }).parse(answer)
  const id = results[0]?.alertId ?? ''
  await eventually(async () => (await fetch(`${url}/v1/alerts/${id}`)).ok)
  await ask('GET', `/v1/alerts/${id}`, 200)
  await ask('GET', '/v1/alerts?status=firing', 200)
  await ask('GET', '/v1/alerts/alr_UNKNOWN', 404)
  await ask('POST', '/v1/alerts', 202, { body: { title: 'one', fingerprint: 'doc' } })
  await ask('POST', '/v1/alerts', 400, { body: { titel: 'x' } })
  for (const name of ['alertmanager-firing', 'alertmanager-multi', 'alertmanager-resolved', 'grafana-firing']) {
    await ask('POST', '/v1/webhooks/alertmanager', 202, { body: fixture(name) })
  }
  await ask('POST', '/v1/webhooks/alertmanager', 400, { body: {} })
  await ask('POST', '/v1/webhooks/pagerduty', 202, { body: fixture('pagerduty-triggered') })
  await ask('POST', '/v1/webhooks/pagerduty', 400, { body: {} })
  const headers = { 'content-type': 'application/cloudevents+json' }
  await ask('POST', '/v1/webhooks/cloudevents', 202, { body: fixture('cloudevent-generic'), headers })
  await ask('POST', '/v1/webhooks/cloudevents', 400, { body: '{}', headers })
  await ask('POST', '/v1/webhooks/cloudevents', 415, { body: '{}' })
  await ask('OPTIONS', '/v1/webhooks/cloudevents', 200, { headers: { 'webhook-request-origin': 'example.com' } })
})

test('what operators ask is answered as documented', async () => {
  await eventually(async () => (await fetch(`${url}/v1/projections`)).ok)
  await ask('GET', '/v1/projections', 200)
  await eventually(
    async () => (await fetch(`${url}/v1/projections/timeline/rebuild`, { method: 'POST' })).status === 202,
  )
  await eventually(() => ask('POST', '/v1/projections/timeline/rebuild', 202).then(() => true))
  await ask('POST', '/v1/projections/timeline/resume', 202)
  await ask('POST', '/v1/projections/timeline/verify', 202)
  await ask('POST', '/v1/projections/timeline/pause', 202)
  await ask('POST', '/v1/projections/timeline/cancel', 200)
  await ask('POST', '/v1/projections/timeline/drop-old', 200)
  await ask('POST', '/v1/projections/sessions/as-of', 202, { body: { sequence: 1 } })
  await eventually(async () => (await fetch(`${url}/v1/sessions?at=1`)).ok, { withinMs: 60_000 })
  await ask('GET', '/v1/sessions?at=1', 200)
  await ask('GET', '/v1/alerts?at=1', 404)
  await ask('POST', '/v1/projections/sessions/as-of', 400, { body: { sequence: 999_999 } })
  await ask('POST', '/v1/projections/sessions/as-of', 400, { body: {} })
  await ask('POST', '/v1/projections/sessions/drop-as-of', 200)
  await ask('POST', '/v1/projections/nonsense/verify', 404)
  await ask('POST', '/v1/projections/nonsense/rebuild', 404)
  await ask('POST', '/v1/projections/nonsense/resume', 404)
  await ask('GET', '/v1/audit/verify', 200)
  world.connection.publish('casebook.alerts.default', 'no alert')
  await eventually(async () => (await world.deadLetters()) > 0)
  const listed = z.object({ items: z.array(z.object({ id: z.string() })) })
  const newest = async () => listed.parse(await ask('GET', '/v1/dead-letters', 200)).items[0]?.id
  const letter = `/v1/dead-letters/${await newest()}`
  await ask('GET', letter, 200)
  await ask('POST', `${letter}/drop`, 200, { body: { reason: 'a test' } })
  await ask('POST', `${letter}/retry`, 409)
  world.connection.publish('casebook.alerts.default', 'no alert either')
  const next = await eventually(async () => (await newest()) ?? false)
  await ask('POST', `/v1/dead-letters/${next}/retry`, 202)
  await ask('GET', '/v1/dead-letters/dlt_none', 404)
  await ask('GET', '/v1/warnings', 200)
  await world.bus.send(asHandler(loadedConfiguration))
  // Its versions are read from the same copy of the log.
  await ask('GET', `/v1/events?limit=5&after=${await world.head()}`, 200)
  await ask('GET', '/v1/events?category=nothing', 400)
  await ask('GET', '/v1/consumers', 200)
  await ask('GET', '/v1/configuration', 200)
  await ask('GET', '/v1/configuration/chains/one', 200)
  await ask('GET', '/v1/configuration/chains/none', 404)
  for (const path of ['/v1/tools', '/health', '/ready', '/metrics']) await ask('GET', path, 200)
  world.setReady(false)
  await ask('GET', '/ready', 503)
  world.setReady(true)
})

test('what holds and erasures of a session answer is as documented', async () => {
  const opened = await ask('POST', '/v1/sessions', 201, { body: { title: 'To be erased', input: 'x' } })
  const path = `/v1/sessions/${z.object({ id: sessionId }).parse(opened).id}`
  const body = { reason: 'asked by the customer' }
  await ask('DELETE', path, 409, { body })
  await ask('POST', `${path}/cancel`, 202)
  await ask('POST', `${path}/hold`, 202, { body })
  await ask('DELETE', path, 409, { body })
  await ask('POST', `${path}/release`, 202)
  await ask('DELETE', path, 400, { body: {} })
  await ask('DELETE', path, 202, { body })
  await ask('POST', `${path}/hold`, 410, { body })
  await ask('DELETE', '/v1/sessions/ses_01UNKNOWN', 404, { body })
})

test('what a dry run of retention answers is as documented', async () => {
  await ask('GET', '/v1/retention/preview?keep_days=0', 200)
  await ask('GET', '/v1/retention/preview?kind=alert', 400)
})

test('what forgetting a person answers is as documented', async () => {
  const { personId } = await world.keys.keyFor(defaultOrg, 'jo@example.org')
  assert.match(personId, /^per_/)
  await ask('POST', '/v1/people/forget', 202, { body: { person: 'jo@example.org', reason: 'asked to' } })
  await ask('POST', '/v1/people/forget', 400, { body: { person: 'jo@example.org' } })
  await ask('POST', '/v1/people/forget', 404, { body: { person: 'nobody', reason: 'asked to' } })
})

test('what forks, replays and evaluations of a session answer is as documented', async () => {
  const opened = await ask('POST', '/v1/sessions', 201, { body: { title: 'Forked', input: 'x' } })
  const { id } = z.object({ id: sessionId }).parse(opened)
  await world.bus.send(asHandler(adoptPlan(id)))
  await ask('POST', `/v1/sessions/${id}/cancel`, 202)
  const made = await ask('POST', `/v1/sessions/${id}/fork`, 201, { body: { at: 2 } })
  const fork = z.object({ id: sessionId }).parse(made).id
  const shared = await ask(
    'GET',
    `/v1/events?session=${fork}&inherited=true&order=asc&after=${await world.head()}`,
    200,
  )
  const { items } = z.object({ items: z.array(z.object({ subject: z.string(), type: z.string() })) }).parse(shared)
  assert.equal(
    items.slice(0, 3).map(({ subject }) => subject),
    [`session/${id}`, `session/${id}`, `session/${fork}`],
    'what comes after the fork point is not shared',
  )
  await ask('GET', `/v1/sessions/${id}/waterfall?at=2`, 200)
  await ask('GET', `/v1/sessions/${id}/waterfall?at=99`, 400)
  await ask('POST', `/v1/sessions/${id}/fork`, 400, { body: { at: 0 } })
  await ask('POST', `/v1/sessions/${id}/replays`, 201, { body: {} })
  await ask('POST', '/v1/sessions/ses_01UNKNOWN/fork', 404, { body: { at: 1 } })
  await ask('GET', `/v1/sessions/${id}/forks?after=${await world.head()}`, 200)
  await ask('GET', '/v1/sessions/ses_01UNKNOWN/forks', 404)
  await ask('POST', `/v1/sessions/${id}/replay`, 200)
  const report = {
    case: 'a',
    run: 1,
    tools: 'live',
    tags: [],
    checks: [{ kind: 'cost', wanted: '1', passed: true, found: '' }],
  }
  await ask('POST', `/v1/sessions/${id}/evaluations`, 201, { body: report })
  await ask('GET', `/v1/evaluations?after=${await world.head()}`, 200)
})

test('what exports, imports and backups answer is as documented', async () => {
  const opened = await ask('POST', '/v1/sessions', 201, { body: { title: 'Exported', input: 'x' } })
  const { id } = z.object({ id: sessionId }).parse(opened)
  await ask('POST', `/v1/sessions/${id}/cancel`, 202)
  const lines = z.string().parse(await ask('GET', `/v1/sessions/${id}/export`, 200))
  await ask('GET', '/v1/sessions/ses_01UNKNOWN/export', 404)
  await ask('GET', '/v1/export', 200)
  const headers = { 'content-type': 'application/x-ndjson' }
  await ask('POST', '/v1/import', 200, { body: lines, headers })
  await ask('POST', '/v1/import', 422, { body: 'no line of an export', headers })
  await ask('GET', '/v1/backup', 200)
  await ask('GET', '/v1/backup/keys', 200)
})

test('the answers above were all there are: no operation is documented and never seen', () => {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  assert.equal(
    all.filter((each) => !exercised.has(each)),
    [],
  )
})

test('the bodies that the document shows are bodies that the routes take', () => {
  for (const [path, body] of [
    ['/v1/alerts', JSON.parse(fixture('generic'))],
    ['/v1/webhooks/alertmanager', JSON.parse(fixture('alertmanager-multi'))],
    ['/v1/webhooks/alertmanager', JSON.parse(fixture('grafana-firing'))],
    ['/v1/webhooks/pagerduty', JSON.parse(fixture('pagerduty-triggered'))],
    ['/v1/sessions', { title: 'x', input: 'y', chain: 'c', labels: { a: 'b' } }],
    ['/v1/sessions', { title: 'x', overrides: { mcpServers: ['host'], tools: ['host__disk'], budget: { usd: 1 } } }],
    ['/v1/inputs/{id}/answer', { kind: 'approve', arguments: { deep: [{ er: null }] } }],
    ['/v1/inputs/{id}/answer', { kind: 'deny' }],
    ['/v1/tasks', { title: 'x', input: 'y', at: '2099-01-01T00:00:00Z', repeat: { every_seconds: 60, times: 2 } }],
    ['/v1/sessions/{id}/messages', { text: 'Hurry.' }],
  ] as const) {
    const schema = pointer('paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema')
    const validate = ajv.compile({ $ref: `openapi#/${schema}` })
    assert.ok(validate(body), `${path}: ${ajv.errorsText(validate.errors)}`)
    if (path === '/v1/sessions') assert.not(validate({ title: 'x', colour: 'red' }))
  }
})

test.run()

// Every row of the HTTP table on real servers: what it does when all is well, and what it says when it is not.
import { readFileSync } from 'node:fs'
import { request as rawRequest } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { problem } from '../../gateways/http/problem.ts'
import { alertView } from '../../projections/alerts.ts'
import { sessionView } from '../../projections/session-view.ts'
import { sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { freeze } from '../support/freeze.ts'
import { adoptPlan, asHandler, defaultOrg, type HttpWorld, note, reply, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve()).url
})
test.after(() => world?.stop())

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url), 'utf8')

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && { body: text }),
  })
  const answer = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(answer) : answer } as Answer
}
const get = (path: string, headers?: Readonly<Record<string, string>>) => call('GET', path, undefined, headers)
const post = (path: string, body?: unknown, headers?: Readonly<Record<string, string>>) =>
  call('POST', path, body, headers)

const written = z.object({ id: sessionId, version: z.int(), sequence: z.int() })
const items = z.object({ items: z.array(z.looseObject({})), next: z.string().nullable() })
const ingest = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  results: z.array(
    z.object({
      index: z.int(),
      status: z.string(),
      alertId: z.string().optional(),
      sessionId: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
})

const refused = (answer: Answer, status: number, code: string) => {
  assert.is(answer.status, status, JSON.stringify(answer.body))
  assert.match(answer.headers.get('content-type') ?? '', 'application/problem+json')
  const parsed = problem.parse(answer.body)
  assert.is(parsed.code, code)
  assert.is(parsed.status, status)
  assert.is(parsed.correlationId, answer.headers.get('x-correlation-id'))
  return parsed
}

/** Runs `work` and holds that the log did not grow by it. */
const appendsNothing = async (work: () => Promise<void>): Promise<void> => {
  await world.settled()
  const before = await world.head()
  await work()
  assert.is(await world.head(), before, 'something was appended')
}

const start = async (title = 'Disk full', extra: Readonly<Record<string, unknown>> = {}) => {
  const answer = await post('/v1/sessions', { title, input: 'why?', ...extra })
  assert.is(answer.status, 201, JSON.stringify(answer.body))
  return written.parse(answer.body)
}

test('POST /v1/alerts is durable before its answer, and its session is told once decided', async () => {
  const answer = await post('/v1/alerts', fixture('generic'))
  assert.is(answer.status, 202)
  const { accepted, results } = ingest.parse(answer.body)
  assert.is(accepted, 1)
  const id = results[0]?.alertId
  const alert = await eventually(async () => {
    const found = await get(`/v1/alerts/${id}`)
    return found.status === 200 && alertView.parse(found.body)
  })
  assert.is(alert.severity, 'high')
  const session = await eventually(async () => {
    const found = await get(`/v1/sessions/${alert.sessionId}`)
    return found.status === 200 && sessionView.parse(found.body)
  })
  assert.is(session.title, 'Queue is growing')
  assert.not.match(JSON.stringify(session), 'abcdefabcdefabcdef12')

  const again = ingest.parse((await post('/v1/alerts', fixture('generic'))).body)
  assert.is(again.results[0]?.sessionId, session.id)
})

test('a batch is taken in part: the good are accepted, the bad are told by index', async () => {
  const answer = await post('/v1/alerts', [{ title: 'one' }, { titel: 'two' }, { title: 'three' }])
  const parsed = ingest.parse(answer.body)
  assert.is(answer.status, 202)
  assert.is(parsed.accepted, 2)
  assert.equal(
    parsed.results.map(({ status }) => status),
    ['accepted', 'invalid', 'accepted'],
  )
  assert.match(parsed.results[1]?.error ?? '', 'titel')
})

test('the same key makes repeats of a batch duplicates, and another body is refused', async () => {
  const headers = { 'idempotency-key': 'batch-1' }
  const body = [{ title: 'keyed a' }, { title: 'keyed b' }]
  assert.is(ingest.parse((await post('/v1/alerts', body, headers)).body).accepted, 2)
  assert.is(ingest.parse((await post('/v1/alerts', body, headers)).body).duplicates, 2)
  refused(await post('/v1/alerts', [{ title: 'other' }], headers), 422, 'idempotency_conflict')
})

test('alerts that are all bad are refused with each field', async () => {
  await appendsNothing(async () => {
    const one = refused(await post('/v1/alerts', { title: 'x', sevrity: 'high' }), 400, 'invalid_alert')
    assert.match(JSON.stringify(one.errors), 'sevrity')
    const two = refused(await post('/v1/alerts', [{ title: '' }, {}]), 400, 'invalid_alert')
    assert.ok(two.errors?.some(({ path }) => path === '1.title'))
    refused(await post('/v1/alerts', []), 400, 'invalid_request')
    refused(await post('/v1/alerts', '"text"'), 400, 'invalid_request')
    refused(
      await post(
        '/v1/alerts',
        Array.from({ length: 1001 }, () => ({ title: 'x' })),
      ),
      400,
      'invalid_request',
    )
    refused(await post('/v1/alerts', { title: 'x' }, { 'idempotency-key': 'with space' }), 400, 'invalid_request')
  })
})

test("Alertmanager's body is accepted as sent, and sent again it is a duplicate", async () => {
  const first = await post('/v1/webhooks/alertmanager', fixture('alertmanager-firing'))
  assert.is(first.status, 202)
  assert.is(ingest.parse(first.body).accepted, 1)
  assert.is(ingest.parse((await post('/v1/webhooks/alertmanager', fixture('alertmanager-firing'))).body).duplicates, 1)
  const multi = ingest.parse((await post('/v1/webhooks/alertmanager', fixture('alertmanager-multi'))).body)
  assert.equal([multi.accepted, multi.results[2]?.status], [2, 'invalid'])
  assert.is((await post('/v1/webhooks/alertmanager', fixture('grafana-firing'))).status, 202)
  refused(await post('/v1/webhooks/alertmanager', { version: '4' }), 400, 'invalid_request')
  refused(await post('/v1/webhooks/alertmanager', { version: '9', alerts: [] }), 400, 'invalid_alert')

  const listed = await eventually(async () => {
    const all = items.parse((await get('/v1/alerts?status=firing&limit=200')).body)
    return all.items.find((each) => each['title'] === 'Disk of node-1 is full')
  })
  assert.is(alertView.parse(listed).source, 'alertmanager')
})

test('CloudEvents come structured, binary and as a batch; anything else is refused', async () => {
  const path = '/v1/webhooks/cloudevents'
  const structured = await post(path, fixture('cloudevent-generic'), { 'content-type': 'application/cloudevents+json' })
  assert.is(structured.status, 202, JSON.stringify(structured.body))
  const batch = await post(path, fixture('cloudevents-batch'), { 'content-type': 'application/cloudevents-batch+json' })
  assert.is(ingest.parse(batch.body).accepted, 3)
  const ce = { 'ce-specversion': '1.0', 'ce-id': 'bin-1', 'ce-source': '/s', 'ce-type': 't', 'ce-subject': 'a%20b' }
  assert.is((await post(path, '{"title":"binary"}', ce)).status, 202)
  assert.is((await post(path, 'plain words', { ...ce, 'ce-id': 'bin-2', 'content-type': 'text/plain' })).status, 202)
  assert.is(ingest.parse((await post(path, '{"title":"binary"}', ce)).body).duplicates, 1)

  await appendsNothing(async () => {
    refused(await post(path, '{"a":1}'), 415, 'unsupported_media_type')
    refused(await post(path, '{', { 'content-type': 'application/cloudevents+json' }), 400, 'malformed_json')
    refused(await post(path, '{}', { 'content-type': 'application/cloudevents+json' }), 400, 'invalid_alert')
    refused(await post(path, '{}', { 'content-type': 'application/cloudevents-batch+json' }), 400, 'invalid_alert')
  })
})

test('the CloudEvents webhook answers the validation handshake', async () => {
  const answer = await call('OPTIONS', '/v1/webhooks/cloudevents', undefined, {
    'webhook-request-origin': 'events.example.com',
    'webhook-request-rate': '120',
  })
  assert.is(answer.status, 200)
  assert.is(answer.headers.get('webhook-allowed-origin'), 'events.example.com')
  assert.is(answer.headers.get('allow'), 'POST')
})

test('POST /v1/sessions starts one session for a key, whoever repeats it', async () => {
  const headers = { 'idempotency-key': 'start-1' }
  const body = { title: 'Keyed', input: 'x', labels: { team: 'shop' } }
  const answers = await Promise.all([1, 2, 3].map(() => post('/v1/sessions', body, headers)))
  const ids = new Set(answers.map((answer) => written.parse(answer.body).id))
  assert.is(ids.size, 1)
  assert.ok(answers.every(({ status }) => status === 201))
  const [id] = ids
  assert.is(answers[0]?.headers.get('location'), `/v1/sessions/${id}`)
  refused(await post('/v1/sessions', { ...body, title: 'Other' }, headers), 422, 'idempotency_conflict')
})

test('a session start that is wrong names each field and appends nothing', async () => {
  await appendsNothing(async () => {
    for (const [body, path] of [
      [{ input: 'x' }, 'title'],
      [{ title: '  ', input: 'x' }, 'title'],
      [{ title: 'x', input: 7 }, 'input'],
      [{ title: 'x', input: 'y', colour: 'red' }, 'colour'],
      [{ title: 'x', input: 'y', labels: { a: 1 } }, 'labels.a'],
      [[], '(body)'],
    ] as const) {
      const { errors } = refused(await post('/v1/sessions', body), 400, 'invalid_request')
      assert.ok(
        errors?.some((each) => each.path === path),
        `${path}: ${JSON.stringify(errors)}`,
      )
    }
    refused(await post('/v1/sessions', '{"title":'), 400, 'malformed_json')
    refused(await post('/v1/sessions', '', { 'content-type': 'application/json' }), 400, 'malformed_json')
    refused(await post('/v1/sessions', '{"__proto__":{"title":"x"}}'), 400, 'malformed_json')
    refused(await post('/v1/sessions', 'title=x', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type')
    refused(await post('/v1/sessions', { title: 'x', input: 'y'.repeat(2_200_000) }), 413, 'body_too_large')
  })
})

test('a large input is claim-checked and its secrets are masked', async () => {
  const { id, sequence } = await start('Large', { input: `password=hunter2secret\n${'line\n'.repeat(40_000)}` })
  const view = sessionView.parse((await get(`/v1/sessions/${id}?after=${sequence}`)).body)
  assert.ok((view.input.blob?.bytes ?? 0) > 190_000)
  assert.not.match(view.input.text, 'hunter2secret')
  assert.match(view.input.text, '__MASKED_PASSWORD__')
})

test('what was written is read at once: by ?after, by header, and even without', async () => {
  await world.settled()
  const { id, sequence } = await start('Read your own write')
  assert.is((await get(`/v1/sessions/${id}`)).status, 200)
  const listed = items.parse((await get('/v1/sessions?limit=1', { 'casebook-after': String(sequence) })).body)
  assert.is(listed.items[0]?.['id'], id)
  for (const view of ['timeline', 'events', 'tool-calls']) {
    assert.is((await get(`/v1/sessions/${id}/${view}?after=${sequence}`)).status, 200, view)
  }
})

test('a projection that does not arrive in time is a 503 with its lag, never a stale answer', async () => {
  const impatient = await world.serve({ waitMs: 50 })
  const head = await world.head()
  const response = await fetch(`${impatient.url}/v1/sessions?after=${head + 1000}`)
  assert.is(response.status, 503)
  assert.is(response.headers.get('retry-after'), '1')
  const parsed = problem.parse(await response.json())
  assert.is(parsed.code, 'projection_behind')
  assert.ok((parsed.lag ?? 0) >= 1000)
})

test('sessions are listed by filters and pages', async () => {
  const a = await start('Filter alpha', { labels: { suite: 'filters', letter: 'a=b' } })
  const b = await start('Filter beta', { labels: { suite: 'filters', letter: 'b' } })
  const list = async (query: string) => {
    const answer = await get(`/v1/sessions?after=${b.sequence}&${query}`)
    assert.is(answer.status, 200, JSON.stringify(answer.body))
    const { items: found, next } = items.parse(answer.body)
    return { ids: found.map((each) => each['id']), next }
  }
  assert.equal((await list('label=suite=filters')).ids, [b.id, a.id])
  assert.equal((await list('label=suite=filters&label=letter=a%3Db')).ids, [a.id])
  assert.equal((await list('label=suite=filters&text=alpha')).ids, [a.id])
  assert.equal((await list('label=suite=filters&status=completed,failed')).ids, [])
  assert.equal((await list('label=suite=filters&status=queued')).ids, [b.id, a.id])
  assert.equal((await list('label=suite=filters&from=2999-01-01T00:00:00Z')).ids, [])
  assert.equal((await list('label=suite=filters&to=2999-01-01T00:00:00%2B02:00')).ids, [b.id, a.id])
  assert.equal((await list('label=suite=filters&chain=none')).ids, [])
  const first = await list('label=suite=filters&limit=1')
  assert.equal(first.ids, [b.id])
  const second = await list(`label=suite=filters&limit=1&cursor=${first.next}`)
  assert.equal([second.ids, second.next], [[a.id], null])

  refused(await get('/v1/sessions?status=odd'), 400, 'invalid_request')
  refused(await get('/v1/sessions?limit=0'), 400, 'invalid_request')
  refused(await get('/v1/sessions?label=nothing'), 400, 'invalid_request')
  refused(await get('/v1/sessions?colour=red'), 400, 'invalid_request')
  refused(await get('/v1/sessions?cursor=zzz'), 400, 'invalid_cursor')
})

test('a session shows its timeline, raw events and tool calls, and its state at any version', async () => {
  const { id } = await start('In detail')
  await world.bus.send(asHandler(adoptPlan(id)))
  await world.bus.send(asHandler(reply(id, 'It was the disk.')))
  const head = await world.head()

  const timeline = items.parse((await get(`/v1/sessions/${id}/timeline?after=${head}&limit=2`)).body)
  assert.is(timeline.items.length, 2)
  assert.is(timeline.items[0]?.['kind'], 'session_started')
  assert.ok(timeline.next !== null)

  const events = items.parse((await get(`/v1/sessions/${id}/events?after=${head}`)).body)
  assert.is(events.items[0]?.['type'], 'casebook.session.started.v1')
  assert.equal(
    events.items.map((each) => Number(each['sequence'])),
    events.items.map((_, index) => index + 1),
  )

  const now = (await get(`/v1/sessions/${id}/state`)).body as { version: number; state: { status: string } }
  assert.is(now.version, events.items.length)
  assert.is(now.state.status, 'summarizing')
  const then = (await get(`/v1/sessions/${id}/state?at=1`)).body as { version: number; state: { status: string } }
  assert.equal([then.version, then.state.status], [1, 'queued'])
  refused(await get(`/v1/sessions/${id}/state?at=${now.version + 1}`), 400, 'version_out_of_range')
  refused(await get(`/v1/sessions/${id}/state?at=0`), 400, 'invalid_request')
  refused(await get(`/v1/sessions/${id}/state?at=x`), 400, 'invalid_request')
})

test('what does not exist is a 404 with what is missing', async () => {
  await appendsNothing(async () => {
    for (const path of ['', '/timeline', '/events', '/tool-calls', '/state', '/stream']) {
      refused(await get(`/v1/sessions/ses_01UNKNOWN${path}`), 404, 'session_not_found')
    }
    refused(await post('/v1/sessions/ses_01UNKNOWN/cancel'), 404, 'session_not_found')
    refused(await get('/v1/alerts/alr_UNKNOWN'), 404, 'alert_not_found')
    refused(await get('/v1/sessions/nonsense'), 400, 'invalid_request')
    refused(await get('/v2/anything'), 404, 'not_found')
    refused(await post('/v1/projections/nonsense/rebuild'), 404, 'unknown_projection')
    refused(await post('/v1/commands/Nonsense', {}), 404, 'unknown_command')
    refused(await post('/v1/commands/RecordSummary', {}), 404, 'unknown_command')
  })
})

test('cancelling is accepted once and again; a session that ended otherwise is a 409', async () => {
  const { id } = await start('To be cancelled')
  const answer = await post(`/v1/sessions/${id}/cancel`, { reason: 'not needed' })
  assert.is(answer.status, 202)
  const { sequence } = written.parse(answer.body)
  assert.is(sessionView.parse((await get(`/v1/sessions/${id}?after=${sequence}`)).body).status, 'cancelled')
  await appendsNothing(async () => {
    assert.is((await post(`/v1/sessions/${id}/cancel`)).status, 202)
    refused(await post(`/v1/sessions/${id}/cancel`, { resaon: 'x' }), 400, 'invalid_request')
  })

  const done = await start('To be finished')
  await world.bus.send(asHandler(adoptPlan(done.id)))
  await world.bus.send(asHandler(reply(done.id, 'Done.')))
  await world.bus.send(
    asHandler({
      type: 'RecordSummary',
      data: {
        sessionId: done.id,
        text: 'Short.',
        usage: { inputTokens: 1, outputTokens: 1 },
        by: { provider: 'p', model: 'm', simulated: true },
        durationMs: 1,
      },
    }),
  )
  await appendsNothing(async () => {
    refused(await post(`/v1/sessions/${done.id}/cancel`), 409, 'session_ended')
    refused(await post('/v1/commands/CancelSession', { sessionId: done.id }), 409, 'session_ended')
  })
})

test('public commands are sent by name with the same validation and keys', async () => {
  const headers = { 'idempotency-key': 'command-1' }
  const data = { title: 'By name', input: { text: 'password=hunter2secret' } }
  const first = await post('/v1/commands/StartSession', data, headers)
  assert.is(first.status, 200, JSON.stringify(first.body))
  const second = await post('/v1/commands/StartSession', data, headers)
  assert.is(written.parse(second.body).id, written.parse(first.body).id)
  refused(await post('/v1/commands/StartSession', { ...data, title: 'x' }, headers), 422, 'idempotency_conflict')
  refused(await post('/v1/commands/StartSession', { input: { text: '' } }), 400, 'invalid_command')
  refused(await post('/v1/commands/StartSession', { ...data, sessionId: 'nonsense' }), 400, 'invalid_command')
  refused(await post('/v1/commands/StartSession'), 400, 'invalid_command')
  const taken = { ...data, sessionId: written.parse(first.body).id, title: 'Another content' }
  refused(await post('/v1/commands/StartSession', taken), 409, 'session_exists')
  const view = await get(`/v1/sessions/${written.parse(first.body).id}`)
  assert.not.match(JSON.stringify(view.body), 'hunter2secret')
})

const projectionNow = async (name: string) => {
  const found = items.parse((await get('/v1/projections')).body).items.find((each) => each['name'] === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
const generationOf = (body: unknown): number => z.looseObject({ generation: z.int() }).parse(body).generation

test('projections say where they stand, are rebuilt from the log, and what was replaced is dropped', async () => {
  const before = await projectionNow('sessions')
  assert.is(before['state'], 'live')
  const { id } = await start('Before the rebuild')
  const asked = await post('/v1/projections/sessions/rebuild')
  assert.is(asked.status, 202)
  await eventually(async () => (await projectionNow('sessions'))['generation'] === generationOf(asked.body))
  const head = await world.head()
  assert.is((await get(`/v1/sessions/${id}?after=${head}`)).status, 200)
  assert.equal((await projectionNow('sessions'))['old'], [before['generation']])
  assert.equal((await post('/v1/projections/sessions/drop-old')).body, {
    name: 'sessions',
    dropped: [before['generation']],
  })
  assert.equal((await post('/v1/projections/sessions/resume')).body, { name: 'sessions', resumed: false })
  assert.equal((await post('/v1/projections/sessions/pause')).body, { name: 'sessions', paused: false })
  assert.equal((await post('/v1/projections/sessions/cancel')).body, { name: 'sessions', cancelled: false })
})

test('a verification compares every row with the log, and its stream tells how far it is', async () => {
  const leaving = new AbortController()
  const stream = await fetch(`${url}/v1/projections/stream`, { signal: leaving.signal })
  const asked = await post('/v1/projections/timeline/verify')
  assert.is(asked.status, 202)
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of stream.body ?? []) text += decoder.decode(chunk, { stream: true })
  })().catch(() => undefined)
  await eventually(() => text.includes(`"verification":{"generation":${generationOf(asked.body)},"ok":true`))
  leaving.abort()
  await reading
  assert.match(text, /^event: projection$/m)
  assert.equal((await projectionNow('timeline'))['builds'], [])
})

test('the audit is verified, whole or for one session', async () => {
  const { id } = await start('To be audited')
  const one = (await get(`/v1/audit/verify?session=${id}`)).body as { ok: boolean; checked: number }
  assert.equal([one.ok, one.checked], [true, 1])
  const whole = (await get('/v1/audit/verify')).body as { ok: boolean; checked: number }
  assert.ok(whole.ok && whole.checked > 5)
})

test('an unreadable bus message is parked, counted and listed with the reason', async () => {
  world.connection.publish('casebook.alerts.default', 'not json')
  const letters = await eventually(async () => {
    const answer = (await get('/v1/dead-letters')).body as { count: number; items: { payload: string }[] }
    return answer.count > 0 && answer
  })
  assert.is(letters.items[0]?.payload, 'not json')
})

test('the tool servers are shown with what is known of them, and no more', async () => {
  const { status, body } = await get('/v1/tools')
  assert.is(status, 200)
  const away = { server: 'away', status: 'down', reason: 'ECONNREFUSED', executions: 2 }
  assert.equal(body, {
    items: [
      { ...away, since: '1970-01-01T00:00:00.000Z', checkedAt: '1970-01-01T00:00:00.001Z' },
      { server: 'unused', status: 'unknown', executions: 0 },
    ],
    next: null,
  })
})

test('health answers always, readiness when the parts are usable, metrics as text', async () => {
  assert.is((await get('/health')).status, 200)
  assert.is((await get('/ready')).status, 200)
  world.setReady(false)
  assert.is((await get('/health')).status, 200)
  const answer = await get('/ready')
  assert.equal([answer.status, answer.headers.get('retry-after')], [503, '2'])
  world.setReady(true)
  const metrics = await get('/metrics')
  assert.is(metrics.body, 'casebook_up 1\n')
  assert.match(metrics.headers.get('content-type') ?? '', 'text/plain')
})

test('the OpenAPI document is 3.1 and names every route, its problems and shared schemas', async () => {
  const document = z
    .object({
      openapi: z.string(),
      paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.looseObject({}) }))),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse((await get('/openapi.json')).body)
  assert.match(document.openapi, /^3\.1\./)
  for (const [method, path] of [
    ['post', '/v1/alerts'],
    ['get', '/v1/alerts'],
    ['get', '/v1/alerts/{id}'],
    ['post', '/v1/webhooks/alertmanager'],
    ['post', '/v1/webhooks/cloudevents'],
    ['post', '/v1/sessions'],
    ['get', '/v1/sessions'],
    ['get', '/v1/sessions/{id}'],
    ['get', '/v1/sessions/{id}/timeline'],
    ['get', '/v1/sessions/{id}/events'],
    ['get', '/v1/sessions/{id}/tool-calls'],
    ['get', '/v1/sessions/{id}/state'],
    ['get', '/v1/sessions/{id}/stream'],
    ['get', '/v1/stream'],
    ['post', '/v1/sessions/{id}/cancel'],
    ['post', '/v1/commands/{name}'],
    ['get', '/v1/projections'],
    ['post', '/v1/projections/{name}/rebuild'],
    ['post', '/v1/projections/{name}/resume'],
    ['get', '/v1/audit/verify'],
    ['get', '/v1/dead-letters'],
    ['get', '/health'],
    ['get', '/ready'],
    ['get', '/metrics'],
  ] as const) {
    assert.ok(document.paths[path]?.[method], `${method} ${path}`)
  }
  for (const name of ['Problem', 'Session', 'Alert', 'IngestAnswer', 'Written']) {
    assert.ok(document.components.schemas[name], name)
  }
  const text = JSON.stringify(document)
  const refs = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
  for (const name of new Set(refs)) assert.ok(document.components.schemas[name], `dangling ${name}`)
})

test('a correlation id is honoured, made from the trace, or minted; and the log never holds a body', async () => {
  const own = await get('/health', { 'x-correlation-id': 'corr-42' })
  assert.is(own.headers.get('x-correlation-id'), 'corr-42')
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const traced = await get('/health', { traceparent: `00-${trace}-00f067aa0ba902b7-01` })
  assert.is(traced.headers.get('x-correlation-id'), trace)
  const minted = await get('/health', { 'x-correlation-id': 'with space' })
  assert.match(minted.headers.get('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/)

  const answer = await post(
    '/v1/sessions',
    { title: 'Correlated', input: 'secret words' },
    { 'x-correlation-id': 'c-7' },
  )
  const view = sessionView.parse((await get(`/v1/sessions/${written.parse(answer.body).id}`)).body)
  assert.is(view.correlationId, 'c-7')
  // It is written when the answer is on its way.
  const line = await eventually(() => world.lines.find(({ fields }) => fields['correlationId'] === 'c-7'))
  assert.is(line.message, 'POST /v1/sessions 201')
  assert.not.match(JSON.stringify(world.lines), 'secret words')
})

test('one org does not see the sessions of another', async () => {
  const { id, sequence } = await start('Private')
  const other = { 'casebook-org': 'other-org' }
  refused(await get(`/v1/sessions/${id}?after=${sequence}`, other), 404, 'session_not_found')
  refused(await post(`/v1/sessions/${id}/cancel`, undefined, other), 404, 'session_not_found')
  assert.equal(items.parse((await get('/v1/sessions', other)).body).items, [])
  refused(await get('/v1/sessions', { 'casebook-org': 'Not An Org' }), 400, 'invalid_request')
})

test('without a token only loopback names are served and no page of another origin may write', async () => {
  const status = (headers: Readonly<Record<string, string>>, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(url)
      const sent = rawRequest({ hostname, port, path: '/v1/projections', method, headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', reject)
      sent.end()
    })
  const { host } = new URL(url)
  assert.is(await status({ host: 'evil.example' }), 403)
  assert.is(await status({ host: 'localhost:1' }), 200)
  assert.is(await status({ host, origin: 'https://evil.example' }, 'POST'), 403)
  assert.is(await status({ host, 'sec-fetch-site': 'cross-site' }, 'POST'), 403)
  assert.is(await status({ host, origin: url }, 'POST'), 405)
})

test('with a token every request but health needs it, and its holder may say who it acts for', async () => {
  const token = 'a-token-of-sixteen-characters'
  const guarded = await world.serve({ token })
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${guarded.url}${path}`, { headers })
  assert.is((await ask('/health')).status, 200)
  assert.is((await ask('/ready')).status, 200)
  for (const path of ['/v1/sessions', '/metrics', '/openapi.json', '/nowhere']) {
    assert.is((await ask(path)).status, 401, path)
  }
  assert.is((await ask('/v1/sessions', { authorization: 'Bearer wrong' })).status, 401)
  assert.match((await ask('/v1/sessions')).headers.get('www-authenticate') ?? '', 'Bearer')
  assert.is((await ask('/v1/sessions', { authorization: `Bearer ${token}` })).status, 200)

  const started = await fetch(`${guarded.url}/v1/sessions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-casebook-actor': 'service:deploy-bot',
    },
    body: '{"title":"By a bot"}',
  })
  const { id, sequence } = written.parse(await started.json())
  const events = items.parse((await get(`/v1/sessions/${id}/events?after=${sequence}`)).body)
  assert.equal([events.items[0]?.['authtype'], events.items[0]?.['authid']], ['service', 'deploy-bot'])
  assert.not.match(JSON.stringify(world.lines), token)
})

test('another host without a token is refused at once', async () => {
  const { createHttpServer } = await import('../../gateways/http/server.ts')
  const server = await createHttpServer(world.deps({}))
  try {
    await server.listen('0.0.0.0', 0)
    assert.unreachable()
  } catch (error) {
    assert.is(error instanceof Error && 'code' in error && error.code, 'unsafe_listen')
  }
  await server.close()
})

test('what nobody foresaw is a 500 that tells nothing but its correlation id', async () => {
  const broken = await world.serve(
    {},
    {
      projections: {
        ...world.projections,
        status: () => Promise.reject(new Error('SELECT secret FROM internals failed')),
      },
    },
  )
  const response = await fetch(`${broken.url}/v1/projections`, { headers: { 'x-correlation-id': 'boom-1' } })
  const parsed = problem.parse(await response.json())
  assert.equal([response.status, parsed.code, parsed.correlationId], [500, 'unexpected', 'boom-1'])
  assert.not.match(JSON.stringify(parsed), 'internals')
  assert.ok(world.lines.some(({ fields }) => fields['correlationId'] === 'boom-1' && fields['err'] instanceof Error))
})

test('while the log is away requests answer 503 with Retry-After, and afterwards all goes on', async () => {
  const { id, sequence } = await start('Through the outage')
  assert.is((await get(`/v1/sessions/${id}?after=${sequence}`)).status, 200, 'the read model knows it')
  await freeze(world.natsPid())
  try {
    const [command, alert, hook] = await Promise.all([
      post('/v1/sessions', { title: 'Lost?' }),
      post('/v1/alerts', { title: 'Lost?' }),
      post('/v1/webhooks/alertmanager', fixture('alertmanager-resolved')),
    ])
    for (const answer of [command, alert, hook]) {
      assert.ok(answer)
      refused(answer, 503, 'log_unavailable')
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
    }
    // History does not need the log.
    assert.is((await get(`/v1/sessions/${id}`)).status, 200)
  } finally {
    process.kill(world.natsPid(), 'SIGCONT')
  }
  await eventually(async () => (await post('/v1/alerts', { title: 'After the outage' })).status === 202)
  await world.bus.send(asHandler(note(id, 'after'), defaultOrg))
})

test('while the database is away queries answer 503, and commands go on', async () => {
  await world.stopPostgres()
  const answer = await get('/v1/sessions')
  refused(answer, 503, 'database_unavailable')
  assert.ok(answer.headers.get('retry-after'))
  assert.is((await post('/v1/sessions', { title: 'Without a database' })).status, 201)
})

test('a blob is given out whole to whom the session may be read by, and only what its events refer to', async () => {
  const id = written.parse((await post('/v1/sessions', { title: 'blobs', input: 'x'.repeat(70_000) })).body).id
  const text = '<script>alert(1)</script>'
  const unnamed = await world.blobs.put(new TextEncoder().encode(text), 'text/html')
  const state = z.object({ session: z.object({ input: z.object({ blob: z.object({ sha256: z.string() }) }) }) })
  const { sha256 } = state.parse((await get(`/v1/sessions/${id}/state`)).body).session.input.blob
  const found = await get(`/v1/sessions/${id}/blobs/${sha256}`)
  assert.is(found.status, 200)
  assert.is(found.body, 'x'.repeat(70_000))
  assert.is(found.headers.get('content-type'), 'text/plain; charset=utf-8')
  assert.match(found.headers.get('content-disposition') ?? '', /^attachment;/)
  assert.is(found.headers.get('x-content-type-options'), 'nosniff')

  const missing = await get(`/v1/sessions/${id}/blobs/${unnamed.sha256}`)
  assert.equal([missing.status, problem.parse(missing.body).code], [404, 'blob_not_found'])
  // Naming it in words, or in arguments, is no reference.
  const note = { blob: unnamed.sha256, mediaType: 'text/html' }
  const other = await post('/v1/sessions', { title: unnamed.sha256, input: JSON.stringify(unnamed), labels: note })
  const otherId = written.parse(other.body).id
  assert.is((await get(`/v1/sessions/${otherId}/blobs/${unnamed.sha256}`)).status, 404)
  assert.is((await get(`/v1/sessions/${otherId}/blobs/${sha256}`)).status, 404)
  assert.is((await get(`/v1/sessions/${id}/blobs/${sha256}`, { 'casebook-org': 'another' })).status, 404)
  assert.is((await get(`/v1/sessions/${id}/blobs/nonsense`)).status, 400)
})

test.run()

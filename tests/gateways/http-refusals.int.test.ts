// What no well-behaved client sends: each is a clear problem document, nothing is appended, and the next request is served.
import { request as rawRequest } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { problem } from '../../gateways/http/problem.ts'
import { eventually } from '../support/eventually.ts'
import { adoptPlan, asHandler, type HttpWorld, note, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve()).url
})
test.after(() => world?.stop())

const json = { 'content-type': 'application/json' }

const send = async (method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}
type Answer = Awaited<ReturnType<typeof send>>

const refused = ({ status, headers, text }: Answer, expected: number, code: string, what = '') => {
  assert.is(status, expected, `${what} ${text.slice(0, 500)}`)
  assert.match(headers.get('content-type') ?? '', 'application/problem+json')
  const parsed = problem.parse(JSON.parse(text))
  assert.equal([parsed.code, parsed.status, parsed.type], [code, expected, `urn:casebook:problem:${code}`], what)
  assert.ok(parsed.detail.length > 0 && parsed.detail.length < 2_000, parsed.detail)
  return parsed
}

const appendsNothing = async (work: () => Promise<void>): Promise<void> => {
  await world.settled()
  const before = await world.head()
  await work()
  assert.is(await world.head(), before, 'something was appended')
  assert.is((await send('GET', '/health')).status, 200)
}

const written = z.object({ id: z.string(), version: z.int(), sequence: z.int() })
const start = async (body: object, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await send('POST', '/v1/sessions', JSON.stringify(body), { ...json, ...headers })
  assert.is(answer.status, 201, answer.text)
  return written.parse(JSON.parse(answer.text))
}

/** Every route that takes a JSON body, with one that is well formed and names what is not there. */
const posts = [
  '/v1/alerts',
  '/v1/webhooks/alertmanager',
  '/v1/webhooks/pagerduty',
  '/v1/sessions',
  '/v1/sessions/ses_01UNKNOWN/pause',
  '/v1/sessions/ses_01UNKNOWN/resume',
  '/v1/sessions/ses_01UNKNOWN/messages',
  '/v1/sessions/ses_01UNKNOWN/executions/exe_01UNKNOWN_01_01/cancel',
  '/v1/inputs/inp_01UNKNOWN_001/answer',
  '/v1/commands/StartSession',
] as const

test('a method that a path does not know is a 405 that names those it knows', async () => {
  await appendsNothing(async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/v1/sessions', 'GET, POST'],
      ['PUT', '/v1/sessions/ses_01UNKNOWN', 'DELETE, GET'],
      ['GET', '/v1/sessions/ses_01UNKNOWN/cancel', 'POST'],
      ['GET', '/v1/webhooks/alertmanager', 'POST'],
      ['DELETE', '/v1/inputs', 'GET'],
      ['GET', '/v1/inputs/inp_01UNKNOWN_001/answer', 'POST'],
      ['GET', '/v1/sessions/ses_01UNKNOWN/messages', 'POST'],
      ['PATCH', '/v1/webhooks/cloudevents', 'OPTIONS, POST'],
      ['POST', '/v1/stream', 'GET'],
      ['GET', '/v1/commands/StartSession', 'POST'],
      ['POST', '/health', 'GET'],
    ] as const) {
      const answer = await send(method, path)
      refused(answer, 405, 'method_not_allowed', `${method} ${path}`)
      assert.is(answer.headers.get('allow'), allow)
    }
    refused(await send('DELETE', '/v1/nothing'), 404, 'not_found')
  })
})

test('a content type that is not JSON is a 415, on every route that takes a body', async () => {
  await appendsNothing(async () => {
    for (const path of posts) {
      for (const type of [
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
      ]) {
        refused(
          await send('POST', path, '{"title":"x"}', { 'content-type': type }),
          415,
          'unsupported_media_type',
          path,
        )
      }
    }
    refused(
      await send('POST', '/v1/webhooks/cloudevents', '<a/>', { 'content-type': 'text/xml' }),
      400,
      'malformed_json',
    )
  })
})

test('a body over 2 MiB is a 413, told before it has all come', async () => {
  const large = `{"title":"${'x'.repeat(2 * 1024 * 1024)}"}`
  await appendsNothing(async () => {
    for (const path of [...posts, '/v1/webhooks/cloudevents']) {
      refused(await send('POST', path, large, json), 413, 'body_too_large', path)
    }
    // Without a length, piece by piece: what was promised cannot be looked at.
    const status = await new Promise<number>((resolve, reject) => {
      const request = rawRequest(`${url}/v1/sessions`, { method: 'POST', headers: json }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      request.on('error', reject)
      for (let piece = 0; piece < 40; piece++) request.write(large.slice(0, 64 * 1024))
      request.end()
    })
    assert.is(status, 413)
  })
})

test('JSON that is broken, poisoned or nested without end is a 400', async () => {
  const deep = (open: string, close: string, depth = 100_000) => open.repeat(depth) + close.repeat(depth)
  await appendsNothing(async () => {
    for (const path of posts) {
      for (const body of ['{', '{"title":"x"', "{'title':'x'}", 'nonsense', '{"title":"x"}{', '\u0000', '{"a":1,}']) {
        refused(await send('POST', path, body, json), 400, 'malformed_json', `${path} ${body}`)
      }
      refused(await send('POST', path, '{"constructor":{"prototype":{"a":1}}}', json), 400, 'malformed_json', path)
      for (const body of [
        deep('[', ']'),
        deep('{"a":', '}').replace('"a":}', '"a":1}'),
        `{"title":"x","payload":${deep('[', ']')}}`,
        `{"version":"4","alerts":[{"status":"firing","x":${deep('[', ']')}}]}`,
      ]) {
        refused(await send('POST', path, body, json), 400, 'too_deep', `${path} ${body.slice(0, 40)}`)
      }
    }
    const event = `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":${deep('[', ']')}}`
    for (const [type, body] of [
      ['application/cloudevents+json', event],
      ['application/cloudevents-batch+json', `[${event}]`],
    ] as const) {
      refused(await send('POST', '/v1/webhooks/cloudevents', body, { 'content-type': type }), 400, 'too_deep', type)
    }
  })
})

test('thousands of wrong fields are answered with the first of them', async () => {
  const labels = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`l${index}`, index]))
  const alerts = Array.from({ length: 10_000 }, () => ({ status: 'odd' }))
  await appendsNothing(async () => {
    for (const [path, body, code] of [
      ['/v1/sessions', { title: 'x', labels }, 'invalid_request'],
      ['/v1/commands/StartSession', { title: 'x', input: { text: '' }, labels }, 'invalid_command'],
      ['/v1/alerts', { title: 'x', labels }, 'invalid_alert'],
      ['/v1/webhooks/alertmanager', { version: '4', alerts }, 'invalid_alert'],
      ['/v1/alerts', Array.from({ length: 200_000 }, () => 1), 'invalid_request'],
    ] as const) {
      const { errors } = refused(await send('POST', path, JSON.stringify(body), json), 400, code, path)
      assert.ok((errors?.length ?? 0) >= 1 && (errors?.length ?? 0) <= 50, `${path}: ${errors?.length}`)
    }
    const events = Array.from({ length: 1_001 }, () => ({}))
    const batch = { 'content-type': 'application/cloudevents-batch+json' }
    refused(await send('POST', '/v1/webhooks/cloudevents', JSON.stringify(events), batch), 400, 'invalid_alert')
  })
})

test('unknown fields and parameters are told wherever the shape is closed', async () => {
  const { id } = await start({ title: 'Closed shapes' })
  await appendsNothing(async () => {
    for (const path of [
      '/v1/sessions?colour=red',
      '/v1/alerts?colour=red',
      `/v1/sessions/${id}?colour=red`,
      `/v1/sessions/${id}/timeline?colour=red`,
      `/v1/sessions/${id}/events?colour=red`,
      `/v1/sessions/${id}/tool-calls?colour=red`,
      `/v1/sessions/${id}/state?colour=red`,
      `/v1/sessions/${id}/stream?colour=red`,
      '/v1/stream?colour=red',
      '/v1/audit/verify?colour=red',
      '/v1/dead-letters?colour=red',
    ]) {
      const { errors } = refused(await send('GET', path), 400, 'invalid_request', path)
      assert.match(JSON.stringify(errors), 'colour')
    }
    for (const [path, body, code] of [
      ['/v1/sessions', '{"title":"x","colour":"red"}', 'invalid_request'],
      [`/v1/sessions/${id}/cancel`, '{"colour":"red"}', 'invalid_request'],
      ['/v1/alerts', '{"title":"x","colour":"red"}', 'invalid_alert'],
      ['/v1/commands/StartSession', '{"title":"x","input":{"text":""},"colour":"red"}', 'invalid_command'],
      ['/v1/commands/CancelSession', `{"sessionId":"${id}","colour":"red"}`, 'invalid_command'],
    ] as const) {
      assert.match(JSON.stringify(refused(await send('POST', path, body, json), 400, code, path).errors), 'colour')
    }
  })
})

test('parameters out of their bounds are a 400, never a surprise', async () => {
  const { id, version } = await start({ title: 'Bounds' })
  await appendsNothing(async () => {
    for (const at of ['0', '-1', '1.5', 'x', '', '1e400', '99999999999999999999', 'NaN', 'Infinity', '1&at=2']) {
      refused(await send('GET', `/v1/sessions/${id}/state?at=${at}`), 400, 'invalid_request', `at=${at}`)
    }
    for (const at of [version + 1, Number.MAX_SAFE_INTEGER]) {
      refused(await send('GET', `/v1/sessions/${id}/state?at=${at}`), 400, 'version_out_of_range', `at=${at}`)
    }
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1.5',
      'after=-1',
      'after=x',
      'after=99999999999999999999',
      'status=',
      'from=yesterday',
      'from=2026-13-01T00:00:00Z',
      'text=',
      'label=x',
      'limit=1&limit=2',
    ]) {
      refused(await send('GET', `/v1/sessions?${query}`), 400, 'invalid_request', query)
    }
    for (const path of ['/v1/sessions', '/v1/alerts', `/v1/sessions/${id}/timeline`, `/v1/sessions/${id}/events`]) {
      for (const cursor of ['zzz', 'AAAA', '%7B%7D', Buffer.from('[[],{},null,0]').toString('base64url')]) {
        refused(await send('GET', `${path}?cursor=${cursor}`), 400, 'invalid_cursor', `${path} ${cursor}`)
      }
    }
    for (const path of [
      '/v1/sessions/%zz',
      '/v1/sessions/a%00b',
      '/v1/alerts/..%2f..',
      `/v1/sessions/${'x'.repeat(300)}`,
    ]) {
      const answer = await send('GET', path)
      assert.ok([400, 404, 414].includes(answer.status), `${path}: ${answer.status} ${answer.text}`)
    }
    refused(await send('GET', '/v1/sessions', undefined, { 'casebook-org': 'Not An Org' }), 400, 'invalid_request')
    refused(await send('GET', '/v1/sessions', undefined, { 'casebook-after': 'x' }), 400, 'invalid_request')
  })
})

test('texts that Postgres cannot hold are asked for and kept all the same', async () => {
  for (const query of ['text=%00', 'chain=%00', 'alert=%00', 'label=a%3D%00', 'label=%00%3Db', 'text=%25_%5C']) {
    const answer = await send('GET', `/v1/sessions?${query}`)
    assert.is(answer.status, 200, `${query}: ${answer.text}`)
  }
  const odd = 'NUL \\u0000, half a pair \\ud800, an ampersand'
  const { id, sequence } = await (async () => {
    const body = `{"title":"${odd}","input":"${odd}","labels":{"${odd}":"${odd}"}}`
    const answer = await send('POST', '/v1/sessions', body, json)
    assert.is(answer.status, 201, answer.text)
    return written.parse(JSON.parse(answer.text))
  })()
  for (const path of ['', '/timeline', '/events']) {
    assert.is((await send('GET', `/v1/sessions/${id}${path}?after=${sequence}`)).status, 200)
  }
})

test('a key repeated with the same body gives the same answer, whatever has happened since', async () => {
  const key = { 'idempotency-key': 'replayed-1' }
  const body = { title: 'Replayed', input: 'x' }
  const first = await start(body, key)
  await world.bus.send(asHandler(adoptPlan(first.id as never)))
  for (let index = 0; index < 70; index++) await world.bus.send(asHandler(note(first.id as never, `n${index}`)))
  await appendsNothing(async () => {
    assert.equal(await start(body, key), first)
    refused(await send('POST', '/v1/sessions', '{"title":"Other"}', { ...json, ...key }), 422, 'idempotency_conflict')
  })

  const byName = { 'idempotency-key': 'replayed-2' }
  const command = JSON.stringify({ title: 'Replayed by name', input: { text: '' } })
  const once = await send('POST', '/v1/commands/StartSession', command, { ...json, ...byName })
  const twice = await send('POST', '/v1/commands/StartSession', command, { ...json, ...byName })
  assert.equal([twice.status, JSON.parse(twice.text)], [once.status, JSON.parse(once.text)])
  // One key means one request, whichever command carries it.
  const cancel = JSON.stringify({ sessionId: first.id })
  refused(await send('POST', '/v1/commands/CancelSession', cancel, { ...json, ...byName }), 422, 'idempotency_conflict')

  const cancelling = { 'idempotency-key': 'replayed-3' }
  const ended = await send('POST', `/v1/sessions/${first.id}/cancel`, '{"reason":"done"}', { ...json, ...cancelling })
  await world.bus.send(asHandler(note(first.id as never, 'after the end'))).catch(() => undefined)
  const again = await send('POST', `/v1/sessions/${first.id}/cancel`, '{"reason":"done"}', { ...json, ...cancelling })
  assert.equal([again.status, JSON.parse(again.text)], [ended.status, JSON.parse(ended.text)])
})

test('concurrent repeats of a key all get the one answer', async () => {
  const key = { 'idempotency-key': 'replayed-at-once' }
  const answers = await Promise.all(Array.from({ length: 12 }, () => start({ title: 'At once' }, key)))
  for (const answer of answers) assert.equal(answer, answers[0])
})

test('an answer that does not come is a 503 in time; a stream and a long check are left to go on', async () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  const report = Promise.withResolvers<Awaited<ReturnType<ReturnType<HttpWorld['deps']>['verifyAudit']>>>()
  const hurried = await world.serve(
    { answerWithinMs: 2_000, heartbeatMs: 100 },
    {
      projections: { ...world.projections, status: never },
      verifyAudit: () => report.promise,
    },
  )
  const checking = fetch(`${hurried.url}/v1/audit/verify`)
  const stream = await fetch(`${hurried.url}/v1/stream`)
  assert.is(stream.status, 200)
  let heard = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of stream.body ?? []) heard += decoder.decode(chunk, { stream: true })
  })()
  const response = await fetch(`${hurried.url}/v1/projections`)
  const text = await response.text()
  refused({ status: response.status, headers: response.headers, text }, 503, 'no_answer_in_time')
  assert.ok(Number(response.headers.get('retry-after')) > 0)

  // Both are older than the one that was given up.
  const beats = () => heard.split(': hb').length
  const before = beats()
  await eventually(() => beats() > before + 3)
  report.resolve({ ok: true, checked: 1, upTo: 1, problems: [] })
  assert.is((await checking).status, 200)
  await hurried.close()
  await reading
})

test('messages on the bus that are nested without end are parked, and what follows is taken', async () => {
  const before = await world.deadLetters()
  const nested = '['.repeat(100_000) + ']'.repeat(100_000)
  for (const payload of [nested, `{"title":"x","payload":${nested}}`]) {
    world.connection.publish('casebook.alerts.default', payload)
  }
  await eventually(async () => (await world.deadLetters()) === before + 2)
})

test.run()

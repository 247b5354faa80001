// The command line against a server that says what each test wants: what is asked, what is written, how it ends.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createApiClient } from '../../gateways/cli/api-client.ts'
import { lastLineOf, runDemo } from '../../gateways/cli/demo.ts'
import { followStream } from '../../gateways/cli/follow-stream.ts'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { storedType } from '../../schemas/events.ts'
import { agent, at, call, execution, plan, session, stage, started } from '../support/session-samples.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}
type Answer = (asked: Asked, response: ServerResponse) => void

const json =
  (body: unknown, status = 200): Answer =>
  (_asked, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

const problem = (status: number, code: string, detail: string, extra: object = {}): Answer =>
  json({ code, detail, ...extra }, status)

const serve = async (answers: Readonly<Record<string, Answer>>) => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const path = request.url ?? ''
      const one = {
        method: request.method ?? '',
        path,
        headers: request.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      }
      asked.push(one)
      const answer = answers[`${one.method} ${path}`] ?? answers[`${one.method} ${path.split('?', 1)[0]}`]
      if (answer === undefined) problem(404, 'not_found', `There is no ${one.method} ${path}.`)(one, response)
      else answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A test that fails does not come to close it, and is to be read, not waited for.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Run {
  readonly out: string
  readonly code: number
  readonly error: string
}

const run = async (
  url: string,
  args: readonly string[],
  {
    variables = {},
    terminal = false,
  }: { readonly variables?: Readonly<Record<string, string>>; readonly terminal?: boolean } = {},
): Promise<Run> => {
  let out = ''
  let code = 0
  const actions = {
    serve: () => Promise.resolve(),
    demo: () => Promise.resolve(),
    configuration: createConfigurationTools({ builtInDir: 'config', variables: {} }),
  }
  const write = (text: string): void => {
    out += text
  }
  const exitWith = (given: number): void => {
    code = given
  }
  const program = createProgram(actions, { CASEBOOK_URL: url, ...variables }, write, { terminal, exitWith })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return { out, code, error: '' }
  } catch (error) {
    assert.instance(error, CasebookError, String(error))
    return { out, code, error: error instanceof Error ? error.message : '' }
  }
}

const by = { provider: 'simulator', model: 'casebook-simulated', simulated: true }
const usage = { inputTokens: 10, outputTokens: 5 }

const reply = (turn: number, text: string): SessionEvent => ({
  type: 'session.model_replied',
  data: {
    executionId: execution(1),
    turn,
    text: { text },
    toolCalls: [],
    finishReason: 'stop',
    usage,
    by,
    durationMs: 400,
  },
})
const ended = (status: 'completed' | 'failed'): SessionEvent => ({
  type: 'session.ended',
  data: { status, cause: { code: 'x', message: `It ${status}.`, nextStep: 'Look at the provider.' } },
})

const story = (status: 'completed' | 'failed'): readonly SessionEvent[] => [
  started,
  { type: 'session.plan_adopted', data: plan(agent()) },
  { type: 'session.stage_started', data: { stageId: stage(1), name: 'investigation', index: 0, total: 1 } },
  {
    type: 'session.tool_call_requested',
    data: {
      toolCallId: call(1, 1),
      executionId: execution(1),
      turn: 1,
      name: 'host__disk',
      server: 'host',
      tool: 'disk',
      arguments: { path: '/' },
      effect: 'read_only',
    },
  },
  {
    type: 'session.tool_call_recorded',
    data: {
      toolCallId: call(1, 1),
      executionId: execution(1),
      outcome: 'succeeded',
      content: { text: '93 %\u001b[2J\nfull' },
      durationMs: 100,
    },
  },
  reply(2, 'It is full.\nClean up.'),
  ended(status),
]

/** One commit an event; sequences from 11. */
const frame = (event: SessionEvent, index: number): string => {
  const data = {
    sequence: 11 + index,
    version: index + 1,
    stream: { category: 'session', id: session },
    actor: { kind: 'system', id: 'x' },
    correlationId: 'cor_test',
    events: [{ id: `cmd.${index}`, type: storedType(event.type), time: at, version: index + 1, data: event.data }],
  }
  return `id: ${11 + index}\nevent: commit\ndata: ${JSON.stringify(data)}\n\n`
}
const deltaFrame = (text: string, offset: number): string =>
  `event: delta\ndata: ${JSON.stringify({ executionId: execution(1), turn: 2, attempt: 1, kind: 'text', offset, text })}\n\n`

const streaming =
  (...frames: readonly string[]): Answer =>
  (_asked, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 10\n\n')
    for (const each of frames) response.write(each)
  }

const view = (status: string) => ({
  id: session,
  org: 'default',
  status,
  title: 'Disk full',
  simulated: true,
  chain: 'default',
  chainReason: 'default',
  alertId: 'alr_TEST',
  alertType: null,
  severity: 'high',
  labels: {},
  input: { text: '' },
  startedAt: at,
  endedAt: at,
  currentStage: null,
  stages: [],
  executions: [],
  helpers: [],
  toolCalls: { requested: 1, refused: 0, settled: 1 },
  usage,
  cost: { usdMicros: 3_500, unpricedReplies: 1 },
  held: null,
  paused: false,
  waitingFor: [],
  finalAnalysis: { text: '# Report\nIt is full.' },
  outcome: 'inconclusive',
  missing: 'the \u001b[2Jlog',
  findings: [
    {
      text: 'It is full [call 1] [call 9]',
      evidence: [{ toolCallId: 'call_TEST_1', call: 1, tool: 'host__disk', outcome: 'tool_error' }],
      unsupported: [9],
    },
    { text: 'It was full before', evidence: [], unsupported: [] },
  ],
  summary: 'The disk is full.',
  cause: null,
  correlationId: 'cor_test',
  version: 7,
  sequence: 17,
  origin: null,
  startedBy: null,
  children: [],
  overrides: [],
  queue: null,
  chat: { questions: 0, open: 0, answering: null },
  fork: null,
})

const streamPath = `GET /v1/sessions/${session}/stream`
const alertAnswer = json(
  { accepted: 1, duplicates: 0, results: [{ index: 0, status: 'accepted', alertId: 'alr_TEST' }] },
  202,
)

test('watch tells a session in readable lines and ends with its status', async () => {
  const frames = story('completed').map(frame)
  const server = await serve({ [streamPath]: streaming(...frames) })
  const { out, code } = await run(server.url, ['watch', session])
  await server.close()
  assert.is(code, 0)
  assert.is(
    out,
    [
      'ses_01TEST: Disk full',
      'plan: chain default (default): stage 1',
      'stage 1 of 1: investigation',
      '  → host__disk {"path":"/"}',
      '  ← host__disk succeeded in 0.1 s: 93 %\uFFFD[2J full',
      '  │ It is full.',
      '  │ Clean up.',
      '  turn 2: casebook-simulated (simulated), 0.4 s, 10 tokens in, 5 out',
      'session completed: It completed.',
      '',
    ].join('\n'),
  )
  assert.is(server.asked[0]?.path, `/v1/sessions/${session}/stream?after=0`)
})

test('watch ends with 1 when the session fails, and says what to do next', async () => {
  const server = await serve({ [streamPath]: streaming(...story('failed').map(frame)) })
  const { out, code } = await run(server.url, ['watch', session])
  await server.close()
  assert.is(code, 1)
  assert.match(out, /session failed: It failed\.\nLook at the provider\.\n$/)
})

test('text that streams is written once: repeats are dropped and the recorded reply adds only what is missing', async () => {
  const frames = story('completed').map(frame)
  const deltas = [deltaFrame('It is', 0), deltaFrame('It is fu', 0), deltaFrame('ful', 6)]
  const server = await serve({ [streamPath]: streaming(...frames.slice(0, 5), ...deltas, ...frames.slice(5)) })
  const { out } = await run(server.url, ['watch', session])
  await server.close()
  assert.match(out, /\n {2}│ It is full\.\n {2}│ Clean up\.\n {2}turn 2: /)
})

test('a stream that breaks off is taken up after the last event, with nothing told twice', async () => {
  const frames = story('completed').map(frame)
  const server = await serve({
    [streamPath]: (asked, response) => {
      const from = Number(asked.headers['last-event-id'] ?? 10) - 10
      if (from > 0) return streaming(...frames.slice(from))(asked, response)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 10\n\n')
      response.end(frames.slice(0, 3).join(''))
    },
  })
  const { out, code } = await run(server.url, ['watch', session])
  await server.close()
  assert.is(code, 0)
  assert.equal(
    server.asked.map(({ headers }) => headers['last-event-id']),
    [undefined, '13'],
  )
  assert.is(out.match(/stage 1 of 1/g)?.length, 1)
  assert.match(out, /connection is lost/)
})

test('watching a session that does not exist is refused at once', async () => {
  const server = await serve({ [streamPath]: problem(404, 'session_not_found', 'No session ses_01TEST.') })
  const { error } = await run(server.url, ['watch', session])
  await server.close()
  assert.is(error, 'No session ses_01TEST. (404 session_not_found)')
  assert.is(server.asked.length, 1)
})

test('a file that cannot be read or written is no fault of the server', async () => {
  const server = await serve({ 'GET /v1/export': json({}) })
  const { error: read } = await run(server.url, ['import', '/not/there'])
  const { error: folder } = await run(server.url, ['import', '/'])
  const { error: written } = await run(server.url, ['export', '--org', '--out', '/not/there'])
  await server.close()
  assert.match(read, '/not/there cannot be read: ENOENT')
  assert.is(folder, '/ cannot be read: it is a folder')
  assert.match(written, '/not/there cannot be written: ENOENT')
})

test('a server that is not there is told with its address and the way to start one', async () => {
  const server = await serve({})
  await server.close()
  const said = `No Casebook answers at ${server.url}. Start one with "npm start", or set CASEBOOK_URL to where it is.`
  assert.is((await run(server.url, ['sessions'])).error, said)
  assert.is((await run(server.url, ['watch', session])).error, said)
})

test('a server that goes away for good ends the wait', async () => {
  let answered = 0
  const server = await serve({
    'GET /s': (_asked, response) => {
      answered++
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('retry: 10\n\nid: 1\nevent: a\ndata: 1\n\n', () => void server.close())
    },
  })
  const seen: unknown[] = []
  let failure: unknown
  try {
    for await (const { data } of followStream(createApiClient(server.url, undefined), '/s', { patienceMs: 50 }))
      seen.push(data)
  } catch (error) {
    failure = error
  }
  assert.is(answered, 1)
  assert.equal(seen, [1])
  assert.ok(failure instanceof CasebookError && failure.code === 'server_unreachable')
})

test('a refusal is told with its fields and what to do', async () => {
  const errors = [{ path: 'severity', message: 'must be one of critical, high' }]
  const server = await serve({
    'POST /v1/alerts': problem(400, 'invalid_request', 'Mend these fields of the body.', { errors }),
    'GET /v1/sessions': problem(401, 'unauthorized', 'Send a token.'),
    'GET /v1/projections': (asked, response) => {
      response.setHeader('retry-after', '2')
      problem(503, 'database_unavailable', 'The database is away.')(asked, response)
    },
    'GET /v1/audit/verify': (_asked, response) => void response.writeHead(502).end('<html>'),
  })
  assert.is(
    (await run(server.url, ['alert', 'send', 'x'])).error,
    'Mend these fields of the body. (400 invalid_request)\n  severity: must be one of critical, high',
  )
  assert.match((await run(server.url, ['sessions'])).error, /\nSet CASEBOOK_TOKEN to the server's token\.$/)
  assert.match((await run(server.url, ['projections'])).error, /\nTry again in 2 s\.$/)
  assert.match((await run(server.url, ['audit', 'verify'])).error, /did not answer as Casebook does \(status 502\)/)
  await server.close()
})

test('the token goes along, the address comes from CASEBOOK_URL or CASEBOOK_PORT', async () => {
  const server = await serve({ 'GET /v1/projections': json({ items: [] }) })
  await run('', ['projections'], { variables: { CASEBOOK_PORT: new URL(server.url).port, CASEBOOK_TOKEN: 'hush' } })
  await server.close()
  assert.is(server.asked[0]?.headers.authorization, 'Bearer hush')
  assert.match((await run('nowhere', ['projections'])).error, /^CASEBOOK_URL must be/)
})

test('alert send builds an alert from its options', async () => {
  const server = await serve({ 'POST /v1/alerts': alertAnswer, 'POST /v1/webhooks/alertmanager': alertAnswer })
  const args = [
    'alert',
    'send',
    'Disk full',
    '--severity',
    'high',
    '--label',
    'a=1',
    '--label',
    'b=x=y',
    '--description',
    'D',
  ]
  const { out } = await run(server.url, args)
  assert.is(out, 'accepted alr_TEST\n')
  assert.equal(server.asked[0]?.body, {
    title: 'Disk full',
    severity: 'high',
    description: 'D',
    labels: { a: '1', b: 'x=y' },
  })
  await run(server.url, [...args, '--alertmanager'])
  const body = server.asked[1]?.body as {
    readonly alerts: readonly { readonly labels: unknown; readonly annotations: unknown }[]
  }
  assert.equal(body.alerts[0]?.labels, { alertname: 'Disk full', severity: 'high', a: '1', b: 'x=y' })
  assert.equal(body.alerts[0]?.annotations, { summary: 'Disk full', description: 'D' })
  await server.close()
})

test('alert send takes a file, and refuses what makes no sense', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-cli-'))
  const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.json')]
  writeFileSync(good, '{"title":"From a file"}')
  writeFileSync(bad, '{')
  const server = await serve({ 'POST /v1/alerts': alertAnswer })
  await run(server.url, ['alert', 'send', '--file', good])
  assert.equal(server.asked[0]?.body, { title: 'From a file' })
  assert.match((await run(server.url, ['alert', 'send', '--file', bad])).error, /bad\.json is not JSON/)
  assert.match((await run(server.url, ['alert', 'send', '--file', join(folder, 'none')])).error, /cannot be read/)
  assert.match((await run(server.url, ['alert', 'send'])).error, /^Give the alert a title/)
  assert.is(server.asked.length, 1)
  await server.close()
  rmSync(folder, { recursive: true })
})

test('an alert that is not valid ends with 1', async () => {
  const server = await serve({
    'POST /v1/alerts': json({ results: [{ index: 0, status: 'invalid', error: 'title: is missing' }] }, 202),
  })
  const { out, code } = await run(server.url, ['alert', 'send', 'x'])
  await server.close()
  assert.is(out, 'invalid title: is missing\n')
  assert.is(code, 1)
})

test('alert send --wait waits for the session of this alert, follows it, and prints its report once it can be read', async () => {
  let asked = 0
  const server = await serve({
    'POST /v1/alerts': alertAnswer,
    'GET /v1/alerts/alr_TEST': (one, response) => {
      asked++
      // First unknown, then still showing an earlier episode.
      if (asked === 1) return problem(404, 'alert_not_found', 'No alert.')(one, response)
      const old = { sessionId: 'ses_OLD1', lastSeen: '2020-01-01T00:00:00.000Z' }
      return json(asked === 2 ? old : { sessionId: session, lastSeen: new Date().toISOString() })(one, response)
    },
    [streamPath]: streaming(...story('completed').map(frame)),
    // The read model may not have come as far as the stream that was followed.
    [`GET /v1/sessions/${session}`]: (one, response) =>
      (server.asked.filter(({ path }) => path === one.path).length === 1
        ? problem(503, 'projection_behind', 'The read model is behind.')
        : json(view('completed')))(one, response),
  })
  const { out, code } = await run(server.url, ['alert', 'send', 'x', '--wait'])
  await server.close()
  assert.is(code, 0)
  assert.match(
    out,
    /Executive summary \(simulated.*\n\nThe disk is full\.\n\n.*Final analysis \(simulated.*\n\n# Report\nIt is full\.\n/,
  )
  assert.is(server.asked.at(-1)?.path, `/v1/sessions/${session}?after=17`)
})

test('the demo ends with its figures', async () => {
  const server = await serve({
    'POST /v1/webhooks/alertmanager': alertAnswer,
    'GET /v1/alerts/alr_TEST': (one, response) =>
      json({ sessionId: session, lastSeen: new Date().toISOString() })(one, response),
    [streamPath]: streaming(...story('completed').map(frame)),
    [`GET /v1/sessions/${session}`]: json(view('completed')),
  })
  const result = await runDemo(createApiClient(server.url, undefined), () => undefined)
  await server.close()
  assert.match(lastLineOf(result), /^\ndemo: session ses_01TEST completed in \d+\.\d s, 7 events, 1 tool calls\n$/)
  assert.equal({ ...result, seconds: 0 }, { sessionId: session, seconds: 0, events: 7, toolCalls: 1 })
})

test('a demo whose session fails says why and what to do', async () => {
  const server = await serve({
    'POST /v1/webhooks/alertmanager': alertAnswer,
    'GET /v1/alerts/alr_TEST': (one, response) =>
      json({ sessionId: session, lastSeen: new Date().toISOString() })(one, response),
    [streamPath]: streaming(...story('failed').map(frame)),
  })
  const failure = await runDemo(createApiClient(server.url, undefined), () => undefined).catch(
    (error: unknown) => error,
  )
  await server.close()
  assert.ok(failure instanceof CasebookError && failure.code === 'demo_failed')
  assert.match(failure.message, /ses_01TEST ended as failed: It failed\. Look at the provider\./)
})

test('sessions are listed as a table or as JSON, with the filters passed on', async () => {
  const {
    input: _,
    executions: __,
    finalAnalysis: ___,
    stages: ____,
    findings: _____,
    helpers: ______,
    ...item
  } = view('completed')
  const server = await serve({ 'GET /v1/sessions': json({ items: [item], next: 'n1' }) })
  const { out } = await run(server.url, ['sessions', 'list', '--status', 'failed', '--label', 'a=b', '--limit', '5'])
  assert.match(
    out,
    /^id +status +started +chain +title\nses_01TEST +completed \(simulated\) +.* default +Disk full\nMore: --cursor n1\n$/,
  )
  assert.is(server.asked[0]?.path, '/v1/sessions?limit=5&status=failed&label=a%3Db')
  assert.equal(JSON.parse((await run(server.url, ['sessions', '--json'])).out), { items: [item], next: 'n1' })
  await server.close()
})

test('a session that waits for a place says where it stands in line', async () => {
  const waiting = { ...view('queued'), queue: { lane: 'high', since: at, position: 3 } }
  const {
    input: _,
    executions: __,
    finalAnalysis: ___,
    stages: ____,
    findings: _____,
    helpers: ______,
    ...item
  } = waiting
  const server = await serve({
    'GET /v1/sessions': json({ items: [item], next: null }),
    [`GET /v1/sessions/${session}`]: json(waiting),
  })
  assert.match((await run(server.url, ['sessions', 'list'])).out, /queued \(number 3\)/)
  const { out } = await run(server.url, ['sessions', 'show', session])
  assert.match(out, `waits for a place in lane high since ${at}, number 3 in line`)
  await server.close()
})

test('a report tells each finding with what it rests on, what does not hold, and what is missing', async () => {
  const server = await serve({ [`GET /v1/sessions/${session}`]: json(view('completed')) })
  const { out } = await run(server.url, ['sessions', 'show', session])
  await server.close()
  const expected = [
    '──── Findings and what they rest on ────',
    '',
    '- It is full [call 1] [call 9]',
    '    call 1: host__disk (tool_error)  call_TEST_1',
    '    call 9: unsupported, the agent was given no such result',
    '- It was full before',
    '    unsupported: it names no tool call',
    '',
    'outcome: inconclusive; missing: the \uFFFD[2Jlog',
  ]
  assert.match(out, expected.join('\n'))
})

test('one session is shown, cancelled, and told as a timeline over all its pages', async () => {
  const line = (title: string) => ({ sequence: 1, index: 0, at, kind: 'stage_started', title, text: 'a\nb', data: {} })
  const server = await serve({
    [`GET /v1/sessions/${session}`]: json(view('completed')),
    [`POST /v1/sessions/${session}/cancel`]: json({ id: session, version: 8, sequence: 18 }, 202),
    [`GET /v1/sessions/${session}/timeline?limit=200`]: json({ items: [line('one')], next: 'c/1' }),
    [`GET /v1/sessions/${session}/timeline?limit=200&cursor=c%2F1`]: json({ items: [line('two')], next: null }),
  })
  assert.match(
    (await run(server.url, ['sessions', 'show', session])).out,
    /ses_01TEST {2}completed \(simulated\) {2}chain default/,
  )
  assert.is(
    (await run(server.url, ['sessions', 'cancel', session, '--reason', 'Enough'])).out,
    'ses_01TEST is cancelled.\n',
  )
  assert.equal(server.asked[1]?.body, { reason: 'Enough' })
  const { out } = await run(server.url, ['sessions', 'timeline', session])
  assert.is(out, `${at}  stage_started      one a b\n${at}  stage_started      two a b\n`)
  await server.close()
})

test('many sessions are counted before they are ended, and what was refused is told', async () => {
  const server = await serve({
    'GET /v1/sessions/facets': json({ total: 3, facets: {} }),
    'POST /v1/sessions/cancel': json({
      cancelled: 1,
      over: 1,
      refused: [{ id: session, code: 'x', message: 'It may not.' }],
      sequence: 9,
    }),
  })
  const words = ['sessions', 'cancel-all', '--label', 'team=infra', '--chain', 'thorough']
  const { out } = await run(server.url, words)
  assert.is(out, '3 sessions under way are like that. To end them, add --count 3\n')
  assert.match(server.asked[0]?.path ?? '', /status=queued%2Crunning%2Csummarizing&chain=thorough&label=team%3Dinfra$/)
  const ended = await run(server.url, [...words, '--count', '3', '--reason', 'Enough'])
  assert.is(ended.out, `1 sessions are cancelled, 1 had ended by themselves.\n${session}: It may not.\n`)
  assert.equal(server.asked[1]?.body, {
    filter: { chain: 'thorough', label: ['team=infra'] },
    count: 3,
    reason: 'Enough',
  })
  await server.close()
})

test('events are one CloudEvent a line, and the global ones end at the head of the log', async () => {
  const server = await serve({
    [`GET /v1/sessions/${session}/events`]: json({
      items: [
        { id: 'a', logsequence: 11 },
        { id: 'b', logsequence: 12 },
      ],
      next: null,
    }),
    'GET /v1/projections': json({ items: [{ head: 12 }] }),
    'GET /v1/stream': streaming(...story('completed').map(frame)),
  })
  assert.is((await run(server.url, ['events', session, '--after', '11'])).out, '{"id":"b","logsequence":12}\n')
  const lines = (await run(server.url, ['events', '--global'])).out.trim().split('\n')
  await server.close()
  assert.equal(
    lines
      .map((line) => JSON.parse(line) as { readonly type: string; readonly sequence: string })
      .map(({ type, sequence }) => [type, sequence]),
    [
      ['casebook.session.started.v1', '0000000001'],
      ['casebook.session.plan_adopted.v1', '0000000002'],
    ],
  )
  assert.match((await run(server.url, ['events'])).error, /^Give a session id, or --global\./)
})

const projectionItem = (change: object = {}) => ({
  name: 'timeline',
  version: 1,
  generation: 1,
  state: 'live',
  position: 100,
  head: 100,
  lag: 0,
  failure: null,
  builds: [],
  old: [],
  verification: null,
  ...change,
})
const building = (change: object = {}) => {
  const build = { kind: 'rebuild', generation: 7, state: 'running', position: 50, head: 100, eventRate: 900, eta: 3 }
  return projectionItem({ builds: [{ ...build, failure: null, ...change }] })
}
const projectionFrame = (item: object): string => `event: projection\ndata: ${JSON.stringify(item)}\n\n`

test('a rebuild is followed to its end, with a bar on a terminal and in plain lines without', async () => {
  const server = await serve({
    'POST /v1/projections/timeline/rebuild': json({ name: 'timeline', generation: 7, rebuilding: true }, 202),
    'POST /v1/projections/nope/rebuild': problem(404, 'unknown_projection', 'There is no projection nope.'),
    'GET /v1/projections/stream': streaming(
      ...[projectionItem({ name: 'other' }), building(), projectionItem({ generation: 7 })].map(projectionFrame),
    ),
  })
  const { out } = await run(server.url, ['projections', 'rebuild', 'timeline'], { terminal: true })
  assert.match(out, /timeline █{15}░{15} 50 % \(50 of 100\), 900 events\/s, 3 s left\n/)
  assert.match(out, /timeline is rebuilt, in \d+\.\d s\. The old one is kept: .* drop-old timeline\n$/)
  assert.match(
    (await run(server.url, ['projections', 'rebuild', 'timeline', '--wait'])).out,
    /^timeline 50 % \(50 of 100\), 900 events\/s, 3 s left\ntimeline is rebuilt/,
  )
  assert.match((await run(server.url, ['projections', 'rebuild', 'timeline'])).out, /^timeline is being rebuilt;/)
  assert.match((await run(server.url, ['projections', 'rebuild', 'nope'])).error, /unknown_projection/)
  await server.close()
})

test('a rebuild that stops, or is cancelled, ends its following with what to do', async () => {
  const following = async (...frames: readonly object[]) => {
    const server = await serve({
      'POST /v1/projections/timeline/rebuild': json({ name: 'timeline', generation: 7, rebuilding: true }, 202),
      'GET /v1/projections/stream': streaming(...frames.map(projectionFrame)),
    })
    const { error } = await run(server.url, ['projections', 'rebuild', 'timeline', '--wait'])
    await server.close()
    return error
  }
  const failure = { sequence: 51, message: 'it does not fit' }
  assert.match(
    await following(building({ failure, state: 'paused' })),
    /stopped at 51: it does not fit(?:.|\n)*resume timeline/,
  )
  assert.match(await following(building(), projectionItem()), /was cancelled/)
})

test('a read model of another time is followed until it is ready, and how to read it is said', async () => {
  const asOf = { generation: 7, sequence: 60, state: 'filling', position: 30, until: at }
  const server = await serve({
    'POST /v1/projections/timeline/as-of': json({ name: 'timeline', ...asOf }, 202),
    'POST /v1/projections/timeline/drop-as-of': json({ name: 'timeline', dropped: [7] }),
    'GET /v1/projections/stream': streaming(
      ...[
        projectionItem({ ...building({ kind: 'as_of', head: 60 }), asOf: [asOf] }),
        projectionItem({ asOf: [{ ...asOf, state: 'ready' }] }),
      ].map(projectionFrame),
    ),
  })
  const { out } = await run(server.url, ['projections', 'as-of', 'timeline', '--sequence', '60'])
  assert.match(out, /^timeline 83 % \(50 of 60\).*\ntimeline as of 60 is there until .*\?at=60\n$/)
  assert.equal(server.asked[0]?.body, { sequence: 60 })
  assert.match((await run(server.url, ['projections', 'as-of', 'timeline'])).error, /Give --sequence or --time/)
  assert.match((await run(server.url, ['projections', 'drop-as-of', 'timeline'])).out, /generation 7/)
  await server.close()
})

test('a verification lists what differs, and ends with 1', async () => {
  const first = [{ table: 'timeline', kind: 'changed', key: { org: 'a', sequence: 3 }, columns: ['title'] }]
  const verification = { generation: 8, ok: false, position: 90, rows: 40, differences: 2, first }
  const whole = { ...verification, generation: 9, ok: true, differences: 0, first: [] }
  const server = await serve({
    'GET /v1/projections': json({ items: [projectionItem(), projectionItem({ name: 'alerts' })] }),
    'POST /v1/projections/timeline/verify': json({ name: 'timeline', generation: 8, verifying: true }, 202),
    'POST /v1/projections/alerts/verify': json({ name: 'alerts', generation: 9, verifying: true }, 202),
    'GET /v1/projections/stream': streaming(
      ...[projectionItem({ verification }), projectionItem({ name: 'alerts', verification: whole })].map(
        projectionFrame,
      ),
    ),
  })
  const { out, code } = await run(server.url, ['projections', 'verify'])
  assert.is(code, 1)
  assert.match(
    out,
    /timeline: 2 of 40 rows at 90 differ .*\n {2}timeline org=a sequence=3: changed in title\n {2}and 1 more\n/,
  )
  assert.match(out, /alerts: 40 rows at 90 are what the log says\.\n$/)
  assert.is((await run(server.url, ['projections', 'verify', 'alerts'])).code, 0)
  await server.close()
})

test('a paused projection is shown with its failure and its mend, and what is being filled with where it is', async () => {
  const failure = { sequence: 7, message: 'it does not fit' }
  const paused = await serve({
    'GET /v1/projections': json({ items: [{ ...building(), failure }] }),
    'POST /v1/projections/timeline/pause': json({ name: 'timeline', paused: true }, 202),
    'POST /v1/projections/timeline/resume': json({ name: 'timeline', resumed: true }, 202),
    'POST /v1/projections/timeline/cancel': json({ name: 'timeline', cancelled: false }),
    'POST /v1/projections/timeline/drop-old': json({ name: 'timeline', dropped: [1, 4] }),
  })
  assert.match(
    (await run(paused.url, ['projections'])).out,
    /rebuild running at 50 of 100 +stopped at 7: it does not fit\n.*casebook projections resume timeline\n$/,
  )
  const told = async (verb: string) => (await run(paused.url, ['projections', verb, 'timeline'])).out
  assert.match(await told('pause'), /stands still until: casebook projections resume timeline\n$/)
  assert.is(await told('resume'), 'timeline tries again.\n')
  assert.is(await told('cancel'), 'Nothing of timeline is being filled.\n')
  assert.is(await told('drop-old'), 'Dropped of timeline: generation 1, 4.\n')
  await paused.close()
})

test('audit verify ends with 1 when something does not fit', async () => {
  const fault = { kind: 'changed', sequence: 3, subject: 's', detail: 'they differ' }
  const server = await serve({
    'GET /v1/audit/verify': json({ ok: true, checked: 5, upTo: 9, problems: [] }),
    [`GET /v1/audit/verify?session=${session}`]: json({ ok: false, checked: 5, upTo: 9, problems: [fault] }),
  })
  assert.equal(await run(server.url, ['audit', 'verify']), {
    out: '5 commits up to 9 are whole.\n',
    code: 0,
    error: '',
  })
  const { out, code } = await run(server.url, ['audit', 'verify', '--session', session])
  await server.close()
  assert.is(code, 1)
  assert.match(out, /^3 changed s: they differ\n1 problems in 5 commits/)
})

test('send passes a public command on, with its key', async () => {
  const server = await serve({ 'POST /v1/commands/CancelSession': json({ id: session, outcome: 'accepted' }) })
  await run(server.url, ['send', 'CancelSession', `{"sessionId":"${session}"}`, '--key', 'k1'])
  assert.equal(server.asked[0]?.body, { sessionId: session })
  assert.is(server.asked[0]?.headers['idempotency-key'], 'k1')
  assert.match((await run(server.url, ['send', 'CancelSession', '{'])).error, /^The data is not JSON/)
  await server.close()
})

test.run()

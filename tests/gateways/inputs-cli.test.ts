// The command line's words for people in the loop, against a server that says what each test wants.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import type { InputView } from '../../projections/inputs.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { call, execution, session } from '../support/session-samples.ts'

/** Runs one command against a server with one answer. @returns what was asked and what was written. */
const run = async (args: readonly string[], answer: unknown = {}, status = 200) => {
  const asked: { readonly request: string; readonly body: unknown }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      asked.push({ request: `${request.method} ${request.url}`, body })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let out = ''
  let error = ''
  const actions = {
    serve: () => Promise.resolve(),
    demo: () => Promise.resolve(),
    configuration: createConfigurationTools({ builtInDir: 'config', variables: {} }),
  }
  const program = createProgram(
    actions,
    { CASEBOOK_URL: `http://127.0.0.1:${port}` },
    (text) => {
      out += text
    },
    { terminal: false },
  )
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (thrown) {
    assert.instance(thrown, CasebookError, String(thrown))
    error = thrown instanceof Error ? thrown.message : ''
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return { out, error, asked }
}

const approval: InputQuestion = {
  kind: 'tool_approval',
  toolCallId: call(1, 1),
  executionId: execution(1),
  turn: 1,
  name: 'host__restart',
  server: 'host',
  tool: 'restart',
  arguments: { unit: 'nginx\u001b[2J' },
  effect: 'unsafe',
  reason: 'the tool may change something',
}
const input = (question: InputQuestion, changes: Partial<InputView> = {}): InputView => ({
  org: 'default',
  id: 'inp_01TEST_001',
  sessionId: session,
  kind: question.kind,
  status: 'open',
  question,
  requestedAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-01-02T04:04:05.000Z',
  answer: null,
  answeredBy: null,
  closedAt: null,
  sequence: 7,
  ...changes,
})
const written = { id: session, version: 8, sequence: 18 }

test('what waits is a table; other states, one session and kinds are passed on', async () => {
  const budget: InputQuestion = { kind: 'budget', budget: 'cost', used: 1_250_000, limit: 1_000_000 }
  const items = [input(approval), input(budget, { id: 'inp_01TEST_002' })]
  const { out, asked } = await run(['inputs'], { items, next: 'n1' })
  assert.equal(asked[0]?.request, 'GET /v1/inputs?limit=20&status=open')
  assert.equal(
    out.split('\n').map((line) => line.replace(/ +/g, ' ')),
    [
      'id kind status expires question',
      'inp_01TEST_001 tool_approval open 2026-01-02T04:04:05.000Z host__restart {"unit":"nginx\\u001b[2J"}',
      'inp_01TEST_002 budget open 2026-01-02T04:04:05.000Z $1.250 of $1.000 used',
      'More: --cursor n1',
      '',
    ],
  )
  const none = await run(
    ['inputs', 'list', '--status', 'all', '--session', session, '--kind', 'question', '--limit', '5'],
    {
      items: [],
      next: null,
    },
  )
  assert.equal(
    [none.out, none.asked[0]?.request],
    ['None.\n', `GET /v1/inputs?limit=5&session=${session}&kind=question`],
  )
  assert.is((await run(['inputs'], { items: [], next: null })).out, 'Nothing waits for a person.\n')
  assert.equal(JSON.parse((await run(['inputs', '--json'], { items, next: null })).out), { items, next: null })
})

test('a question is shown whole, with the commands that answer it', async () => {
  const { out, asked } = await run(['inputs', 'show', 'inp_01TEST_001'], input(approval))
  assert.is(asked[0]?.request, 'GET /v1/inputs/inp_01TEST_001')
  assert.is(
    out,
    `inp_01TEST_001  tool_approval  open  of ses_01TEST
asked 2026-01-02T03:04:05.000Z, expires 2026-01-02T04:04:05.000Z
  May exe_01TEST_01_01 call host__restart (unsafe) on host?
  asked because: the tool may change something
  arguments:
  {
    "unit": "nginx\\u001b[2J"
  }
casebook inputs answer inp_01TEST_001 --approve
casebook inputs answer inp_01TEST_001 --approve --session
casebook inputs answer inp_01TEST_001 --approve --arguments '{…}'
casebook inputs answer inp_01TEST_001 --deny 'why not'
`,
  )
  const question: InputQuestion = {
    kind: 'question',
    executionId: execution(1),
    toolCallId: call(1, 1),
    text: 'Which\u001b]0;x\u0007\ndisk?',
  }
  const asking = (await run(['inputs', 'show', 'inp_01TEST_001'], input(question))).out
  assert.match(asking, /\n {2}exe_01TEST_01_01 asks:\n {2}Which\ufffd\]0;x\ufffd\n {2}disk\?\n/)
  assert.match(asking, /--reply 'the answer'\n.* --deny\n$/)
  const budget: InputQuestion = {
    kind: 'budget',
    budget: 'wall_time',
    executionId: execution(1),
    used: 61.2,
    limit: 60,
  }
  const reached = (await run(['inputs', 'show', 'inp_01TEST_001'], input(budget))).out
  assert.match(reached, /The budget of exe_01TEST_01_01 is reached: 61 seconds of 60 seconds used\./)
  assert.match(reached, /--raise <seconds>\n.* --finish\n$/)
})

test('what is closed is shown with who answered what, and no way to answer', async () => {
  const closed = {
    status: 'answered',
    answeredBy: { kind: 'user', id: 'jo' },
    closedAt: '2026-01-02T03:10:00.000Z',
  } as const
  for (const [answer, words] of [
    [{ kind: 'approve', scope: 'once' }, 'approved once'],
    [
      { kind: 'approve', scope: 'session', arguments: { unit: 'sshd' } },
      'approved for this session, with {"unit":"sshd"}',
    ],
    [{ kind: 'deny', reason: 'not now' }, 'denied: not now'],
    [{ kind: 'deny', reason: '' }, 'denied'],
  ] as const) {
    const { out } = await run(['inputs', 'show', 'x'], input(approval, { ...closed, answer }))
    assert.match(out, 'closed 2026-01-02T03:10:00.000Z')
    assert.ok(out.endsWith(`\njo: ${words}\n`), out)
  }
  const expired = await run(['inputs', 'show', 'x'], input(approval, { status: 'expired', closedAt: closed.closedAt }))
  assert.ok(expired.out.endsWith('  }\n'), expired.out)
})

test('each answer is sent in the words of the API', async () => {
  for (const [words, body] of [
    [['--approve'], { kind: 'approve', scope: 'once' }],
    [['--approve', '--session'], { kind: 'approve', scope: 'session' }],
    [['--approve', '--arguments', '{"unit":"sshd"}'], { kind: 'approve', scope: 'once', arguments: { unit: 'sshd' } }],
    [['--deny'], { kind: 'deny', reason: '' }],
    [['--deny', 'not now'], { kind: 'deny', reason: 'not now' }],
    [['--reply', 'The first.'], { kind: 'reply', text: 'The first.' }],
    [['--raise', '5000'], { kind: 'raise', by: 5000 }],
    [['--finish'], { kind: 'finish' }],
  ] as const) {
    const { out, asked, error } = await run(['inputs', 'answer', 'inp_01TEST_001', ...words], written, 202)
    assert.is(error, '')
    assert.equal(asked, [{ request: 'POST /v1/inputs/inp_01TEST_001/answer', body }])
    assert.is(out, `inp_01TEST_001 is answered: ${body.kind}.\n`)
  }
  assert.equal(JSON.parse((await run(['inputs', 'answer', 'x', '--finish', '--json'], written)).out), written)
})

test('none, several and odd answers are refused before anything is sent', async () => {
  for (const [words, error] of [
    [[], /^Give one of --approve/],
    [['--approve', '--deny'], /^Give one of --approve/],
    [['--finish', '--raise', '1'], /^Give one of --approve/],
    [['--deny', '--session'], /go with --approve/],
    [['--finish', '--arguments', '{}'], /go with --approve/],
    [['--approve', '--arguments', '{'], /^--arguments is not JSON/],
  ] as const) {
    const refused = await run(['inputs', 'answer', 'inp_01TEST_001', ...words])
    assert.match(refused.error, error)
    assert.equal(refused.asked, [])
  }
})

test('who comes second is told who was first', async () => {
  const late = { code: 'input_closed', detail: 'Already answered by jo.' }
  const { error } = await run(['inputs', 'answer', 'inp_01TEST_001', '--approve'], late, 409)
  assert.is(error, 'Already answered by jo. (409 input_closed)')
})

test('a session is paused, resumed, told something and rid of an agent', async () => {
  for (const [words, request, body, out] of [
    [['pause', session], 'pause', {}, `${session} is paused.`],
    [['pause', session, '--reason', 'lunch'], 'pause', { reason: 'lunch' }, `${session} is paused.`],
    [['resume', session], 'resume', {}, `${session} goes on.`],
    [['say', session, 'Hurry.'], 'messages', { text: 'Hurry.' }, 'Every agent at work hears it at the next step.'],
    [
      ['say', session, 'Hurry.', '--to', execution(1)],
      'messages',
      { text: 'Hurry.', executionId: execution(1) },
      `${execution(1)} hears it at the next step.`,
    ],
    [
      ['cancel-agent', session, execution(1), '--reason', 'wrong track'],
      `executions/${execution(1)}/cancel`,
      { reason: 'wrong track' },
      `${execution(1)} is ended.`,
    ],
  ] as const) {
    const done = await run(['sessions', ...words], written, 202)
    assert.equal(done.asked, [{ request: `POST /v1/sessions/${session}/${request}`, body }])
    assert.is(done.out, `${out}\n`)
  }
  assert.equal(JSON.parse((await run(['sessions', 'pause', session, '--json'], written)).out), written)
})

test.run()

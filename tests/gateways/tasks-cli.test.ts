// The command line's words for tasks, against a server that says what each test wants.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import type { TaskView } from '../../projections/task-view.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'

/** Runs one command against a server with one answer. @returns what was asked and what was written. */
const run = async (args: readonly string[], answer: unknown = { id: 'tsk_01TEST', version: 1, sequence: 7 }) => {
  const asked: { readonly request: string; readonly body: unknown }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      asked.push({ request: `${request.method} ${request.url}`, body })
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let out = ''
  let error = ''
  const program = createProgram(
    {
      serve: () => Promise.resolve(),
      demo: () => Promise.resolve(),
      configuration: createConfigurationTools({ builtInDir: 'config', variables: {} }),
    },
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

const task: TaskView = {
  id: 'tsk_01TEST',
  org: 'default',
  title: 'Check\u001b[2J the disks',
  status: 'scheduled',
  input: { text: 'Which fill up?' },
  chain: null,
  labels: {},
  repeat: { every_seconds: 3600, times: 3 },
  priority: null,
  overrides: null,
  nextAt: '2026-01-02T04:00:00.000Z',
  runCount: 2,
  runs: [
    {
      run: 1,
      at: '2026-01-02T03:00:00.000Z',
      why: 'scheduled',
      status: 'completed',
      sessionId: 'ses_01RUN',
      startedAt: '2026-01-02T03:00:00.000Z',
      endedAt: '2026-01-02T03:01:00.000Z',
    },
    {
      run: 2,
      at: '2026-01-02T04:00:00.000Z',
      why: 'repeat',
      status: 'waiting',
      sessionId: null,
      startedAt: null,
      endedAt: null,
    },
  ],
  createdAt: '2026-01-02T03:00:00.000Z',
  createdBy: { kind: 'user', id: 'jo' },
  cancelledBy: null,
  reason: null,
  correlationId: 'c',
  version: 3,
  sequence: 9,
}

test('schedule sends what was said, and names the task', async () => {
  const words = ['tasks', 'schedule', 'Check', '--input', 'x', '--at', '2099-01-01T00:00:00Z', '--chain', 'thorough']
  const more = ['--every', '2h', '--times', '3', '--label', 'a=b', '--priority', 'low']
  const { out, asked } = await run([...words, ...more, '--overrides', '{"tools": ["host__disk"]}'])
  assert.is(out, 'tsk_01TEST is scheduled.\n')
  assert.equal(asked, [
    {
      request: 'POST /v1/tasks',
      body: {
        title: 'Check',
        input: 'x',
        at: '2099-01-01T00:00:00Z',
        repeat: { every_seconds: 7200, times: 3 },
        chain: 'thorough',
        labels: { a: 'b' },
        priority: 'low',
        overrides: { tools: ['host__disk'] },
      },
    },
  ])
})

test('--in is a moment from now on', async () => {
  const before = Date.now()
  const { asked } = await run(['tasks', 'schedule', 'Check', '--in', '90s'])
  const { at } = z.object({ at: z.string() }).parse(asked[0]?.body)
  assert.ok(Date.parse(at) >= before + 90_000 && Date.parse(at) <= Date.now() + 90_000)
})

test('what does not fit together is refused before anything is sent', async () => {
  for (const [args, message] of [
    [['--at', '2099-01-01T00:00:00Z', '--in', '5m'], /--at or --in, not both/],
    [['--every', '5m'], /--every and --times go together/],
    [['--input', 'x', '--file', 'y'], /--input or --file, not both/],
    [['--overrides', '{'], /--overrides is not JSON/],
  ] as const) {
    const { error, asked } = await run(['tasks', 'schedule', 'Check', ...args])
    assert.match(error, message)
    assert.is(asked.length, 0)
  }
})

test('tasks are listed with the filters passed on, and nothing of a title drives the terminal', async () => {
  const args = ['tasks', 'list', '--status', 'scheduled', '--label', 'a=b', '--cursor', 'c', '--limit', '5']
  const { out, asked } = await run(args, { items: [task], next: 'more' })
  assert.is(asked[0]?.request, 'GET /v1/tasks?limit=5&status=scheduled&cursor=c&label=a%3Db')
  assert.match(out, /tsk_01TEST +scheduled +2026-01-02T04:00:00.000Z +2 +Check/)
  assert.match(out, /More: --cursor more/)
  assert.not.match(out, '\u001b')
  assert.match((await run(['tasks'], { items: [], next: null })).out, /No tasks/)
})

test('show tells when, by whom, and each run with its session', async () => {
  const { out } = await run(['tasks', 'show', 'tsk_01TEST'], task)
  assert.match(out, /asked for by jo/)
  assert.match(out, /next run 2026-01-02T04:00:00.000Z/)
  assert.match(out, /every 3600 s, 3 times in all/)
  assert.match(out, /1 +scheduled +\S+ +completed +ses_01RUN/)
  assert.match(out, /2 +repeat +\S+ +waiting/)
})

test('cancel and rerun ask for just that', async () => {
  const cancelled = await run(['tasks', 'cancel', 'tsk_01TEST', '--reason', 'no'])
  assert.equal(cancelled.asked, [{ request: 'POST /v1/tasks/tsk_01TEST/cancel', body: { reason: 'no' } }])
  assert.is(cancelled.out, 'tsk_01TEST is cancelled.\n')
  const rerun = await run(['tasks', 'rerun', 'tsk_01TEST', '--json'])
  assert.equal(rerun.asked, [{ request: 'POST /v1/tasks/tsk_01TEST/rerun', body: {} }])
  assert.equal(JSON.parse(rerun.out), { id: 'tsk_01TEST', version: 1, sequence: 7 })
})

test.run()

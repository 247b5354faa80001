// `casebook sessions ask|chat` against a server that says what each test wants: what is asked, what is written, how it ends.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { answerIdOf, chatStageIdOf } from '../../domain/session/session-ids.ts'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import type { ChatView } from '../../projections/chat-view.ts'
import { type SessionEvent, storedType } from '../../schemas/events.ts'
import { at, session } from '../support/session-samples.ts'

const one = answerIdOf(session, 1)
const two = answerIdOf(session, 2)
const stageId = chatStageIdOf(session)

/** Answers a POST and a GET with these, and the stream with the frames. */
const run = async (args: readonly string[], answer: unknown, frames: readonly string[] = []) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`)
      if (request.url?.includes('/stream') === true) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const frame of frames) response.write(frame)
      } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let out = ''
  let code = 0
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
    {
      terminal: false,
      exitWith: (given) => {
        code = given
      },
    },
  )
  await program.parseAsync([...args], { from: 'user' })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return { out, code, asked }
}

const commit = (sequence: number, ...events: readonly SessionEvent[]): string => {
  const told = events.map(({ type, data }) => ({ type: storedType(type), data }))
  return `id: ${sequence}\nevent: commit\ndata: ${JSON.stringify({ sequence, version: sequence, events: told })}\n\n`
}
const delta = (executionId: string, text: string): string =>
  `event: delta\ndata: ${JSON.stringify({ executionId, turn: 1, attempt: 1, kind: 'text', offset: 0, text })}\n\n`
const replied = (executionId: typeof one, text: string): SessionEvent => ({
  type: 'session.model_replied',
  data: {
    executionId,
    turn: 1,
    text: { text },
    toolCalls: [],
    finishReason: 'stop',
    usage: { inputTokens: 10, outputTokens: 5 },
    by: { provider: 'p', model: 'm', simulated: false },
    durationMs: 400,
  },
})
const ended = (executionId: typeof one, data: object): SessionEvent => ({
  type: 'session.execution_ended',
  data: { executionId, stageId, status: 'completed', ...data },
})
const question: SessionEvent = {
  type: 'session.question_asked',
  data: { executionId: two, text: { text: 'Why?' }, by: { kind: 'user', id: 'ana' }, at, commandId: 'c' },
}
const started: SessionEvent = {
  type: 'session.execution_started',
  data: { executionId: two, stageId, agent: 'chat', controller: 'chat', at },
}
const written = { id: session, version: 9, sequence: 40, executionId: two }

test('ask follows its own answer, and tells nothing of the one before it', async () => {
  const { out, code, asked } = await run(['sessions', 'ask', session, 'Why?'], written, [
    commit(40, question),
    delta(one, 'Of another.'),
    commit(41, replied(one, 'Of another.'), ended(one, {}), started),
    delta(two, 'The '),
    commit(42, replied(two, 'The disk.'), ended(two, {})),
  ])
  assert.is(
    out,
    [
      'question from ana: Why?',
      '  agent chat (chat)',
      '  │ The disk.',
      '  turn 1: m, 0.4 s, 10 tokens in, 5 out',
      '',
    ].join('\n'),
  )
  assert.is(code, 0)
  assert.equal(asked, [
    `POST /v1/sessions/${session}/chat {"text":"Why?"}`,
    `GET /v1/sessions/${session}/stream?after=39`,
  ])
})

test('a question that is not answered ends with 1 and says why', async () => {
  const cause = { code: 'model_auth', message: 'No key.', nextStep: 'Set it.' }
  const { out, code } = await run(['sessions', 'ask', session, 'Why?'], written, [
    commit(40, question, started),
    commit(41, ended(two, { status: 'failed', cause })),
  ])
  assert.is(code, 1)
  assert.match(out, /not answered \(failed\): No key\.\nSet it\.\n$/)
})

test('without following, ask says where the answer will be; as JSON it is what the server said', async () => {
  const quiet = await run(['sessions', 'ask', session, 'Why?', '--no-follow'], written)
  assert.is(quiet.out, `${two} answers; see "casebook sessions chat ${session}".\n`)
  assert.equal(JSON.parse((await run(['sessions', 'ask', session, 'Why?', '--json'], written)).out), written)
})

test('chat tells questions, calls and answers in their order; text from outside cannot drive the terminal', async () => {
  const item: ChatView = {
    org: 'default',
    sessionId: session,
    id: one,
    number: 1,
    status: 'answered',
    askedBy: { kind: 'user', id: 'ana' },
    askedAt: at,
    question: { text: 'Why?\u001b[2J' },
    startedAt: at,
    endedAt: at,
    answer: { text: 'The disk.\nIt is full.' },
    cause: null,
    model: 'm',
    simulated: true,
    turns: 1,
    toolCalls: [{ id: 'call_1', name: 'host__disk', status: 'succeeded' }],
    usage: { inputTokens: 1, outputTokens: 1 },
    cost: { usdMicros: 0, unpricedReplies: 1 },
    executions: [one],
    sequence: 42,
  }
  const waiting: ChatView = {
    ...item,
    id: two,
    number: 2,
    status: 'waiting',
    answer: null,
    toolCalls: [],
    simulated: false,
  }
  const { out, asked } = await run(['sessions', 'chat', session, '--limit', '2'], { items: [item, waiting], next: 'n' })
  assert.is(
    out,
    [
      `1. ana, ${at}: Why?\uFFFD[2J`,
      '  → host__disk succeeded',
      '  │ The disk.',
      '  │ It is full.',
      '  (simulated: no language model wrote this)',
      `2. ana, ${at}: Why?\uFFFD[2J`,
      '  waiting',
      'More: --cursor n',
      '',
    ].join('\n'),
  )
  assert.equal(asked, [`GET /v1/sessions/${session}/chat?limit=2`])
  assert.is((await run(['sessions', 'chat', session], { items: [], next: null })).out, 'Nobody has asked.\n')
})

test.run()

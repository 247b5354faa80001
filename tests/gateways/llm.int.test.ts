// The model gateway against an HTTP server that answers as told: whole, bent, broken, late or never.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { z } from 'zod'
import { createOpenAiModel } from '../../gateways/llm/openai-model.ts'
import { createPriceOfReply } from '../../gateways/llm/price-of-reply.ts'
import { type ModelDelta, ModelFailed, type ModelRequest } from '../../handlers/ports/language-model.ts'
import type { ModelFailureClass } from '../../schemas/model.ts'
import { providerDefinition } from '../../schemas/provider-definition.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import { eventually } from '../support/eventually.ts'

type Behaviour = (response: ServerResponse, body: unknown, request: IncomingMessage) => void

let behave: Behaviour = (response) => response.end()
let requests = 0
const server = createServer((request, response) => {
  requests++
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => behave(response, JSON.parse(Buffer.concat(chunks).toString()), request))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const key = 'sk-test-0123456789abcdef'
const timeouts = { firstTokenMs: 60_000, stallMs: 60_000, callMs: 120_000 }
const modelWith = (
  provider: Partial<z.input<typeof providerDefinition>> = {},
  options: { readonly timeouts?: Partial<typeof timeouts>; readonly secret?: string | undefined } = { secret: key },
) =>
  createOpenAiModel({
    providers: () => ({
      scripted: providerDefinition.parse({
        base_url: `http://127.0.0.1:${port}/v1`,
        api_key_env: 'SCRIPTED_KEY',
        model: 'small',
        ...provider,
      }),
    }),
    priceOf: createPriceOfReply(() => []),
    secret: (name) => (name === 'SCRIPTED_KEY' ? ('secret' in options ? options.secret : key) : undefined),
    timeouts: { ...timeouts, ...options.timeouts },
  })

const ask: ModelRequest = {
  provider: 'scripted',
  model: 'small',
  messages: [{ role: 'user', text: 'What is wrong?' }],
  tools: [],
}
const tool = (name: string): OfferedTool => ({
  name,
  server: 'files',
  tool: name,
  description: 'Reads.',
  inputSchema: { type: 'object', properties: {} },
  effect: 'read_only',
})
const never = new AbortController().signal

const call = async (model = modelWith(), request = ask, signal: AbortSignal = never) => {
  const deltas: ModelDelta[] = []
  const reply = await model.reply(request, (delta) => deltas.push(delta), signal)
  return { reply, deltas }
}

const failure = async (model = modelWith(), request = ask): Promise<ModelFailed> => {
  try {
    await call(model, request)
  } catch (error) {
    if (error instanceof ModelFailed) {
      assert.match(error.message, /^scripted\/small: /)
      assert.not.match(error.message, key)
      assert.not.match(inspect(error, { depth: 10, showHidden: true }), key, 'nor anywhere in the error')
      return error
    }
    throw error
  }
  throw new Error('there was a reply')
}

const begin = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}
const frame = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const chunk = (delta: object, finish: string | null = null, more: object = {}): string =>
  frame({ id: 'c', model: 'small-2026', choices: [{ index: 0, delta, finish_reason: finish }], ...more })
const done = 'data: [DONE]\n\n'
const streaming =
  (...frames: readonly string[]): Behaviour =>
  (response) => {
    begin(response)
    response.end(frames.join(''))
  }
const status =
  (code: number, body: object | string, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

test('text and thinking stream, and the reply says who answered and what it cost', async () => {
  behave = streaming(
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Hm. ' }),
    chunk({ reasoning: 'Disk?' }),
    chunk({ content: 'The disk ' }),
    chunk({ content: 'is full.' }),
    chunk({}, 'stop'),
    frame({
      model: 'small-2026',
      choices: [],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    }),
    done,
  )
  const { reply, deltas } = await call(modelWith({ simulated: true }))
  assert.is(reply.text, 'The disk is full.')
  assert.is(reply.thinking, 'Hm. Disk?')
  assert.equal(reply.usage, { inputTokens: 100, outputTokens: 20, cachedInputTokens: 60, reasoningTokens: 5 })
  assert.equal(reply.by, { provider: 'scripted', model: 'small-2026', simulated: true })
  assert.is(reply.finishReason, 'stop')
  assert.ok((reply.firstTokenMs ?? 0) > 0 && reply.durationMs >= (reply.firstTokenMs ?? 0))
  assert.equal(deltas, [
    { kind: 'thinking', text: 'Hm. ' },
    { kind: 'thinking', text: 'Disk?' },
    { kind: 'text', text: 'The disk ' },
    { kind: 'text', text: 'is full.' },
  ])
})

test('the request carries the conversation, the tools under allowed names, and the key', async () => {
  let seen: unknown
  let authorization: string | undefined
  behave = (response, body, request) => {
    seen = body
    authorization = request.headers.authorization
    streaming(chunk({ content: 'ok' }, 'stop'), done)(response, body, request)
  }
  await call(modelWith(), {
    ...ask,
    temperature: 0.2,
    tools: [tool('files__read.text')],
    messages: [
      { role: 'system', text: 'Be brief.' },
      {
        role: 'assistant',
        text: '',
        toolCalls: [
          { id: 't1', name: 'files__read.text', arguments: '{"path":"/a"}' },
          { id: 't2', name: 'files__read.text', arguments: 'not json' },
        ],
      },
      { role: 'tool', toolCallId: 't1', text: 'content' },
      { role: 'tool', toolCallId: 't2', text: 'The arguments were no JSON.' },
    ],
  })
  assert.is(authorization, `Bearer ${key}`)
  const called = (id: string, written: string) => ({
    id,
    type: 'function',
    function: { name: 'files__read_text', arguments: written },
  })
  assert.equal(seen, {
    model: 'small',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: null, tool_calls: [called('t1', '{"path":"/a"}'), called('t2', '{}')] },
      { role: 'tool', tool_call_id: 't1', content: 'content' },
      { role: 'tool', tool_call_id: 't2', content: 'The arguments were no JSON.' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    tools: [
      {
        type: 'function',
        function: {
          name: 'files__read_text',
          description: 'Reads.',
          parameters: { type: 'object', properties: {} },
        },
      },
    ],
    temperature: 0.2,
  })
})

test('without a key no Authorization is sent, not even the one meant for OpenAI', async () => {
  let headers: IncomingMessage['headers'] = {}
  behave = (response, body, request) => {
    headers = request.headers
    streaming(chunk({ content: 'ok' }, 'stop'), done)(response, body, request)
  }
  const before = { ...process.env }
  Object.assign(process.env, { OPENAI_API_KEY: key, OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'project-1' })
  try {
    await call(modelWith({ api_key_optional: true }, { secret: undefined }))
  } finally {
    process.env = before
  }
  assert.is(headers.authorization, undefined)
  assert.is(headers['openai-organization'], undefined)
  assert.is(headers['openai-project'], undefined)
})

test('tool calls are put together from interleaved fragments and come back under their own names', async () => {
  const fragment = (index: number, more: object): object => ({ tool_calls: [{ index, ...more }] })
  const long = JSON.stringify({ path: '/var/log', note: 'x'.repeat(500) })
  behave = streaming(
    chunk(fragment(0, { id: 'a', type: 'function', function: { name: 'files__read_text', arguments: '' } })),
    chunk(fragment(1, { id: 'b', type: 'function', function: { name: 'made_up', arguments: '{"n"' } })),
    ...Array.from(long, (letter) => chunk(fragment(0, { function: { arguments: letter } }))),
    chunk(fragment(1, { function: { arguments: ':1}' } })),
    chunk({}, 'tool_calls'),
    done,
  )
  const { reply, deltas } = await call(modelWith(), { ...ask, tools: [tool('files__read.text')] })
  assert.equal(reply.toolCalls, [
    { name: 'files__read.text', arguments: long },
    { name: 'made_up', arguments: '{"n":1}' },
  ])
  assert.is(reply.finishReason, 'tool_calls')
  assert.equal(deltas[0], { kind: 'tool_arguments', index: 0, text: '', name: 'files__read.text' })
  assert.is(
    deltas.map((delta) => (delta.kind === 'tool_arguments' && delta.index === 0 ? delta.text : '')).join(''),
    long,
  )
})

test('endpoints that number every call 0, none, repeat names or say "stop" are understood', async () => {
  const calls = (...each: readonly object[]): object => ({ tool_calls: each })
  behave = streaming(
    chunk(calls({ index: 0, id: 'a', function: { name: 'one', arguments: '{"a"' } })),
    chunk(calls({ index: 0, id: 'a', function: { name: 'one', arguments: ':1}' } })),
    chunk(calls({ index: 0, id: 'b', function: { name: 'two', arguments: '{}' } })),
    chunk(calls({ id: 'c', function: { name: 'three', arguments: '{' } })),
    chunk(calls({ function: { arguments: '}' } })),
    chunk({}, 'stop'),
    done,
  )
  const { reply } = await call()
  assert.equal(reply.toolCalls, [
    { name: 'one', arguments: '{"a":1}' },
    { name: 'two', arguments: '{}' },
    { name: 'three', arguments: '{}' },
  ])
  assert.is(reply.finishReason, 'tool_calls')
})

test('an unheard-of finish reason, nonsense fields and a refusal make no failure', async () => {
  behave = streaming(
    chunk({ content: 7, tool_calls: 'x', refusal: 'I will not.' }),
    chunk({}, 'constructor', { usage: { prompt_tokens: 'many' }, model: null }),
    done,
  )
  const { reply } = await call()
  assert.is(reply.text, 'I will not.')
  assert.is(reply.finishReason, 'other')
})

for (const [finish, expected] of [
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['function_call', 'tool_calls'],
] as const) {
  test(`finish reason ${finish} becomes ${expected}`, async () => {
    behave = streaming(chunk({ content: 'x' }, finish), done)
    assert.is((await call()).reply.finishReason, expected)
  })
}

test('without usage the tokens are estimated at four bytes each', async () => {
  behave = streaming(chunk({ content: 'x'.repeat(400) }, 'stop'), done)
  const { usage } = (await call()).reply
  assert.is(usage.outputTokens, 100)
  assert.is(usage.inputTokens, Math.ceil(JSON.stringify([ask.messages, ask.tools]).length / 4))
})

const classes: readonly (readonly [number, ModelFailureClass])[] = [
  [400, 'invalid_request'],
  [401, 'auth'],
  [403, 'auth'],
  [404, 'invalid_request'],
  [409, 'invalid_request'],
  [413, 'invalid_request'],
  [418, 'other'],
  [422, 'invalid_request'],
  [429, 'rate_limited'],
  [500, 'transient'],
  [503, 'transient'],
  [529, 'transient'],
]
for (const [code, expected] of classes) {
  test(`status ${code} is of class ${expected}, tried once, and an echoed key is masked everywhere`, async () => {
    behave = status(code, { error: { message: `no: Bearer ${key}`, headers: { authorization: key } } })
    const before = requests
    const failed = await failure()
    assert.is(failed.class, expected)
    assert.is(failed.retryable, ['transient', 'rate_limited'].includes(expected))
    assert.match(failed.message, '__MASKED_API_KEY__')
    assert.is(requests, before + 1)
  })
}

test('a refused key says which variable to check', async () => {
  behave = status(401, { error: { message: 'Incorrect API key' } })
  assert.match((await failure()).message, 'check SCRIPTED_KEY')
})

test('a page of HTML in place of an error stays short', async () => {
  behave = status(502, `<html>${'x'.repeat(50_000)}</html>`, { 'content-type': 'text/html' })
  const failed = await failure()
  assert.is(failed.class, 'transient')
  assert.ok(failed.message.length < 600)
})

test('Retry-After is understood in seconds, milliseconds and as a date', async () => {
  const limited = async (headers: Readonly<Record<string, string>>) => {
    behave = status(429, { error: { message: 'slow down' } }, headers)
    return (await failure()).retryAfterMs
  }
  assert.is(await limited({ 'retry-after': '7' }), 7_000)
  assert.is(await limited({ 'retry-after-ms': '250', 'retry-after': '7' }), 250)
  const dated = (await limited({ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() })) ?? 0
  assert.ok(dated > 3_500_000 && dated <= 3_600_000, `${dated}`)
  assert.is(await limited({ 'retry-after': new Date(Date.now() - 30_000).toUTCString() }), 0)
  assert.is(await limited({ 'retry-after': 'soon' }), undefined)
  assert.is(await limited({}), undefined)
})

test('a refused connection and an unknown host are transient', async () => {
  const refused = await failure(modelWith({ base_url: 'http://127.0.0.1:9/v1' }))
  assert.is(refused.class, 'transient')
  assert.match(refused.message, /ECONNREFUSED|bad port/)
  assert.is((await failure(modelWith({ base_url: 'http://no-such-host.invalid/v1' }))).class, 'transient')
})

test('a connection reset before any answer is transient', async () => {
  behave = (response) => response.destroy()
  const failed = await failure()
  assert.is(failed.class, 'transient')
  assert.is(failed.partialText, undefined)
})

test('a stream cut by the network, between frames, and within one, keeps the text that had arrived', async () => {
  const opening = chunk({ content: 'The disk ' })
  const cuts: readonly Behaviour[] = [
    (response) => {
      begin(response)
      response.write(opening, () => response.destroy())
    },
    streaming(opening),
    streaming(opening, done),
    streaming(opening, chunk({ content: 'is full.' }).slice(0, 40)),
  ]
  for (const cut of cuts) {
    behave = cut
    const failed = await failure()
    assert.is(failed.class, 'transient')
    assert.is(failed.partialText, 'The disk ')
  }
})

test('a stream cut after its finish reason is a whole reply', async () => {
  behave = (response) => {
    begin(response)
    response.write(chunk({ content: 'All of it.' }, 'stop'), () => response.destroy())
  }
  assert.is((await call()).reply.text, 'All of it.')
})

test('an error inside the stream is classed by its code', async () => {
  const within = async (error: object) => {
    behave = streaming(chunk({ content: 'So far' }), frame({ error }))
    const failed = await failure()
    assert.is(failed.partialText, 'So far')
    return failed.class
  }
  assert.is(await within({ message: 'overloaded' }), 'transient')
  assert.is(await within({ message: 'slow down', code: 429 }), 'rate_limited')
  assert.is(await within({ message: 'too long', code: 'context_length_exceeded' }), 'invalid_request')
  assert.is(await within({ message: `who is ${key}?`, type: 'authentication_error' }), 'auth')
})

test('an answer that is no stream says to check base_url', async () => {
  behave = status(200, '<html>Welcome</html>', { 'content-type': 'text/html' })
  const failed = await failure()
  assert.is(failed.class, 'invalid_request')
  assert.match(failed.message, 'check base_url')
})

test('no first token in time is a time-out, though headers and an empty chunk came', async () => {
  behave = (response) => {
    begin(response)
    response.write(chunk({ role: 'assistant', content: '' }))
  }
  const failed = await failure(modelWith({}, { timeouts: { firstTokenMs: 150, stallMs: 20 } }))
  assert.is(failed.class, 'timeout')
  assert.match(failed.message, 'no first token within 0.15 s')
})

test('no answer at all is a time-out, and the request is ended', async () => {
  let closed = false
  behave = (response) => {
    response.on('close', () => {
      closed = true
    })
  }
  assert.is((await failure(modelWith({}, { timeouts: { firstTokenMs: 2_000 } }))).class, 'timeout')
  await eventually(() => closed)
})

test('a stream that stalls is a time-out with the text that had arrived', async () => {
  behave = (response) => {
    begin(response)
    response.write(chunk({ content: 'The disk ' }))
  }
  const failed = await failure(modelWith({}, { timeouts: { stallMs: 150 } }))
  assert.is(failed.class, 'timeout')
  assert.match(failed.message, 'stalled')
  assert.is(failed.partialText, 'The disk ')
})

test('a stream that never ends is cut by the time-out of the call', async () => {
  behave = (response) => {
    begin(response)
    const timer = setInterval(() => response.write(chunk({ content: '.' })), 20)
    response.on('close', () => clearInterval(timer))
  }
  const failed = await failure(modelWith({}, { timeouts: { callMs: 2_000 } }))
  assert.is(failed.class, 'timeout')
  assert.match(failed.message, 'not complete within 2 s')
  assert.match(failed.partialText ?? '', /^\.+$/)
})

test('an abort rejects with its reason and ends the request, before and during the stream', async () => {
  const reason = new DOMException('The session has ended.', 'AbortError')
  for (const first of ['', chunk({ content: 'The disk ' })]) {
    const controller = new AbortController()
    let closed = false
    behave = (response) => {
      response.on('close', () => {
        closed = true
      })
      if (first !== '') begin(response)
      if (first !== '') response.write(first)
      setImmediate(() => controller.abort(reason))
    }
    try {
      await call(modelWith(), ask, controller.signal)
      assert.unreachable()
    } catch (error) {
      assert.is(error, reason)
    }
    await eventually(() => closed)
  }
})

test('aborted beforehand, nothing is sent', async () => {
  const before = requests
  const reason = new DOMException('no', 'AbortError')
  try {
    await call(modelWith(), ask, AbortSignal.abort(reason))
    assert.unreachable()
  } catch (error) {
    assert.is(error, reason)
  }
  assert.is(requests, before)
})

test('a missing, empty or mangled key is an auth failure that names the variable and sends nothing', async () => {
  const before = requests
  for (const secret of [undefined, '', '  ', `${key} ${key}`, 'schlüssel']) {
    const failed = await failure(modelWith({}, { secret }))
    assert.is(failed.class, 'auth')
    assert.match(failed.message, 'SCRIPTED_KEY')
  }
  assert.is(requests, before)
})

test('a provider nobody configured is an invalid request', async () => {
  try {
    await call(modelWith(), { ...ask, provider: 'elsewhere' })
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof ModelFailed)
    assert.is(error.class, 'invalid_request')
    assert.match(error.message, 'elsewhere')
  }
})

test.after(() => {
  server.closeAllConnections()
  server.close()
})

test.run()

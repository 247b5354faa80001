// What a model endpoint replies, through the openai SDK: text, thinking and tool calls put together, usage made sense of.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createOpenAiModel } from '../../gateways/llm/openai-model.ts'
import { createToolAliases } from '../../gateways/llm/tool-aliases.ts'
import type { ModelDelta, ModelRequest } from '../../handlers/ports/language-model.ts'
import { replying, type ScriptedReply } from '../support/scripted-endpoint.ts'
import { against, apiKey, ask, failureOf, modelAt, request } from '../support/scripted-model.ts'
import { tools } from '../support/session-samples.ts'

const test = suite('a replying model endpoint')

const replyTo = (reply: ScriptedReply, changes: Partial<ModelRequest> = {}) =>
  against(
    (call) => replying(call.request, reply),
    async (endpoint) => ({ ...(await ask(modelAt(endpoint.url), changes)), sent: endpoint.calls[0] }),
  )

test('text and thinking come in deltas that add up to the reply', async () => {
  const { reply, deltas } = await replyTo({
    thinking: 'First I think for a good while, longer than one chunk.',
    text: 'Then I say what there is to say, in pieces.',
  })
  const joined = (kind: ModelDelta['kind']): string =>
    deltas
      .filter((delta) => delta.kind === kind)
      .map(({ text }) => text)
      .join('')
  assert.ok(deltas.length > 3)
  assert.is(joined('text'), reply.text)
  assert.is(joined('thinking'), reply.thinking)
  assert.is(reply.finishReason, 'stop')
  assert.equal(reply.by, { provider: 'scripted', model: 'some-model', simulated: false })
  assert.ok((reply.firstTokenMs ?? Number.POSITIVE_INFINITY) <= reply.durationMs)
})

test('tool calls are put together out of their fragments, in order, under the names of ours', async () => {
  const long = JSON.stringify({ path: '/var/log/a-rather-long-name-of-a-file.log', lines: 50 })
  const { reply, deltas, sent } = await replyTo(
    {
      toolCalls: [
        { name: 'host__disk', arguments: '{}' },
        { name: 'host__set', arguments: long },
        { name: 'made_up', arguments: '{"a":1}' },
      ],
    },
    { tools },
  )
  assert.equal(reply.toolCalls, [
    { name: 'host__disk', arguments: '{}' },
    { name: 'host__set', arguments: long },
    { name: 'made_up', arguments: '{"a":1}' },
  ])
  assert.is(reply.finishReason, 'tool_calls')
  const named = deltas.flatMap((delta) => (delta.kind === 'tool_arguments' && delta.name !== undefined ? [delta] : []))
  assert.equal(
    named.map(({ index, name }) => [index, name]),
    [
      [0, 'host__disk'],
      [1, 'host__set'],
      [2, 'made_up'],
    ],
  )
  assert.equal(
    sent?.request.tools.map(({ function: tool }) => tool.name),
    ['host__disk', 'host__restart', 'host__set'],
  )
})

test('interleaved fragments of two calls are kept apart, in the order in which the calls began', async () => {
  const frame = (index: number, name: string, text: string) => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index, id: `c${index}`, function: { name, arguments: text } }] } }],
  })
  const frames = [
    frame(1, 'b', '{"b"'),
    frame(0, 'a', '{"a"'),
    frame(1, '', ':2}'),
    frame(0, '', ':1}'),
    { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
  ]
  const { reply } = await against(
    () => ({ kind: 'stream', frames, ending: 'done' }),
    (endpoint) => ask(modelAt(endpoint.url)),
  )
  assert.equal(reply.toolCalls, [
    { name: 'b', arguments: '{"b":2}' },
    { name: 'a', arguments: '{"a":1}' },
  ])
  assert.is(reply.by.model, 'some-model', 'an endpoint that names no model is taken at its word')
})

const finishing = (usage: unknown, reason = 'stop') =>
  against(
    () => ({
      kind: 'stream',
      frames: [
        {
          model: 'other-model-2026',
          choices: [{ index: 0, delta: { content: 'Twelve bytes' }, finish_reason: reason }],
        },
        ...(usage === undefined ? [] : [{ model: 'other-model-2026', choices: [], usage }]),
      ],
      ending: 'done',
    }),
    async (endpoint) => (await ask(modelAt(endpoint.url))).reply,
  )

test('usage is taken with cached and reasoning tokens', async () => {
  const { usage, by } = await finishing({
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 64 },
    completion_tokens_details: { reasoning_tokens: 12 },
  })
  assert.equal(usage, { inputTokens: 100, outputTokens: 20, cachedInputTokens: 64, reasoningTokens: 12 })
  assert.is(by.model, 'other-model-2026')
})

test('usage with holes in it is taken as far as it goes', async () => {
  const holes = { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: null } }
  assert.equal((await finishing({ ...holes, completion_tokens_details: null })).usage, {
    inputTokens: 100,
    outputTokens: 20,
  })
})

test('usage that is missing or makes no sense is estimated', async () => {
  for (const usage of [undefined, null, { prompt_tokens: 'many' }, { prompt_tokens: -1, completion_tokens: 1.5 }]) {
    const { usage: estimated } = await finishing(usage)
    assert.is(estimated.outputTokens, 3)
    assert.ok(estimated.inputTokens > 5)
  }
})

test('a finish reason nobody knows is "other"', async () => {
  assert.is((await finishing(undefined, 'eos')).finishReason, 'other')
  assert.is((await finishing(undefined, 'length')).finishReason, 'length')
})

test('an empty reply is a reply: what it means is decided in the session', async () => {
  const { reply } = await replyTo({})
  assert.is(reply.text, '')
  assert.equal(reply.toolCalls, [])
  assert.is(reply.thinking, undefined)
})

test('the key goes into the Authorization header, and a missing one is told by the name of its variable', async () => {
  const { sent } = await replyTo({ text: 'yes' })
  assert.is(sent?.headers.authorization, `Bearer ${apiKey}`)

  const provider = { base_url: 'http://127.0.0.1:9/v1', model: 'm', api_key_env: 'ABSENT_KEY', simulated: false }
  const model = createOpenAiModel({
    providers: () => ({ scripted: { ...provider, api_key_optional: false } }),
    secret: () => undefined,
  })
  const failure = await failureOf(model)
  assert.is(failure.class, 'auth')
  assert.match(failure.message, 'ABSENT_KEY')
  assert.is((await failureOf(model, { provider: 'nobody' })).class, 'invalid_request')
})

test('an endpoint whose key is optional is called without one', async () => {
  await against(
    (call) => replying(call.request, { text: 'open to all' }),
    async (endpoint) => {
      const model = createOpenAiModel({
        providers: () => ({
          scripted: {
            base_url: endpoint.url,
            api_key_env: 'ABSENT_KEY',
            api_key_optional: true,
            model: 'm',
            simulated: true,
          },
        }),
        secret: () => undefined,
      })
      const { reply } = await ask(model)
      assert.is(reply.text, 'open to all')
      assert.ok(reply.by.simulated)
      assert.is(endpoint.calls[0]?.headers.authorization, undefined)
    },
  )
})

test('the conversation goes out as the protocol wants it', async () => {
  const { sent } = await replyTo(
    { text: 'ok' },
    {
      temperature: 0.2,
      messages: [
        ...request.messages,
        {
          role: 'assistant',
          text: '',
          toolCalls: [
            { id: 't1', name: 'host__disk', arguments: '{"a":1}' },
            { id: 't2', name: 'host__disk', arguments: 'not json' },
          ],
        },
        { role: 'tool', toolCallId: 't1', text: 'full' },
        { role: 'tool', toolCallId: 't2', text: 'refused' },
      ],
    },
  )
  const messages = sent?.request.messages ?? []
  assert.equal(
    messages.map(({ role }) => role),
    ['system', 'user', 'assistant', 'tool', 'tool'],
  )
  assert.equal(
    messages[2]?.tool_calls?.map(({ function: call }) => call.arguments),
    ['{"a":1}', '{}'],
    'arguments that are no JSON would have the whole history refused',
  )
  assert.is(messages[4]?.tool_call_id, 't2')
  assert.is(sent?.request['temperature'], 0.2)
  assert.equal(sent?.request['stream_options'], { include_usage: true })
  assert.is(sent?.request['tools']?.length, 0)
})

test('tool names providers would refuse get an alias, each its own, and come back as they were', () => {
  const long = 'x'.repeat(70)
  const names = [`srv__${long}a`, `srv__${long}b`, 'srv__with.dot', 'srv__with_dot', 'srv__ümlaut']
  const aliases = createToolAliases(names.map((name) => ({ name })))
  const given = names.map(aliases.aliasOf)
  assert.is(new Set(given).size, names.length)
  for (const alias of given) assert.match(alias, /^[a-zA-Z0-9_-]{1,64}$/)
  assert.equal(given.map(aliases.nameOf), names)
  assert.is(aliases.nameOf('made up'), 'made up')
  assert.match(aliases.aliasOf('made up'), /^[a-zA-Z0-9_-]{1,64}$/)
})

test.run()

// The real client against a server that speaks as each provider does: the same reply, whatever the dialect.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { z } from 'zod'
import { createOpenAiModel } from '../../gateways/llm/openai-model.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { providerDefinition } from '../../schemas/provider-definition.ts'
import { dialects, expected, refusals } from '../support/dialects.ts'
import { root } from '../support/markdown.ts'
import { against, ask, failureOf, request } from '../support/model-gateway-world.ts'
import { framesOf, replying } from '../support/scripted-endpoint.ts'
import { tools } from '../support/session-samples.ts'

const variables = { VERTEXAI_PROJECT: 'my-project', AZURE_OPENAI_ENDPOINT: 'https://name.openai.azure.com' }
const { configuration } = await loadConfiguration({ builtInDir: join(root, 'config'), variables })

type Written = z.input<typeof providerDefinition>
/** A provider as it is configured, but for its address. */
const modelOf = (url: string, provider: Written, key: string | undefined = 'key-0123456789') =>
  createOpenAiModel({
    providers: () => ({ scripted: providerDefinition.parse({ ...provider, base_url: url }) }),
    priceOf: () => undefined,
    secret: (name) => (name === provider.api_key_env ? key : variables[name as keyof typeof variables]),
  })
const preset = (name: string): Written => {
  const provider = configuration.providers[name]
  if (provider === undefined) throw new Error(`no preset ${name}`)
  return provider
}

for (const [name, { frames, usage, thinking }] of Object.entries(dialects)) {
  test(`${name}: thinking, text and calls come whole, and are told apart as they come`, async () => {
    const behave = () => ({ kind: 'stream', frames, ending: 'done' }) as const
    await against(behave, async ({ url }) => {
      const { reply, deltas } = await ask(modelOf(url, configuration.providers[name] ?? { base_url: url, model: 'm' }))
      assert.is(reply.text, expected.text)
      assert.equal(reply.toolCalls, expected.toolCalls)
      assert.is(reply.thinking ?? '', thinking)
      assert.equal([reply.usage.inputTokens, reply.usage.outputTokens], [usage.inputTokens, usage.outputTokens])
      assert.is(reply.finishReason, 'tool_calls')
      const said = (kind: string) => deltas.flatMap((each) => (each.kind === kind ? [each.text] : [])).join('')
      assert.is(said('text'), expected.text)
      assert.is(said('thinking'), thinking)
      assert.is(said('tool_arguments'), expected.toolCalls.map((each) => each.arguments).join(''))
      const named = deltas.flatMap((each) => (each.kind === 'tool_arguments' && each.name ? [each.name] : []))
      assert.equal(
        named,
        expected.toolCalls.map((each) => each.name),
      )
    })
  })
}

for (const [name, status, body, words] of refusals) {
  test(`${name}: what it says when it refuses reaches the operator`, async () => {
    const behave = () =>
      ({ kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) as const
    await against(behave, async ({ url }) => {
      assert.match((await failureOf(modelOf(url, preset(name)))).message, words)
    })
  })
}

test('an error inside the stream, as OpenRouter sends it, is a failure with its words', async () => {
  const frames = [
    {
      id: 'x',
      error: { code: 502, message: 'Provider disconnected' },
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    },
  ]
  await against(
    () => ({ kind: 'stream', frames, ending: 'done' }),
    async ({ url }) => {
      const failure = await failureOf(modelOf(url, preset('openrouter')))
      assert.is(failure.class, 'transient')
      assert.match(failure.message, /Provider disconnected/)
    },
  )
})

test('each request carries what its provider needs, and no more', async () => {
  const sent = async (provider: Written, changes: Partial<typeof request> = {}, key?: string) =>
    against(
      ({ request: asked }) => replying(asked, { text: 'Yes.' }),
      async ({ url, calls }) => {
        await ask(modelOf(url, provider, key), { tools, temperature: 0.2, ...changes })
        const [call] = calls
        if (call === undefined) throw new Error('nobody asked')
        return call
      },
    )

  const openai = await sent(preset('openai'), { webSearch: true })
  assert.is(openai.headers.authorization, 'Bearer key-0123456789')
  assert.equal(openai.request['web_search_options'], {})
  assert.is((await sent(preset('openai'))).request['web_search_options'], undefined)

  const azure = await sent({ ...preset('azure'), query: { 'api-version': '2024-10-21' } })
  assert.equal([azure.headers['api-key'], azure.headers.authorization], ['key-0123456789', undefined])
  assert.match(azure.path, /^\/v1\/chat\/completions\?api-version=2024-10-21$/)

  const openrouter = await sent(preset('openrouter'), { webSearch: true })
  assert.equal([openrouter.headers['x-title'], openrouter.request['plugins']], ['Casebook', [{ id: 'web' }]])

  const history = {
    role: 'assistant',
    text: '',
    toolCalls: [{ id: 'c1', name: 'host__disk', arguments: '{}' }],
  } as const
  const messages = [...request.messages, history, { role: 'tool', toolCallId: 'c1', text: '93 %' } as const]
  const gemini = await sent(preset('gemini'), { messages })
  assert.match(JSON.stringify(gemini.request['extra_body']), /"include_thoughts":true/)
  assert.match(JSON.stringify(gemini.request.messages), /"thought_signature":"skip_thought_signature_validator"/)
  assert.not.match(JSON.stringify((await sent(preset('anthropic'), { messages })).request), /thought_signature/)

  const ollama = await sent(preset('ollama'))
  assert.is(ollama.headers.authorization, undefined)

  const picky = await sent({
    ...preset('vllm'),
    omit: ['temperature', 'stream_options'],
    body: { reasoning_effort: 'low' },
  })
  assert.equal(
    ['temperature', 'stream_options', 'reasoning_effort', 'parallel_tool_calls'].map((field) => picky.request[field]),
    [undefined, undefined, 'low', undefined],
  )
})

test('without its key, or without the variables of its address, a provider says which to set', async () => {
  const unset = createOpenAiModel({
    providers: () => configuration.providers,
    priceOf: () => undefined,
    secret: () => undefined,
  })
  for (const [provider, variable, failureClass] of [
    ['anthropic', 'ANTHROPIC_API_KEY', 'auth'],
    ['gemini', 'GEMINI_API_KEY', 'auth'],
    ['xai', 'XAI_API_KEY', 'auth'],
    ['openrouter', 'OPENROUTER_API_KEY', 'auth'],
    ['vertexai', 'VERTEXAI_PROJECT', 'invalid_request'],
    ['azure', 'AZURE_OPENAI_ENDPOINT', 'invalid_request'],
  ] as const) {
    const failure = await failureOf(unset, { provider })
    assert.is(failure.class, failureClass)
    assert.match(failure.message, `set ${variable}`)
  }
})

test('a parameter the endpoint refuses is told with the way to leave it out', async () => {
  const body = JSON.stringify({
    error: { message: "Unsupported value: 'temperature' does not support 0.2", type: 'invalid_request_error' },
  })
  await against(
    () => ({ kind: 'answer', status: 400, headers: { 'content-type': 'application/json' }, body }),
    async ({ url }) => {
      assert.match(
        (await failureOf(modelOf(url, preset('openai')))).message,
        /list temperature under omit of the provider/,
      )
    },
  )
})

test('pages that a search of the provider found come as citations, each once, and nothing else does', async () => {
  const cited = (url: string, title?: string) => ({
    type: 'url_citation',
    url_citation: { url, title, start_index: 0, end_index: 4 },
  })
  await against(
    ({ request: asked }) => {
      const [opening, ...rest] = framesOf(asked, { text: 'Known since May.' })
      const citing = {
        choices: [
          {
            index: 0,
            delta: { annotations: [cited('https://a.example/1', 'First'), cited('javascript:alert(1)'), 7] },
            finish_reason: null,
          },
        ],
        citations: ['https://a.example/1', 'https://b.example/2'],
      }
      return { kind: 'stream', frames: [opening, citing, ...rest], ending: 'done' }
    },
    async ({ url }) => {
      const { reply } = await ask(modelOf(url, preset('openrouter')), { webSearch: true })
      assert.is(reply.text, 'Known since May.')
      assert.equal(reply.citations, [{ url: 'https://a.example/1', title: 'First' }, { url: 'https://b.example/2' }])
    },
  )
})

test.run()

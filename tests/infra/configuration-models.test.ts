// What keeps a model from being asked is said before it is: keys and addresses that are not set, a search nobody offers.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSession } from '../../domain/plan/plan-session.ts'
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import { session } from '../support/session-samples.ts'
import { type Files, issuesOf, load, removeFolders, told, type Variables } from './configuration-folder.ts'

test.after(removeFolders)

const warningsOf = async (files: Files, variables: Variables = {}): Promise<readonly string[]> =>
  told((await load(files, variables)).warnings).map((line) => line.replace(/^\S*?(?=providers\.)/, ''))

test('a provider in use without its key or its address is named with the variable to set', async () => {
  const own = { 'a.yaml': 'defaults: { provider: anthropic, fallback: [azure] }' }
  const told = (await warningsOf(own)).join('\n')
  assert.match(told, /providers\.anthropic\.api_key_env: agent "investigator" asks .* ANTHROPIC_API_KEY is not set/)
  assert.match(told, /providers\.azure\.api_key_env: .* AZURE_OPENAI_API_KEY is not set/)
  assert.match(told, /providers\.azure\.needs_env: .* AZURE_OPENAI_ENDPOINT is not set/)
  const set = { ANTHROPIC_API_KEY: 'k', AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://a.example' }
  assert.equal(await warningsOf(own, set), [])
})

test('who sums up results is in use, too; who is not asked, and who needs no key, is not named', async () => {
  const chain = (settings: string) => ({
    'a.yaml': `chains:\n  c: { ${settings}, stages: [{ name: a, agent: analyst }, { name: b, agent: investigator }] }`,
  })
  assert.match((await warningsOf(chain('summarize_results: { provider: xai }'))).join(), /XAI_API_KEY/)
  assert.equal(await warningsOf(chain('provider: ollama')), [])
  assert.equal(await warningsOf(chain('provider: vllm')), [])
  assert.match((await warningsOf(chain('provider: openai'))).join(), /OPENAI_API_KEY/)
  assert.equal(await warningsOf(chain('provider: openai'), { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }), [])
})

test('helpers, children, who weighs, and who answers afterwards are in use, too', async () => {
  const asked = async (agents: string, chain: string) =>
    (await warningsOf({ 'a.yaml': `agents: { ${agents} }\nchains: { c: { ${chain} } }` })).join('\n')
  const look = 'stages: [{ name: look, agent: lead }]'
  const other = 'other: { provider: xai }'
  const expected = /agent "other" asks .* XAI_API_KEY is not set/
  assert.match(await asked(`${other}, lead: { helpers: [other] }`, look), expected)
  assert.match(await asked(`${other}, mid: { child_agents: [other] }, lead: { child_agents: [mid] }`, look), expected)
  assert.match(await asked(`${other}, lead: {}`, `chat_agent: other, ${look}`), expected)
  const weighed = 'stages: [{ name: look, agents: [lead, lead], synthesis: other }]'
  assert.match(await asked(`${other}, lead: {}`, weighed), expected)
  assert.is(await asked(`${other}, lead: {}`, look), '')
})

test('a chat agent that is to search the web where nobody offers it is refused', async () => {
  const files = {
    'a.yaml': [
      'agents: { guide: { provider: xai, controller: chat, web_search: true } }',
      'chains: { c: { chat_agent: guide, stages: [{ name: a, agent: investigator }] } }',
    ].join('\n'),
  }
  assert.match(told(await issuesOf(files)).join(), /agents\.guide\.web_search: provider "xai" offers no search/)
})

test('an agent that is to search the web where nobody offers it is refused, with who does', async () => {
  const agent = (provider: string) => ({
    'a.yaml': [
      `agents: { seeker: { provider: ${provider}, web_search: true } }`,
      'chains: { c: { stages: [{ name: a, agent: seeker }] } }',
    ].join('\n'),
  })
  for (const provider of ['anthropic', 'gemini', 'xai', 'azure', 'ollama', 'vllm', 'simulator']) {
    const [issue = ''] = told(await issuesOf(agent(provider)))
    assert.is(
      issue,
      `a.yaml:1 agents.seeker.web_search: provider "${provider}" offers no search of the web; ask one that does (openai, vertexai, openrouter), or leave it out`,
    )
  }
  for (const provider of ['openai', 'vertexai', 'openrouter']) assert.equal(await issuesOf(agent(provider)), [])
})

test('a request cannot be rewritten by the configuration of its provider', async () => {
  const [issue = ''] = told(
    await issuesOf({
      'a.yaml': 'providers: { own: { base_url: "http://a.example/v1", model: m, body: { messages: [] } } }',
    }),
  )
  assert.match(issue, /providers\.own\.body: .*model, messages, stream, tools/)
})

test('how long results are told is settled by the nearest word, whole, and pinned with the model', async () => {
  const { configuration, hash } = await load({
    'a.yaml': [
      'defaults: { provider: openai, model_aliases: { small: { provider: ollama, model: tiny } } }',
      'agents:',
      '  own: { summarize_results: { over_tokens: 900, model: small } }',
      'chains:',
      '  c:',
      '    stages:',
      '      - name: s',
      '        agents:',
      '          - investigator',
      '          - own',
      '          - { agent: own, summarize_results: false }',
      '          - { agent: own, summarize_results: { provider: vllm, to_tokens: 300 } }',
    ].join('\n'),
  })
  const started = {
    sessionId: session,
    title: '',
    input: { text: '' },
    origin: { kind: 'request' },
    labels: {},
    chain: 'c',
  } as const
  const planned = planSession(started, configuration, hash)
  if (planned.kind !== 'plan') throw new Error(planned.problem.message)
  const pinned = planned.plan.stages[0]?.agents.map(({ agent }) => agent.summarizeResults) ?? []
  const expected: readonly PinnedAgent['summarizeResults'][] = [
    { overTokens: 5_000, toTokens: 1_000, provider: 'openai', model: 'gpt-5.2' },
    { overTokens: 900, toTokens: 1_000, provider: 'ollama', model: 'tiny' },
    undefined,
    { overTokens: 5_000, toTokens: 300, provider: 'vllm', model: 'default' },
  ]
  assert.equal(pinned, expected)
  assert.is(planned.plan.summaryAgent.summarizeResults, undefined, 'one that calls no tools has none')
})

test.run()

// Settings by layer: defaults, agent, chain, stage; the nearest word wins, and it is known which one it was.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSession } from '../../domain/plan/plan-session.ts'
import { resolveAgent } from '../../domain/plan/resolve-agent.ts'
import { isToolOffered } from '../../domain/plan/tool-offered.ts'
import type { Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'
import { sessionId } from '../../schemas/ids.ts'
import { agent } from '../support/session-samples.ts'
import { load, removeFolders } from './configuration-folder.ts'

test.after(removeFolders)

const providers = [
  'providers:',
  '  near: { base_url: "http://127.0.0.1:1/v1", model: near-model }',
  '  far: { base_url: "http://127.0.0.1:2/v1", model: far-model }',
  'mcp_servers:',
  '  extra: { transport: { type: http, url: "http://127.0.0.1:3/" }, instructions: "Be careful." }',
  '',
].join('\n')

const resolved = async (yaml: string, agentFile = '---\nmcp_servers: [host]\n---\nGo.\n') => {
  const { configuration } = await load({ 'a.yaml': providers + yaml, 'agents/scout.md': agentFile })
  return { configuration, found: resolveAgent('scout', configuration, { chain: 'c', stage: 0 }) }
}

const chain = (chainFields: string, stageFields: string): string =>
  `chains:\n  c:\n${chainFields}    stages:\n      - { name: look, agent: scout${stageFields} }\n`

test('each layer wins over the ones before it', async () => {
  const file = (fields: string): string => `---\nmcp_servers: [host]\n${fields}---\nGo.\n`
  const at = async (chainFields: string, stageFields: string, fields: string) =>
    (await resolved(chain(chainFields, stageFields), file(fields))).found.maxIterations
  const own = 'max_iterations: 3\n'
  const ofChain = '    max_iterations: 4\n'
  assert.equal(await at('', '', ''), { value: 20, layer: 'defaults', path: ['defaults', 'max_iterations'] })
  assert.equal(await at('', '', own), { value: 3, layer: 'agent', path: ['agents', 'scout', 'max_iterations'] })
  assert.equal(await at(ofChain, '', own), { value: 4, layer: 'chain', path: ['chains', 'c', 'max_iterations'] })
  assert.equal(await at(ofChain, ', max_iterations: 5', own), {
    value: 5,
    layer: 'stage',
    path: ['chains', 'c', 'stages', 0, 'max_iterations'],
  })
})

test('servers of a nearer layer replace those of a farther one, an empty list takes all away', async () => {
  const { found } = await resolved(chain('    mcp_servers: [host, extra]\n', ', mcp_servers: []'))
  assert.equal(found.mcpServers, { value: [], layer: 'stage', path: ['chains', 'c', 'stages', 0, 'mcp_servers'] })
  const outer = await resolved(chain('    mcp_servers: [extra]\n', ''))
  assert.equal(outer.found.mcpServers.value, ['extra'])
  const none = await resolved(`defaults: { mcp_servers: [extra] }\n${chain('', '')}`, 'Go.\n')
  assert.equal(none.found.mcpServers, { value: ['extra'], layer: 'defaults', path: ['defaults', 'mcp_servers'] })
})

test('a nearer provider brings its own model, unless a model is named as near', async () => {
  const file = '---\nprovider: far\nmodel: special\n---\nGo.\n'
  const plain = (await resolved(chain('', ''), file)).found
  assert.equal([plain.provider.value, plain.model.value], ['far', 'special'])
  const chained = (await resolved(chain('    provider: near\n', ''), file)).found
  assert.equal([chained.provider.layer, chained.provider.value, chained.model.value], ['chain', 'near', 'near-model'])
  assert.equal(chained.model.path, ['providers', 'near', 'model'])
  const staged = (await resolved(chain('    provider: near\n', ', model: other'), file)).found
  assert.equal([staged.provider.value, staged.model.value, staged.model.layer], ['near', 'other', 'stage'])
})

test('an alias stands for a model, and for its provider when it names one', async () => {
  const aliases = 'defaults:\n  model_aliases:\n    sonnet: plain-model\n    opus: { provider: far, model: big }\n'
  const of = async (model: string) => (await resolved(aliases + chain('', `, model: ${model}`))).found
  const sonnet = await of('sonnet')
  assert.equal([sonnet.provider.layer, sonnet.model.value], ['defaults', 'plain-model'])
  const opus = await of('opus')
  assert.equal([opus.provider.value, opus.provider.layer, opus.model.value], ['far', 'stage', 'big'])
})

const started = (name: string) => ({
  sessionId: sessionId.parse('ses_01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  title: 't',
  input: { text: 'x' },
  origin: { kind: 'request' as const },
  chain: name,
  labels: {},
})

const firstAgent = (configuration: Configuration): PinnedAgent | undefined => {
  const planned = planSession(started('c'), configuration, 'h')
  return planned.kind === 'plan' ? planned.plan.stages[0]?.agents[0]?.agent : undefined
}

test('the plan pins what was resolved, with the instructions of the servers that were', async () => {
  const file = '---\ntools: [mcp__extra__look]\ndisallowedTools: [mcp__extra__drop]\nmodel: opus-1\n---\nGo.\n'
  const { configuration } = await resolved(chain('', ', temperature: 0.5'), file)
  const pinned = firstAgent(configuration)
  assert.is(pinned?.model, 'opus-1')
  assert.is(pinned?.temperature, 0.5)
  assert.equal(pinned?.mcpServers, ['extra'])
  assert.equal(pinned?.instructions.servers, [{ server: 'extra', text: 'Be careful.' }])
  assert.equal(pinned?.tools, ['extra__look'])
  assert.equal(pinned?.disallowedTools, ['extra__drop'])
})

test('an agent that answers in one shot has no servers, whoever lists them', async () => {
  const { configuration, found } = await resolved(
    chain('    mcp_servers: [extra]\n', ''),
    '---\ncontroller: single_shot\n---\nGo.\n',
  )
  assert.equal(found.mcpServers, { value: [], layer: 'agent', path: ['agents', 'scout', 'controller'] })
  assert.equal(firstAgent(configuration)?.instructions.servers, [])
})

test('tools are offered by pattern, and what is disallowed never is', () => {
  const offered = (tools: string[] | undefined, disallowedTools: string[], name: string): boolean =>
    isToolOffered(agent({ ...(tools !== undefined && { tools }), disallowedTools }), name)
  assert.ok(offered(undefined, [], 'github__get_issue'))
  assert.ok(offered(['github__*'], [], 'github__get_issue'))
  assert.ok(offered(['*'], [], 'github__get_issue'))
  assert.ok(offered(['github__get_*e'], [], 'github__get_issue'))
  assert.not(offered([], [], 'github__get_issue'))
  assert.not(offered(['github__get'], [], 'github__get_issue'))
  assert.not(offered(['github.*'], [], 'github__get_issue'), 'a pattern is no regular expression')
  assert.not(offered(['hub__*'], [], 'github__get_issue'))
  assert.not(offered(['*'], ['github__*'], 'github__get_issue'))
  assert.not(offered(['*'], ['*_issue'], 'github__get_issue'))
  assert.not(offered(['a*aa'], [], 'aa'), 'parts do not overlap')
})

test.run()

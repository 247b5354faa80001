// A tarsy.yaml with its llm-providers.yaml becomes a folder of ours; every field is carried, changed with a word, or told as left behind.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration files, not of JavaScript.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { importTarsy } from '../../infra/settings/import/import-tarsy.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { ConfigurationInvalid, ImportRefused } from '../../infra/settings/settings-errors.ts'
import { builtInDir, folderOf, removeFolders, told } from './configuration-folder.ts'

test.after(removeFolders)

const tarsy = `system:
  dashboard_url: https://dash.example.org
queue:
  worker_count: 5
defaults:
  llm_provider: main_llm
  max_iterations: 15
  alert_type: Disk
  runbook: |
    Look at the disk first.
  success_policy: any
mcp_servers:
  Disk_Server:
    transport:
      type: stdio
      command: npx
      args: ["-y", "disk-mcp", "--home={{.DISK_HOME}}"]
      env: { DISK_TOKEN: "{{ .DISK_TOKEN }}" }
    instructions: Costs $\${5} a call.
    data_masking: { enabled: true }
  web:
    transport:
      type: http
      url: "https://{{.WEB_HOST}}/mcp/{{.SESSION_ID}}"
      bearer_token: "{{.WEB_TOKEN}}"
      timeout: 90
      verify_ssl: false
  literal:
    transport: { type: sse, url: "https://sse.example.org/", bearer_token: very-secret-words }
agents:
  DiskAgent:
    description: Looks at disks.
    mcp_servers: [Disk_Server]
    custom_instructions: |
      You look at disks.
    max_iterations: 8
    llm_backend: langchain
    skills: [disks]
  Templated:
    custom_instructions: "You watch {{.CLUSTER}}."
  Cleaner:
    type: action
    custom_instructions: You clean.
agent_chains:
  disk_chain:
    alert_types: [Disk, Inode]
    description: Disks.
    max_iterations: 30
    chat: { enabled: true }
    stages:
      - name: investigate
        agents:
          - name: DiskAgent
            llm_provider: side
          - name: KubernetesAgent
      - name: weigh
        agents: [{ name: SynthesisAgent }]
        success_policy: all
  watch:
    alert_types: [Watch]
    stages:
      - { name: look, agents: [{ name: Templated, max_iterations: 3 }] }
`

const llmProviders = `llm_providers:
  main_llm:
    type: openai
    model: gpt-5.2
    api_key_env: MAIN_KEY
  side:
    type: google
    model: gemini-3.7-flash
    api_key_env: SIDE_KEY
    native_tools: { google_search: true }
  local:
    type: openai
    model: qwen
    base_url: http://127.0.0.1:11434/v1
  cloud:
    type: vertexai
    model: claude-sonnet-5
    project_env: P
`

const variables = { DISK_HOME: '/d', DISK_TOKEN: 't', WEB_HOST: 'web.example.org', WEB_TOKEN: 'w', CLUSTER: 'prod' }

const imported = async () => {
  const folder = folderOf({ 'tarsy.yaml': tarsy, 'llm-providers.yaml': llmProviders })
  const out = join(folder, 'out')
  const report = await importTarsy(
    { tarsy: join(folder, 'tarsy.yaml'), providers: join(folder, 'llm-providers.yaml'), out },
    { builtInDir, variables },
  )
  return { out, report }
}

test('what is written loads, and says the same', async () => {
  const { out, report } = await imported()
  assert.equal(told(report.issues), [])
  assert.equal([...report.written].sort(), [
    'agents.yaml',
    'agents/cleaner.md',
    'agents/disk-agent.md',
    'agents/kubernetes-agent.md',
    'chains.yaml',
    'defaults.yaml',
    'mcp-servers.yaml',
    'providers.yaml',
  ])
  const { configuration, warnings } = await loadConfiguration({
    builtInDir,
    userDir: out,
    variables: { ...variables, MAIN_KEY: 'k', SIDE_KEY: 'k' },
  })
  assert.equal(told(warnings), [])
  const { agents, chains, defaults, mcp_servers: servers, providers } = configuration
  assert.is(defaults.provider, 'main-llm')
  assert.is(defaults.max_iterations, 15)
  assert.is(defaults.chain, 'disk-chain')
  assert.equal(providers['main-llm']?.base_url, 'https://api.openai.com/v1')
  assert.equal(providers['main-llm']?.api_key_env, 'MAIN_KEY')
  assert.equal(providers['local']?.base_url, 'http://127.0.0.1:11434/v1')
  assert.match(providers['side']?.base_url ?? '', /generativelanguage\.googleapis\.com/)
  assert.is(providers['cloud'], undefined)

  const disk = servers['disk-server']
  assert.equal(disk?.transport, {
    type: 'stdio',
    command: 'npx',
    args: ['-y', 'disk-mcp', '--home=/d'],
    env: { DISK_TOKEN: 't' },
  })
  assert.is(disk?.instructions, 'Costs $${5} a call.')
  const web = servers['web']
  assert.is(web?.call_timeout_seconds, 90)
  assert.is(web?.transport.type === 'http' && web.transport.bearer_token_env, 'WEB_TOKEN')
  assert.is(web?.transport.type === 'http' && web.transport.url, 'https://web.example.org/mcp/{{.SESSION_ID}}')
  assert.equal(servers['literal']?.transport, { type: 'sse', url: 'https://sse.example.org/', headers: {} })
  assert.ok(servers['kubernetes-server'], 'what is built in there and referred to is written out')

  assert.equal(agents['disk-agent']?.mcp_servers, ['disk-server'])
  assert.is(agents['disk-agent']?.instructions, 'You look at disks.')
  assert.is(agents['disk-agent']?.max_iterations, 8)
  assert.is(agents['templated']?.instructions, 'You watch prod.')
  assert.equal(agents['kubernetes-agent']?.mcp_servers, ['kubernetes-server'])

  const chain = chains['disk-chain']
  assert.equal(chain?.alert_types, ['Disk', 'Inode'])
  assert.is(chain?.max_iterations, 30)
  assert.is(chain?.runbook, 'Look at the disk first.\n')
  assert.equal(
    chain?.stages.map(({ name, agent, agents: several, policy }) => ({ name, agent, several, policy })),
    [
      {
        name: 'investigate',
        agent: undefined,
        several: [{ agent: 'disk-agent', provider: 'side' }, 'kubernetes-agent'],
        policy: 'any',
      },
      { name: 'weigh', agent: 'analyst', several: undefined, policy: 'all' },
    ],
  )
  assert.is(chains['watch']?.stages[0]?.max_iterations, 3)
})

test('each field that changed or was left behind has its line', async () => {
  const { report } = await imported()
  const lines = (issues: typeof report.changed): readonly string[] =>
    told(issues).map((line) => line.replace(/: .*/, ''))
  assert.equal(lines(report.notCarriedOver), [
    'tarsy.yaml:2 system.dashboard_url',
    'tarsy.yaml:4 queue.worker_count',
    'tarsy.yaml:24 mcp_servers.web.transport.url',
    'tarsy.yaml:27 mcp_servers.web.transport.verify_ssl',
    'tarsy.yaml:29 mcp_servers.literal.transport.bearer_token',
    'tarsy.yaml:37 agents.DiskAgent.llm_backend',
    'tarsy.yaml:38 agents.DiskAgent.skills',
    'llm-providers.yaml:10 llm_providers.side.native_tools.google_search',
    'llm-providers.yaml:15 llm_providers.cloud',
  ])
  assert.equal(lines(report.changed), [
    'tarsy.yaml:8 defaults.alert_type',
    'tarsy.yaml:9 defaults.runbook',
    'tarsy.yaml:13 mcp_servers.Disk_Server',
    'tarsy.yaml:25 mcp_servers.web.transport.bearer_token',
    'tarsy.yaml:26 mcp_servers.web.transport.timeout',
    'tarsy.yaml:31 agents.DiskAgent',
    'tarsy.yaml:39 agents.Templated',
    'tarsy.yaml:41 agents.Cleaner',
    'tarsy.yaml:42 agents.Cleaner.type',
    'tarsy.yaml:45 agent_chains.disk_chain',
    'tarsy.yaml:53 agent_chains.disk_chain.stages[0].agents[0].name',
    'tarsy.yaml:55 agent_chains.disk_chain.stages[0].agents[1].name',
    'tarsy.yaml:57 agent_chains.disk_chain.stages[1].agents[0].name',
    'tarsy.yaml:62 agent_chains.watch.stages[0].agents[0].name',
    'llm-providers.yaml:2 llm_providers.main_llm',
    'llm-providers.yaml:3 llm_providers.main_llm.type',
    'llm-providers.yaml:7 llm_providers.side.type',
  ])
  for (const { message } of [...report.changed, ...report.notCarriedOver]) {
    assert.not.match(message, /very-secret/)
    assert.ok(message.length > 10, message)
  }
})

test('parallel agents, replicas, policies, syntheses, sub-agents and fallbacks carry over', async () => {
  const folder = folderOf({
    'tarsy.yaml': `defaults:
  success_policy: all
  fallback_providers: [{ provider: side, backend: langchain }]
  orchestrator: { max_concurrent_agents: 3, agent_timeout: 2m30s, max_budget: 15m }
agents:
  Lead: { custom_instructions: Lead., orchestrator: { max_concurrent_agents: 2 } }
  Scout: { description: Scouts., custom_instructions: Scout. }
  Weigher: { type: synthesis, custom_instructions: Weigh. }
agent_chains:
  wide:
    alert_types: [Wide]
    sub_agents: [Scout]
    stages:
      - name: look
        agents: [{ name: Lead, sub_agents: [{ name: Scout, max_iterations: 3 }] }, { name: Scout, max_iterations: 4 }]
        success_policy: any
        synthesis: { agent: Weigher, llm_provider: side }
      - name: again
        replicas: 3
        max_iterations: 6
        agents: [{ name: Scout }, { name: Lead }]
        sub_agents: []
        synthesis: { agent: SynthesisAgent }
      - { name: end, agents: [{ name: Lead, fallback_providers: [{ provider: main, backend: x }] }], synthesis: { agent: Weigher } }
`,
    'llm-providers.yaml':
      'llm_providers:\n  side: { type: openai, model: m, api_key_env: K }\n  main: { type: openai, model: n, api_key_env: K }\n',
  })
  const out = join(folder, 'out')
  const report = await importTarsy(
    { tarsy: join(folder, 'tarsy.yaml'), providers: join(folder, 'llm-providers.yaml'), out },
    { builtInDir, variables: {} },
  )
  assert.equal(told(report.issues), [])
  const { chains, defaults } = (await loadConfiguration({ builtInDir, userDir: out, variables: {} })).configuration
  assert.equal(defaults.helper_limits, { depth: 2, concurrent: 3, total: 20, seconds: 150 })
  assert.equal(defaults.fallback, ['side'])
  const [look, again, end] = chains['wide']?.stages ?? []
  assert.equal(look?.agents, [
    { agent: 'lead', helpers: ['scout'] },
    { agent: 'scout', max_iterations: 4 },
  ])
  assert.equal([look?.policy, look?.synthesis, look?.helpers], ['any', 'weigher', ['scout']])
  assert.equal(
    [again?.agent, again?.replicas, again?.policy, again?.synthesis, again?.helpers, again?.max_iterations],
    ['scout', 3, 'all', undefined, [], 6],
  )
  assert.equal([end?.agent, end?.fallback, end?.helpers], ['lead', ['main'], ['scout']])
  assert.equal(
    told(report.notCarriedOver).map((line) => line.replace(/: .*/, '').replace('agent_chains.wide.stages', '')),
    [
      'tarsy.yaml:3 defaults.fallback_providers[0].backend',
      'tarsy.yaml:4 defaults.orchestrator.max_budget',
      'tarsy.yaml:6 agents.Lead.orchestrator.max_concurrent_agents',
      'tarsy.yaml:15 [0].agents[0].sub_agents[0].max_iterations',
      'tarsy.yaml:17 [0].synthesis.llm_provider',
      'tarsy.yaml:21 [1].agents[1]',
      'tarsy.yaml:24 [2].synthesis',
      'tarsy.yaml:24 [2].agents[0].fallback_providers[0].backend',
    ],
  )
})

test('limits, prices and the model of summaries carry over; what is always on here is no loss', async () => {
  const folder = folderOf({
    'tarsy.yaml': `system:
  cost_estimation:
    enabled: true
    model_rates: { m: { input_per_million: 1.5, output_per_million: 6 }, unknown: { input_per_million: 1, output_per_million: 1 } }
    promotions: [{ id: p, model: m, start: "2026-12-01T00:00:00Z", end: "2026-12-31", input_per_million: 1, output_per_million: 2 }]
queue: { max_concurrent_sessions: 7, session_timeout: 40m, worker_count: 5 }
defaults:
  llm_provider: side
  summarization: { llm_provider: small }
  alert_masking: { enabled: true, pattern_group: security }
agent_chains:
  one:
    alert_types: [One]
    chat: { enabled: true }
    stages: [{ name: look, agents: [{ name: Scout }] }]
agents: { Scout: { custom_instructions: Scout. } }
`,
    'llm-providers.yaml':
      'llm_providers:\n  side: { type: openai, model: m, api_key_env: K }\n  small: { type: openai, model: n, api_key_env: K }\n',
  })
  const out = join(folder, 'out')
  const report = await importTarsy(
    { tarsy: join(folder, 'tarsy.yaml'), providers: join(folder, 'llm-providers.yaml'), out },
    { builtInDir, variables: { K: 'k' } },
  )
  assert.equal(told(report.issues), [])
  const { defaults } = (await loadConfiguration({ builtInDir, userDir: out, variables: { K: 'k' } })).configuration
  assert.is(defaults.queue.max_sessions, 7)
  assert.equal(defaults.budgets.session, { wall_seconds: 2_400 })
  assert.is(typeof defaults.summarize_results === 'object' && defaults.summarize_results.provider, 'small')
  assert.equal(defaults.model_prices, [
    { provider: 'side', model: 'm', input: 1.5, output: 6 },
    { provider: 'side', model: 'm', input: 1, output: 2, from: '2026-12-01', until: '2026-12-31' },
  ])
  assert.equal(
    told(report.notCarriedOver).map((line) => line.replace(/: .*/, '')),
    [
      'tarsy.yaml:4 system.cost_estimation.model_rates.unknown',
      'tarsy.yaml:6 queue.worker_count',
      'tarsy.yaml:10 defaults.alert_masking.pattern_group',
    ],
  )
})

test('a token that stands in the file is copied nowhere', async () => {
  const { out, report } = await imported()
  for (const file of report.written) assert.not.match(readFileSync(join(out, file), 'utf8'), /very-secret-words/)
})

test('what is missing in the source is told by the check of what was written', async () => {
  const folder = folderOf({
    'tarsy.yaml':
      'agents:\n  A: { custom_instructions: "x {{.NOT_SET}}" }\nagent_chains:\n  c: { alert_types: [T], stages: [{ name: s, agents: [{ name: Nobody }] }] }\n',
  })
  const report = await importTarsy(
    { tarsy: join(folder, 'tarsy.yaml'), providers: null, out: join(folder, 'out') },
    { builtInDir, variables: {} },
  )
  const messages = report.issues.map(({ message }) => message)
  assert.ok(messages.some((message) => /there is no agent "nobody"/.test(message)))
  assert.ok(messages.some((message) => /the variable NOT_SET is not set/.test(message)))
  const { configuration } = await loadConfiguration({
    builtInDir,
    userDir: folderOf({ 'providers.yaml': readFileSync(join(folder, 'out', 'providers.yaml'), 'utf8') }),
    variables: {},
  })
  assert.is(configuration.providers['google-default']?.model, 'gemini-3.7-flash', 'the default provider is written out')
})

test('nothing is written over, and a source that cannot be read is told', async () => {
  const folder = folderOf({ 'tarsy.yaml': 'agents: {}\n', 'out/mine.yaml': 'keep: me\n', 'broken.yaml': 'a: [\n' })
  const attempt = async (file: string, out: string): Promise<unknown> => {
    try {
      await importTarsy(
        { tarsy: join(folder, file), providers: null, out: join(folder, out) },
        { builtInDir, variables: {} },
      )
    } catch (error) {
      return error
    }
    return null
  }
  assert.instance(await attempt('tarsy.yaml', 'out'), ImportRefused)
  assert.is(readFileSync(join(folder, 'out/mine.yaml'), 'utf8'), 'keep: me\n')
  const missing = await attempt('nowhere.yaml', 'new')
  assert.instance(missing, ConfigurationInvalid)
  assert.match(String(missing), /nowhere\.yaml: cannot be read/)
  assert.match(String(await attempt('broken.yaml', 'new')), /broken\.yaml:\d+/)
  assert.not(existsSync(join(folder, 'new')))
})

test.run()

// The configuration as it is loaded: the built-in one, a user's over it, and every way to get it wrong.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration files, not of JavaScript.
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { ConfigurationInvalid } from '../../infra/settings/settings-errors.ts'
import { builtInDir, issuesOf, load, removeFolders, told } from './configuration-folder.ts'

test.after(removeFolders)

test('the built-in configuration is valid and complete', async () => {
  const { configuration, hash, sources } = await loadConfiguration({ builtInDir, variables: {} })
  assert.equal(Object.keys(configuration.agents).sort(), [
    'analyst',
    'builder',
    'chat',
    'deliverer',
    'investigator',
    'planner',
    'reviewer',
    'summarizer',
    'synthesizer',
  ])
  assert.equal(
    configuration.chains['default']?.stages.map(({ agent }) => agent),
    ['investigator'],
  )
  assert.equal(
    configuration.chains['thorough']?.stages.map(({ name }) => name),
    ['investigation', 'analysis'],
  )
  assert.equal(configuration.chains['three-views']?.stages[0]?.policy, { quorum: 2 })
  assert.equal(
    configuration.chains['plan-build-review-deliver']?.stages.map(({ agent, loop }) => [agent, loop?.max_cycles]),
    [
      ['planner', undefined],
      ['builder', undefined],
      ['reviewer', 2],
      ['deliverer', undefined],
    ],
  )
  assert.equal(configuration.agents['builder']?.helpers, ['investigator'])
  assert.is(configuration.defaults.provider, 'simulator')
  assert.is(configuration.providers['simulator']?.simulated, true)
  assert.match(configuration.agents['investigator']?.instructions ?? '', /inconclusive/)
  const { transport } = configuration.mcp_servers['host'] ?? {}
  assert.is(transport?.type === 'stdio' && transport.command, process.execPath)
  assert.equal(transport?.type === 'stdio' && transport.args, [
    join(dirname(builtInDir), 'gateways/host-tools/main.ts'),
  ])
  assert.match(hash, /^[0-9a-f]{64}$/)
  assert.is(sources.length, 13)
})

test('a key or an endpoint makes openai the default provider, unless a file names one', async () => {
  const provider = async (variables: Readonly<Record<string, string>>, files = {}): Promise<string> =>
    (await load(files, variables)).configuration.defaults.provider
  assert.is(await provider({ OPENAI_API_KEY: 'sk-1' }), 'openai')
  assert.is(await provider({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }), 'openai')
  assert.is(await provider({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }), 'simulator')
  assert.is(await provider({ OPENAI_API_KEY: 'sk-1' }, { 'a.yaml': 'defaults: { provider: simulator }' }), 'simulator')
})

test('a local endpoint without a key is called without one', async () => {
  const { configuration } = await load({}, { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', CASEBOOK_MODEL: 'qwen' })
  assert.is(configuration.providers['openai']?.api_key_optional, true)
  assert.is(configuration.providers['openai']?.base_url, 'http://127.0.0.1:11434/v1')
  assert.is(configuration.providers['openai']?.model, 'qwen')
})

test("a user's entry replaces the built-in one whole, and defaults change field by field", async () => {
  const { configuration } = await load({
    'mine.yaml': 'defaults:\n  max_iterations: 3\nchains:\n  default:\n    stages: [{ name: look, agent: scout }]\n',
    'agents/scout.md': '---\ndescription: Looks.\nmax_iterations: 2\n---\n\nLook around.\nSay ${WHAT} you see.\n',
  })
  assert.is(configuration.defaults.max_iterations, 3)
  assert.is(configuration.defaults.model_attempts, 5)
  assert.equal(configuration.chains['default']?.alert_types, [])
  assert.is(configuration.agents['scout']?.max_iterations, 2)
  assert.is(
    configuration.agents['scout']?.instructions,
    'Look around.\nSay ${WHAT} you see.',
    'a body is taken as it is',
  )
  assert.ok(configuration.agents['investigator'])
})

test('an agent file without front matter is all instructions', async () => {
  const { configuration } = await load({ 'agents/plain.md': 'Just do it.\n' })
  assert.is(configuration.agents['plain']?.instructions, 'Just do it.')
  assert.is(configuration.agents['plain']?.controller, 'native_tools')
})

test('variables are filled in, with defaults for unset and empty ones, and can be written plainly', async () => {
  const file = {
    'p.yaml': 'providers:\n  own:\n    base_url: ${ENDPOINT:-http://127.0.0.1:1/v1}\n    model: ${NAME}-$${NAME}\n',
  }
  const { configuration } = await load(file, { NAME: 'm', ENDPOINT: '' })
  assert.equal(configuration.providers['own'], {
    base_url: 'http://127.0.0.1:1/v1',
    api_key_optional: false,
    model: 'm-${NAME}',
    simulated: false,
  })
})

test('a number or a yes that is filled in is one where its field is one', async () => {
  const files = {
    'p.yaml': [
      'defaults: { max_iterations: "${TURNS:-7}", temperature: "${HEAT}" }',
      'providers:',
      '  own: { base_url: "http://127.0.0.1:1/v1", model: "${MODEL}", simulated: "${SIM}" }',
      'chains:',
      '  c: { stages: [{ name: s, agent: a, max_iterations: "${TURNS:-9}" }] }',
    ].join('\n'),
    'agents/a.md': '---\nmaxTurns: ${TURNS:-3}\n---\nGo.\n',
  }
  const { configuration } = await load(files, { HEAT: '0.5', MODEL: '5', SIM: 'true' })
  assert.is(configuration.defaults.max_iterations, 7)
  assert.is(configuration.defaults.temperature, 0.5)
  assert.is(configuration.providers['own']?.model, '5', 'a text stays a text')
  assert.is(configuration.providers['own']?.simulated, true)
  assert.is(configuration.chains['c']?.stages[0]?.max_iterations, 9)
  assert.is(configuration.agents['a']?.max_iterations, 3)
  assert.equal(told(await issuesOf({ 'a.yaml': 'defaults: { max_iterations: "5" }\n' })), [
    'a.yaml:1 defaults.max_iterations: must be number; it is "5"',
  ])
  assert.equal(told(await issuesOf({ 'a.yaml': 'defaults: { max_iterations: "${N}" }\n' }, { N: 'many' })), [
    'a.yaml:1 defaults.max_iterations: must be number; it is "${N}"',
  ])
})

test('a value filled in is text, never YAML', async () => {
  const { configuration } = await load(
    { 'p.yaml': 'chains:\n  a:\n    description: ${D}\n    stages: [{ name: x, agent: analyst }]' },
    { D: 'a: [b' },
  )
  assert.is(configuration.chains['a']?.description, 'a: [b')
})

test('every fault is told at once, with file, line, path and the mend', async () => {
  const issues = await issuesOf({
    'a.yaml': [
      'defaults:',
      '  max_iteration: 3',
      '  model_attempts: many',
      'chains:',
      '  mine:',
      '    alert_types: [DiskFull]',
      '    stages:',
      '      - name: one',
      '        agent: investigater',
      '      - nam: two',
      '        agent: analyst',
      'agent: {}',
    ].join('\n'),
    'agents/odd.md': '---\ncontroller: native_tool\nmcp_servers: [hots]\nprovider: ${NOWHERE}\n---\nHi.\n',
    'agents/lost.md': '---\nmcp_servers: [hots]\n---\nHi.\n',
  })
  assert.equal(told(issues), [
    'a.yaml:2 defaults.max_iteration: is no field of defaults; did you mean "max_iterations"?',
    'a.yaml:3 defaults.model_attempts: must be number; it is "many"',
    'a.yaml:10 chains.mine.stages[1].name: is missing; it must be string',
    'a.yaml:10 chains.mine.stages[1].nam: is no field here; did you mean "name"?',
    'a.yaml:12 agent: is no section; sections are defaults, agents, chains, mcp_servers, providers; did you mean "agents"?',
    'agents/lost.md:2 agents.lost.mcp_servers[0]: there is no MCP server "hots"; did you mean "host"?',
    'agents/odd.md:2 agents.odd.controller: must be one of native_tools, react, single_shot, chat; did you mean "native_tools"?; it is "native_tool"',
    'agents/odd.md:4 agents.odd.provider: the variable NOWHERE is not set; set it, or write ${NOWHERE:-default}',
  ])
})

test('a name that leads nowhere is told with what there is', async () => {
  const issues = await issuesOf({
    'a.yaml':
      'defaults:\n  chain: defualt\n  summary_agent: xyz\nchains:\n  b:\n    stages:\n      - { name: x, agent: analist }\n',
  })
  assert.equal(told(issues), [
    'a.yaml:2 defaults.chain: there is no chain "defualt"; did you mean "default"?',
    'a.yaml:3 defaults.summary_agent: there is no agent "xyz"; there are analyst, builder, chat, deliverer, investigator, planner, reviewer, summarizer, synthesizer',
    'a.yaml:7 chains.b.stages[0].agent: there is no agent "analist"; did you mean "analyst"?',
  ])
})

test('an alert type belongs to one chain', async () => {
  const stages = 'stages: [{ name: x, agent: analyst }]'
  const issues = await issuesOf({
    'a.yaml': `chains:\n  a:\n    alert_types: [Disk]\n    ${stages}\n  b:\n    alert_types: [Disk, '*']\n    ${stages}\n`,
  })
  assert.is(issues.length, 2)
  assert.match(
    told(issues)[0] ?? '',
    /^a\.yaml:6 chains\.b\.alert_types\[0\]: alert type "Disk" is taken by chain "a" \(.*a\.yaml:3\)/,
  )
  assert.match(told(issues)[1] ?? '', /alert type "\*" is taken by chain "default"/)
  const byLabel = `chains:\n  a:\n    alert_types: [Disk]\n    ${stages}\n  b:\n    alert_types: [Disk]\n    match_labels: { team: x }\n    ${stages}\n`
  assert.equal(await issuesOf({ 'a.yaml': byLabel }), [])
})

test('broken YAML, a list on top, an open front matter and a doubled entry are told where they are', async () => {
  assert.match(told(await issuesOf({ 'a.yaml': 'chains:\n  a: [\n' }))[0] ?? '', /^a\.yaml:\d+ : /)
  assert.match(told(await issuesOf({ 'a.yaml': '- x\n' }))[0] ?? '', /^a\.yaml:1 : must be a map/)
  assert.match(
    told(await issuesOf({ 'agents/a.md': '---\nx: 1\n' }))[0] ?? '',
    /^agents\/a\.md:1 agents\.a: the front matter/,
  )
  const doubled = await issuesOf({ 'a.yaml': 'agents:\n  a: {}\n', 'agents/a.md': 'Hi.\n' })
  assert.match(told(doubled)[0] ?? '', /agents\.a: is defined in .*a\.yaml:2 too; keep one/)
  assert.match(told(await issuesOf({ 'agents/A.md': 'Hi.\n' }))[0] ?? '', /the name "A" must be/)
  assert.match(
    told(await issuesOf({ 'a.yaml': 'providers: { p: { base_url: "${NOT CLOSED", model: m } }' }))[0] ?? '',
    /is no reference/,
  )
})

test('an empty file is nothing, and a folder that is not there is told', async () => {
  assert.equal(await issuesOf({ 'a.yaml': '# later\n', 'b.yaml': 'chains:\n' }), [])
  try {
    await loadConfiguration({ builtInDir, userDir: '/nonexistent/casebook', variables: {} })
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof ConfigurationInvalid)
    assert.match(error.message, /\/nonexistent\/casebook: is no folder/)
  }
})

test('what may be a secret is neither shown nor hashed', async () => {
  const file = (token: string) => ({
    's.yaml': `mcp_servers:\n  s:\n    transport:\n      type: http\n      url: http://127.0.0.1:1\n      headers: { authorization: '${token}' }\n`,
  })
  const first = await load(file('Bearer one'))
  assert.is((await load(file('Bearer two'))).hash, first.hash)
  const wrong = await issuesOf({
    's.yaml':
      'mcp_servers:\n  s:\n    transport:\n      type: http\n      url: http://127.0.0.1:1\n      headers: { authorization: [hush] }\n',
  })
  assert.is(wrong.length, 1)
  assert.not.match(told(wrong)[0] ?? '', /hush/)
  const filled = await issuesOf(
    { 'p.yaml': 'providers:\n  p: { base_url: "${SECRET}", model: m }\n' },
    { SECRET: 'hush' },
  )
  assert.match(told(filled)[0] ?? '', /must be a URL/)
  assert.not.match(told(filled)[0] ?? '', /hush/)
})

test('the hash follows what is configured, not the machine or the run', async () => {
  const at = (url: string) => loadConfiguration({ builtInDir, variables: { CASEBOOK_SIMULATOR_URL: url } })
  const first = await at('http://127.0.0.1:1111/v1')
  assert.is((await at('http://127.0.0.1:2222/v1')).hash, first.hash)
  assert.is(first.configuration.providers['simulator']?.base_url, 'http://127.0.0.1:1111/v1')
  assert.is.not((await load({ 'a.yaml': 'defaults: { max_iterations: 4 }' })).hash, first.hash)
})

test.run()

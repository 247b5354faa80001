// `casebook config …`: what is printed, what is kept back, and how it ends; no server runs.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration files, not of JavaScript.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { builtInDir, type Files, folderOf, removeFolders, type Variables } from '../infra/configuration-folder.ts'
import { startCommand } from '../support/casebook-process.ts'

test.after(removeFolders)

interface Run {
  readonly out: string
  readonly code: number
  readonly error: string
}

const run = async (args: readonly string[], variables: Variables = {}): Promise<Run> => {
  let out = ''
  let code = 0
  const program = createProgram(
    {
      serve: () => Promise.resolve(),
      demo: () => Promise.resolve(),
      configuration: createConfigurationTools({ builtInDir, variables }),
    },
    variables,
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
  try {
    await program.parseAsync(['config', ...args], { from: 'user' })
    return { out, code, error: '' }
  } catch (error) {
    assert.instance(error, CasebookError, String(error))
    return { out, code, error: error instanceof Error ? error.message : '' }
  }
}

const lineOf = (out: string, field: string, after = ''): string => {
  const from = out.indexOf(after)
  const line = out
    .slice(from)
    .split('\n')
    .find((each) => each.startsWith(`  ${field} `))
  return (line ?? '').replace(/[^ ]*casebook-config-\w+/, '/tmp/own').replaceAll(/\s{2,}/g, ' | ')
}

test('check says what there is, and exits with 0', async () => {
  const { out, code } = await run(['check'])
  assert.match(out, /^ok: \d+ agents, \d+ chains, \d+ MCP servers?, \d+ providers; version [0-9a-f]{12}\n$/)
  assert.is(code, 0)
})

test('check tells every fault on a line of its own, and exits with 1', async () => {
  const folder = folderOf({ 'a.yaml': 'defaults:\n  max_iteration: 3\n  chain: defualt\n' })
  const { out, code } = await run(['check', folder])
  assert.equal(out.replaceAll(folder, '').split('\n'), [
    '/a.yaml:2: defaults.max_iteration: is no field of defaults; did you mean "max_iterations"?',
    '/a.yaml:3: defaults.chain: there is no chain "defualt"; did you mean "default"?',
    '2 faults',
    '',
  ])
  assert.is(code, 1)
})

test('check takes the folder of CASEBOOK_CONFIG_DIR, tells warnings, and ends well all the same', async () => {
  const folder = folderOf({ 'agents/a.md': '---\nmodel: sonnet\n---\nGo.\n' })
  const { out, code } = await run(['check'], { CASEBOOK_CONFIG_DIR: folder })
  assert.match(out, /agents\/a\.md:2: warning: agents\.a\.model: "sonnet" names no model here/)
  assert.match(out, /^ok, 1 warning: /m)
  assert.is(code, 0)
})

test('check as JSON is the whole answer', async () => {
  const folder = folderOf({ 'a.yaml': 'defaults: { chain: nowhere }\n' })
  const { out, code } = await run(['check', folder, '--json'])
  assert.is(code, 1)
  const answer: unknown = JSON.parse(out)
  assert.equal(answer, {
    kind: 'faulty',
    folder,
    issues: [
      {
        file: `${folder}/a.yaml`,
        line: 1,
        path: 'defaults.chain',
        message: 'there is no chain "nowhere"; there are default, thorough, three-views, plan-build-review-deliver',
      },
    ],
  })
})

const layered: Files = {
  'a.yaml': [
    'defaults:',
    '  max_iterations: 9',
    '  model_aliases: { opus: { provider: own, model: big-model } }',
    'providers:',
    '  own:',
    '    base_url: ${OWN_URL:-http://127.0.0.1:1/v1}',
    '    model: ${OWN_MODEL:-small-model}',
    '    api_key_env: OWN_KEY',
    'chains:',
    '  mine:',
    '    temperature: 0.1',
    '    stages:',
    '      - { name: look, agent: scout }',
    '      - { name: think, agent: scout, model: opus, max_iterations: 2 }',
  ].join('\n'),
  'agents/scout.md': '---\nprovider: own\ntools: [mcp__host__disk_usage]\n---\nLook around.\n',
}

test('explain names the layer and the line of every value', async () => {
  const { out, code } = await run(['explain', 'mine', '--folder', folderOf(layered)], { OWN_MODEL: 'from-outside' })
  assert.is(code, 0)
  const first = 'stage 1 look'
  const second = 'stage 2 think'
  assert.is(lineOf(out, 'provider', first), ' | provider | own | agent | /tmp/own/agents/scout.md:2')
  assert.is(lineOf(out, 'model', first), ' | model | from-outside | environment | OWN_MODEL in /tmp/own/a.yaml:7')
  assert.is(lineOf(out, 'temperature', first), ' | temperature | 0.1 | chain | /tmp/own/a.yaml:11')
  assert.is(lineOf(out, 'max_iterations', first), ' | max_iterations | 9 | defaults | /tmp/own/a.yaml:2')
  assert.is(lineOf(out, 'mcp_servers', first), ' | mcp_servers | host | agent | /tmp/own/agents/scout.md:3')
  assert.is(lineOf(out, 'instructions', first), ' | instructions | Look around. | agent | /tmp/own/agents/scout.md')
  assert.is(lineOf(out, 'controller', first), ' | controller | native_tools | built-in | ')
  assert.is(lineOf(out, 'model', second), ' | model | big-model | stage | /tmp/own/a.yaml:14')
  assert.is(lineOf(out, 'max_iterations', second), ' | max_iterations | 2 | stage | /tmp/own/a.yaml:14')
  assert.match(lineOf(out, 'max_iterations', 'executive summary'), / 9 \| defaults /)
  assert.match(lineOf(out, 'model_attempts', 'defaults\n'), / 5 \| built-in \| .*defaults\.yaml:\d+ \(built-in\)/)
  assert.is(
    lineOf(out, 'base_url', 'provider own'),
    ' | base_url | http://127.0.0.1:1/v1 | provider | /tmp/own/a.yaml:6',
  )
  assert.match(out, /^version [0-9a-f]{64}$/m)
})

const wide: Files = {
  'a.yaml': [
    'defaults:',
    '  tool_policy: { rules: [{ tool: "delete_*", action: deny }], expiry_seconds: 60 }',
    'chains:',
    '  wide:',
    '    max_stages: 9',
    '    tool_policy: { rules: [{ server: host, action: allow }], otherwise: { unsafe: deny } }',
    '    budgets: { session: { usd: 2 } }',
    '    fallback: [openai]',
    '    stages:',
    '      - name: look',
    '        agents:',
    '          - investigator',
    '          - { agent: lead, max_iterations: 3 }',
    '        replicas: 2',
    '      - { name: think, agent: analyst, optional: true, synthesis: false }',
    '      - { name: beside, agent: analyst, depends_on: [] }',
  ].join('\n'),
  'agents/lead.md': '---\nsub_agents: scout\n---\nLead.\n',
  'agents/scout.md': 'Scout.\n',
}

test('explain tells of every agent in its place, and of limits one by one', async () => {
  const { out, code } = await run(['explain', 'wide', '--folder', folderOf(wide)])
  assert.is(code, 0, out)
  assert.equal(out.match(/^(?:stage|synthesis|helper|executive).*$/gm), [
    'stage 1 look: agent investigator-1, investigator-2',
    'stage 1 look: agent lead-1, lead-2',
    'stage 1 look synthesis: agent synthesizer',
    'stage 2 think: agent analyst',
    'stage 3 beside: agent analyst',
    'synthesis: agent synthesizer',
    'helper: agent scout',
    'executive summary: agent summarizer',
  ])
  const field = (name: string, after = ''): string => lineOf(out, name, after)
  assert.match(field('max_stages'), / 9 \| chain \| .*a\.yaml:5$/)
  assert.match(field('tool_policy.rule 1'), /"server":"host".* \| chain \| .*a\.yaml:6$/)
  assert.match(field('tool_policy.rule 2'), /"delete_\*".* \| defaults \| .*a\.yaml:2$/)
  assert.match(field('tool_policy.otherwise.unsafe'), / deny \| chain \| .*a\.yaml:6$/)
  assert.match(field('tool_policy.otherwise.idempotent'), / allow \| built-in \| $/)
  assert.match(field('tool_policy.expiry_seconds'), / 60 \| defaults \| .*a\.yaml:2$/)
  assert.match(field('budgets.session.usd'), / 2 \| chain \| .*a\.yaml:7$/)
  assert.match(field('budgets.session.tokens'), / not set \| built-in/)
  assert.match(field('stage.synthesis', 'stage 1'), / synthesizer \| built-in/)
  assert.match(field('stage.depends_on', 'stage 2'), / look \| built-in/)
  assert.match(field('stage.optional', 'stage 2'), / true \| stage \| .*a\.yaml:15$/)
  assert.match(field('max_iterations', 'agent lead-1'), / 3 \| stage \| .*a\.yaml:13$/)
  assert.match(field('helpers', 'agent lead-1'), / scout \| agent \| .*lead\.md:2$/)
  assert.match(field('fallback', 'helper: agent scout'), / openai gpt-5\.2 \| chain \| .*a\.yaml:8$/)
})

test('explain shows each field of the schema, also those nobody set', async () => {
  const { out } = await run(['explain', 'default'])
  assert.match(lineOf(out, 'temperature', 'stage 1'), /not set \| built-in/)
  assert.match(
    lineOf(out, 'provider', 'stage 1'),
    / simulator \| built-in \| neither OPENAI_API_KEY nor OPENAI_BASE_URL is set/,
  )
  const keyed = await run(['explain', 'default'], { OPENAI_API_KEY: 'sk-hush-hush-hush' })
  assert.match(lineOf(keyed.out, 'provider', 'stage 1'), / openai \| environment \| OPENAI_API_KEY is set/)
  assert.not.match(keyed.out, /hush/)
})

test('explain never prints a secret, wherever it is written', async () => {
  const folder = folderOf({
    'a.yaml': [
      'providers:',
      '  own: { base_url: "http://user:hush1@127.0.0.1:1/v1?key=${THE_KEY}", model: m }',
      'mcp_servers:',
      '  one:',
      '    transport:',
      '      type: stdio',
      '      command: run',
      '      args: [--token, hush2, "--api-key=hush3", "--auth-token", "${MY_TOKEN}", "password=hush6-hush6"]',
      '      env: { PLAIN: hush4 }',
      '  two:',
      '    transport:',
      '      type: http',
      '      url: http://127.0.0.1:1/',
      '      headers: { x-thing: hush5 }',
      'agents:',
      '  a: { provider: own, mcp_servers: [one, two], extra: { api_key: hush7hush7hush7hush7 } }',
      'chains:',
      '  c: { stages: [{ name: s, agent: a }] }',
    ].join('\n'),
  })
  const variables = { THE_KEY: 'hush8', MY_TOKEN: 'hush9' }
  for (const args of [[], ['--json']]) {
    const { out, code } = await run(['explain', 'c', '--folder', folder, ...args], variables)
    assert.is(code, 0, out)
    assert.equal(out.match(/.*hush.*/g), null)
    assert.match(out, /\$\{MY_TOKEN\}/)
    assert.match(out, /x-thing/)
  }
})

test('faults never print a secret either', async () => {
  const folder = folderOf({
    'a.yaml': [
      'providers:',
      '  own: { base_url: "ftp//user:hush1@127.0.0.1", model: m, api_key_env: "sk-hush2hush2hush2hush2hush2" }',
      'mcp_servers:',
      '  one: { transport: { type: stdio, command: [hush3], env: { T: [hush4] }, args: "--password=hush5hush5" } }',
    ].join('\n'),
  })
  const { out, code } = await run(['check', folder])
  assert.is(code, 1)
  assert.equal(out.match(/.*hush[1245].*/g), null)
})

test('a chain that is not there is told with the nearest one', async () => {
  assert.is((await run(['explain', 'thorogh'])).error, 'There is no chain "thorogh"; did you mean "thorough"?')
  const faulty = folderOf({ 'a.yaml': 'chain: {}\n' })
  const { out, code } = await run(['explain', 'default', '--folder', faulty])
  assert.is(code, 1)
  assert.match(out, /a\.yaml:1: chain: is no section/)
})

test('import writes the files, and says line by line what changed and what was left behind', async () => {
  const folder = folderOf({
    'tarsy.yaml': 'queue: { worker_count: 5 }\nagents:\n  Looker: { custom_instructions: Look. }\n',
    'providers.yaml': 'llm_providers:\n  google-default: { type: openai, model: m, api_key_env: K }\n',
  })
  const out = `${folder}/out`
  const args = ['import', `${folder}/tarsy.yaml`, `${folder}/providers.yaml`, '--out', out]
  const imported = await run(args)
  assert.is(imported.code, 0)
  assert.equal(imported.out.replaceAll(folder, '').split('\n'), [
    'wrote /out/defaults.yaml',
    'wrote /out/providers.yaml',
    'wrote /out/agents/looker.md',
    '/tarsy.yaml:3: changed: agents.Looker: is called "looker" here',
    '/providers.yaml:2: changed: llm_providers.google-default.type: becomes base_url https://api.openai.com/v1',
    '/tarsy.yaml:1: not carried over: queue.worker_count: work is spread by the log; nothing is polled, and a killed process is taken over in seconds',
    '3 files; 2 changed, 1 not carried over, 0 to mend. Then: CASEBOOK_CONFIG_DIR=/out casebook serve',
    '',
  ])
  assert.match((await run(args)).error, /out is not empty/)
  assert.is((await run(['check', out])).code, 0)

  const bad = folderOf({ 'tarsy.yaml': 'agents:\n  A: { mcp_servers: [nowhere] }\n' })
  const faulty = await run(['import', `${bad}/tarsy.yaml`, '--out', `${bad}/out`])
  assert.is(faulty.code, 1)
  assert.match(faulty.out, /agents\/a\.md:\d+: to mend: agents\.a\.mcp_servers\[0\]: there is no MCP server "nowhere"/)
})

test('the process itself checks a folder without any server, and its exit code tells', async () => {
  const good = startCommand(['config', 'check', folderOf({})], {})
  const bad = startCommand(['config', 'check', folderOf({ 'a.yaml': 'x: 1\n' })], {})
  assert.is(await good.exited, 0, good.output())
  assert.match(good.output(), /^ok: /)
  assert.is(await bad.exited, 1)
  assert.match(bad.output(), /a\.yaml:1: x: is no section/)
})

test.run()

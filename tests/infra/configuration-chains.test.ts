// Chains as they are written: every way to get a graph of stages wrong is told with its line and the nearest name.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { issuesOf, load, removeFolders, told } from './configuration-folder.ts'

test.after(removeFolders)

/** Stages one a line, from line 4 on. */
const faults = async (...stages: readonly string[]): Promise<readonly string[]> =>
  told(
    await issuesOf({ 'a.yaml': `chains:\n  c:\n    stages:\n${stages.map((each) => `      - ${each}\n`).join('')}` }),
  ).map((line) => line.replace('chains.c.stages', ''))

test('stages that are not there are told with the nearest', async () => {
  assert.equal(
    await faults(
      '{ name: build, agent: analyst }',
      '{ name: review, agent: analyst, depends_on: [biuld], loop: { back_to: bulid } }',
      '{ name: end, agent: analyst, depends_on: [elsewhere] }',
    ),
    [
      'a.yaml:5 [1].depends_on[0]: there is no stage "biuld"; did you mean "build"?',
      'a.yaml:5 [1].loop.back_to: there is no stage "bulid"; did you mean "build"?',
      'a.yaml:6 [2].depends_on[0]: there is no stage "elsewhere"; there are build, review, end',
    ],
  )
})

test('a circle is told with the way round', async () => {
  assert.equal(
    await faults(
      '{ name: one, agent: analyst }',
      '{ name: two, agent: analyst, depends_on: [three] }',
      '{ name: three, agent: analyst }',
    ),
    ['a.yaml:5 [1].depends_on: the stages wait in a circle: "two" waits for "three" waits for "two"'],
  )
})

test('only what led to a review can be sent back', async () => {
  const loop = (back: string): string =>
    `{ name: review, agent: analyst, depends_on: [one], loop: { back_to: ${back} } }`
  const others = ['{ name: one, agent: analyst }', '{ name: beside, agent: analyst, depends_on: [] }'] as const
  const message = (back: string): string =>
    `a.yaml:6 [2].loop.back_to: "${back}" does not come before "review": only work that led here can be sent back`
  assert.equal(await faults(...others, loop('beside')), [message('beside')])
  assert.equal(await faults(...others, loop('review')), [message('review')])
  assert.equal(await faults(...others, loop('one')), [])
})

test('a quorum no larger than its stage, replicas counted', async () => {
  assert.equal(
    await faults(
      '{ name: one, agents: [analyst, investigator], policy: { quorum: 3 } }',
      '{ name: two, agents: [analyst, investigator], replicas: 2, policy: { quorum: 4 } }',
      '{ name: three, agent: analyst, policy: { quorum: 2 } }',
    ),
    [
      'a.yaml:4 [0].policy.quorum: is more than the 2 agents of the stage',
      'a.yaml:6 [2].policy.quorum: is more than the one agent of the stage',
    ],
  )
})

test('agents are looked for wherever they are named', async () => {
  assert.equal(
    await faults(
      '{ name: one, agents: [analist, { agent: investigater, provider: nowhere, helpers: [sumarizer] }] }',
      '{ name: two, agent: analyst, replicas: 2, synthesis: synthesiser, helpers: [analst], fallback: [opnai] }',
    ),
    [
      'a.yaml:4 [0].agents[0]: there is no agent "analist"; did you mean "analyst"?',
      'a.yaml:4 [0].agents[1].agent: there is no agent "investigater"; did you mean "investigator"?',
      'a.yaml:4 [0].agents[1].provider: there is no provider "nowhere"; there are simulator, openai, anthropic, gemini, vertexai, xai, openrouter, azure, ollama, vllm',
      'a.yaml:4 [0].agents[1].helpers[0]: there is no agent "sumarizer"; did you mean "summarizer"?',
      'a.yaml:5 [1].fallback[0]: there is no provider "opnai"; did you mean "openai"?',
      'a.yaml:5 [1].helpers[0]: there is no agent "analst"; did you mean "analyst"?',
      'a.yaml:5 [1].synthesis: there is no agent "synthesiser"; did you mean "synthesizer"?',
    ],
  )
  const agent = { 'agents/lead.md': '---\nsub_agents: investigator, scuot\n---\nGo.\n', 'agents/scout.md': 'Go.\n' }
  assert.equal(told(await issuesOf(agent)), [
    'agents/lead.md:2 agents.lead.helpers[1]: there is no agent "scuot"; did you mean "scout"?',
  ])
})

test('a stage has agents, under one spelling, and not too many of them', async () => {
  assert.equal(
    await faults(
      '{ name: one }',
      '{ name: two, agent: analyst, agents: [analyst] }',
      '{ name: three, agents: [analyst, investigator], replicas: 51 }',
      '{ name: three, agent: analyst }',
    ),
    [
      'a.yaml:4 [0].agent: is missing; name one agent here, or several in agents',
      'a.yaml:5 [1].agents: says the same as agent; keep one; it is ["analyst"]',
      'a.yaml:6 [2].replicas: makes 102 agents; a stage has at most 100; it is 51',
    ],
  )
  assert.equal(await faults('{ name: one, agent: analyst }', '{ name: one, agent: analyst }'), [
    'a.yaml:5 [1].name: another stage is called "one"; name it otherwise',
  ])
})

test('what may be one thing or another is told by the one that was meant', async () => {
  assert.equal(
    await faults(
      '{ name: one, agents: [{ agent: analyst, max_iteration: 3 }, 7] }',
      '{ name: two, agent: analyst, policy: most, synthesis: true }',
      '{ name: three, agent: analyst, policy: { quorum: 0 } }',
      '{ name: four, agent: analyst, loop: { back_to: one, until: "very good" } }',
    ),
    [
      'a.yaml:4 [0].agents[0].max_iteration: is no field here; did you mean "max_iterations"?',
      'a.yaml:4 [0].agents[1]: must be the name of an agent, or { agent: <name>, … }; it is 7',
      'a.yaml:5 [1].policy: must be any, all, or { quorum: <number> }; it is "most"',
      'a.yaml:5 [1].synthesis: must be false or the name of an agent; it is true',
      'a.yaml:6 [2].policy.quorum: must be at least 1; it is 0',
      'a.yaml:7 [3].loop.until: must be one word; it is "very good"',
    ],
  )
})

test('a chain begins with no more stages than its sessions may run', async () => {
  const chain = (max: string): string =>
    `chains:\n  c:\n    ${max}\n    stages: [{ name: one, agent: analyst, replicas: 2 }, { name: two, agent: analyst, depends_on: [] }]\n`
  assert.equal(told(await issuesOf({ 'a.yaml': chain('max_stages: 3') })), [
    'a.yaml:3 chains.c.max_stages: 3 stages are fewer than the 4 the chain begins with, each synthesis counted',
  ])
  assert.equal(told(await issuesOf({ 'a.yaml': chain('max_stages: 4') })), [])
})

test('policies and budgets are closed too', async () => {
  assert.equal(
    told(
      await issuesOf({
        'a.yaml': [
          'defaults:',
          '  tool_policy:',
          '    rules:',
          '      - { tool: "delete_*", acton: deny }',
          '    otherwise: { unsafe: alow }',
          '  budgets: { session: { token: 5 }, on_reached: stop }',
        ].join('\n'),
      }),
    ),
    [
      'a.yaml:4 defaults.tool_policy.rules[0].action: must be one of allow, ask, deny',
      'a.yaml:4 defaults.tool_policy.rules[0].acton: is no field here; did you mean "action"?',
      'a.yaml:5 defaults.tool_policy.otherwise.unsafe: must be one of allow, ask, deny; did you mean "allow"?; it is "alow"',
      'a.yaml:6 defaults.budgets.session.token: is no field here; did you mean "tokens"?',
      'a.yaml:6 defaults.budgets.on_reached: must be one of ask, finish; it is "stop"',
    ],
  )
})

test('a rule for a server that is not there is told: it would never match', async () => {
  const rules = (server: string): string => `rules: [{ tool: x, action: deny }, { server: ${server}, action: deny }]`
  const files = (server: string) => ({
    'a.yaml': [
      `defaults: { tool_policy: { ${rules(server)} } }`,
      'chains:',
      '  c:',
      `    tool_policy: { ${rules(server)} }`,
      '    stages: [{ name: one, agent: analyst }]',
    ].join('\n'),
  })
  assert.equal(told(await issuesOf(files('hots'))), [
    'a.yaml:1 defaults.tool_policy.rules[1].server: there is no MCP server "hots"; did you mean "host"?',
    'a.yaml:4 chains.c.tool_policy.rules[1].server: there is no MCP server "hots"; did you mean "host"?',
  ])
  for (const known of ['host', 'casebook', '"kube-*"']) assert.equal(told(await issuesOf(files(known))), [], known)
})

test('a secret that is filled in as a name is told as its variable', async () => {
  const files = {
    'a.yaml': [
      'agents:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of a configuration file.
      '  a: { mcp_servers: ["${THE_TOKEN}"] }',
      'chains:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of a configuration file.
      '  c: { stages: [{ name: "${THE_TOKEN}", agent: analyst, depends_on: ["${THE_TOKEN}"] }] }',
    ].join('\n'),
  }
  const lines = told(await issuesOf(files, { THE_TOKEN: 'hush-hush-0123456789' }))
  assert.is(lines.length, 2)
  for (const line of lines) assert.match(line, /"\$\{THE_TOKEN\}"/)
  assert.not.match(lines.join(), /hush/)
})

test('what is written is what is read', async () => {
  const { configuration } = await load(
    {
      'a.yaml': [
        'defaults:',
        '  tool_policy: { otherwise: { unsafe: allow } }',
        'chains:',
        '  c:',
        '    stages:',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of a configuration file.
        '      - { name: one, agents: [analyst, { agent: lead, max_iterations: "${TURNS}" }], policy: { quorum: "${MANY:-2}" } }',
      ].join('\n'),
      'agents/lead.md': '---\nsub_agents: investigator, analyst\nbuilt_in_tools: [ask_person]\n---\nGo.\n',
    },
    { TURNS: '4' },
  )
  const [stage] = configuration.chains['c']?.stages ?? []
  assert.equal(stage?.agents, ['analyst', { agent: 'lead', max_iterations: 4 }])
  assert.equal(stage?.policy, { quorum: 2 })
  assert.equal(configuration.agents['lead']?.helpers, ['investigator', 'analyst'])
  assert.equal(configuration.agents['lead']?.built_in_tools, ['ask_person'])
  assert.equal(configuration.defaults.tool_policy, {
    rules: [],
    otherwise: { read_only: 'allow', idempotent: 'allow', unsafe: 'allow' },
    expiry_seconds: 3600,
  })
})

test('an agent that may plan needs helpers to plan with, wherever they are said', async () => {
  const divider = 'agents:\n  divider: { built_in_tools: [extend_plan] }\n  hand: {}\n'
  const chain = (stage: string): string => `${divider}chains:\n  planned:\n    stages:\n      - ${stage}\n`
  assert.equal(told(await issuesOf({ 'a.yaml': chain('{ name: plan, agent: divider }') })), [
    'a.yaml:7 chains.planned.stages[0].agent: "divider" has extend_plan and no helpers to plan with; name them under helpers',
  ])
  assert.equal(await issuesOf({ 'a.yaml': chain('{ name: plan, agent: divider, helpers: [hand] }') }), [])
})

test.run()

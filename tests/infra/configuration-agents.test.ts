// Agent files as people bring them from other programs: what carries over, what is told, what is refused.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration files, not of JavaScript.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { issuesOf, load, removeFolders, told } from './configuration-folder.ts'

test.after(removeFolders)

const githubServer = 'mcp_servers:\n  github:\n    transport: { type: http, url: "http://127.0.0.1:1/mcp" }\n'

test('a sub-agent file is read as it is', async () => {
  const { configuration, warnings } = await load({
    'servers.yaml': githubServer,
    'agents/code-reviewer.md': [
      '---',
      'name: code-reviewer',
      'description: Reviews changes.',
      'tools: mcp__github__get_pull_request, mcp__host__*',
      'disallowedTools: [mcp__host__read_log]',
      'model: inherit',
      'maxTurns: 7',
      'temperature: 0.2',
      'color: purple',
      '---',
      '',
      'You review ${WHAT} changes.',
    ].join('\n'),
  })
  assert.equal(configuration.agents['code-reviewer'], {
    description: 'Reviews changes.',
    controller: 'native_tools',
    instructions: 'You review ${WHAT} changes.',
    temperature: 0.2,
    max_iterations: 7,
    mcp_servers: ['github', 'host'],
    tools: ['github__get_pull_request', 'host__*'],
    disallowed_tools: ['host__read_log'],
    color: 'purple',
    web_search: false,
    extra: {},
    built_in_tools: [],
    child_agents: [],
  })
  assert.equal(told(warnings), [])
})

test('the name in the file wins over the name of the file, and folders within agents/ are read', async () => {
  const { configuration } = await load({
    'agents/team/a.md': '---\nname: scout\n---\nLook.\n',
    'agents/README.md': 'About these agents.\n',
  })
  assert.is(configuration.agents['scout']?.instructions, 'Look.')
  assert.is(configuration.agents['a'], undefined)
})

test('without tools an agent has what its servers offer, with foreign tools alone it has none', async () => {
  const { configuration, warnings } = await load({
    'agents/free.md': '---\nmcpServers: [host]\n---\nGo.\n',
    'agents/bound.md': '---\ntools: Read, Bash(git add:*, git commit:*)\n---\nGo.\n',
    'agents/every.md': '---\ntools: "*"\n---\nGo.\n',
  })
  assert.is(configuration.agents['free']?.tools, undefined)
  assert.equal(configuration.agents['bound']?.tools, [])
  assert.equal(configuration.agents['bound']?.mcp_servers, [])
  assert.equal(configuration.agents['every']?.tools, ['*'])
  assert.is(configuration.agents['every']?.mcp_servers, undefined)
  assert.equal(told(warnings), [
    'agents/bound.md:2 agents.bound.tools: Read, Bash(git add:*, git commit:*) are no MCP tools; left out',
  ])
})

test('tools of a server that is not configured are left out and told, a server asked for by name is a fault', async () => {
  const { configuration, warnings } = await load({
    'agents/a.md': '---\ntools: mcp__host__disk_usage, mcp__Git_Hub__get_issue\n---\nGo.\n',
  })
  assert.equal(configuration.agents['a']?.mcp_servers, ['host'])
  assert.equal(told(warnings), [
    'agents/a.md:2 agents.a.tools: there is no MCP server "git-hub"; its tools are left out until there is',
  ])
  assert.equal(told(await issuesOf({ 'agents/b.md': '---\nmcpServers: hosts\n---\nGo.\n' })), [
    'agents/b.md:2 agents.b.mcp_servers[0]: there is no MCP server "hosts"; did you mean "host"?',
  ])
})

test('a word for a model is mapped by model_aliases, and told when it is not', async () => {
  const agent = { 'agents/a.md': '---\nmodel: sonnet\n---\nGo.\n' }
  const unmapped = await load(agent)
  assert.is(unmapped.configuration.agents['a']?.model, undefined)
  assert.equal(told(unmapped.warnings), [
    'agents/a.md:2 agents.a.model: "sonnet" names no model here; the default is used. Set defaults.model_aliases.sonnet',
  ])
  const mapped = await load({ ...agent, 'd.yaml': 'defaults:\n  model_aliases: { sonnet: claude-sonnet-5 }\n' })
  assert.is(mapped.configuration.agents['a']?.model, 'sonnet')
  assert.equal(mapped.warnings, [])
  const full = await load({ 'agents/a.md': '---\nmodel: claude-sonnet-5\n---\nGo.\n' })
  assert.is(full.configuration.agents['a']?.model, 'claude-sonnet-5')
  assert.equal(full.warnings, [])
})

test('unknown fields are kept with a warning, and near misses restrict all the same', async () => {
  const { configuration, warnings } = await load({
    'agents/a.md': [
      '---',
      'allowed-tools: [mcp__host__disk_usage]',
      'disallowed_tools: mcp__host__read_log',
      'permissionMode: plan',
      'favourite: { tea: green }',
      'temprature: 0.1',
      '---',
      'Go.',
    ].join('\n'),
  })
  const agent = configuration.agents['a']
  assert.equal(agent?.tools, ['host__disk_usage'])
  assert.equal(agent?.disallowed_tools, ['host__read_log'])
  assert.equal(agent?.extra, { permissionMode: 'plan', favourite: { tea: 'green' }, temprature: 0.1 })
  assert.equal(told(warnings), [
    'agents/a.md:2 agents.a.allowed-tools: is read as "tools"',
    'agents/a.md:4 agents.a.permissionMode: is kept without effect: what may run is decided by the policy, not by the agent',
    'agents/a.md:5 agents.a.favourite: is no field known here; kept without effect',
    'agents/a.md:6 agents.a.temprature: is no field known here; kept without effect; did you mean "temperature"?',
  ])
})

test('a value of the wrong kind is refused at the key as it is written', async () => {
  const issues = await issuesOf({
    'agents/a.md': '---\nmaxTurns: many\ntools: { a: 1 }\nmax_iterations: 3\n---\nGo.\n',
    'agents/Wrong Name.md': 'Go.\n',
  })
  assert.equal(told(issues), [
    'agents/Wrong Name.md:1 agents.Wrong Name: the name "Wrong Name" must be 1–63 of a-z, 0-9 and "-"',
    'agents/a.md:3 agents.a.tools: must be array; it is {"a":1}',
    'agents/a.md:4 agents.a.max_iterations: says the same as maxTurns; keep one',
  ])
})

test('servers written into an agent file are servers like any other', async () => {
  const { configuration } = await load(
    {
      'agents/a.md': [
        '---',
        'mcpServers:',
        '  - host',
        '  - play_wright:',
        '      command: npx',
        '      args: ["-y", "@playwright/mcp"]',
        '      env: { TOKEN: "${PLAY_TOKEN}" }',
        '---',
        'Go.',
      ].join('\n'),
      'agents/b.md': '---\nmcpServers:\n  docs: { type: http, url: "http://127.0.0.1:1/" }\n---\nGo.\n',
    },
    { PLAY_TOKEN: 't' },
  )
  assert.equal(configuration.agents['a']?.mcp_servers, ['host', 'play-wright'])
  const server = configuration.mcp_servers['play-wright']
  assert.equal(server?.transport, {
    type: 'stdio',
    command: 'npx',
    args: ['-y', '@playwright/mcp'],
    env: { TOKEN: 't' },
  })
  assert.is(configuration.mcp_servers['docs']?.transport.type, 'http')
  assert.equal(told(await issuesOf({ 'agents/a.md': '---\nmcpServers:\n  x: { comand: npx }\n---\nGo.\n' })), [
    'agents/a.md:3 mcp_servers.x.transport.url: is missing; it must be string',
    'agents/a.md:3 mcp_servers.x.transport.comand: is no field here; did you mean "command"?',
  ])
})

test('a description with a colon in it is read as text, with a warning', async () => {
  const description = 'Use this agent when: a pod restarts. Examples: <example>Context: user says "hi"</example>'
  const { configuration, warnings } = await load({
    'agents/a.md': `---\nname: a\ndescription: ${description}\nmaxTurns: 4\n---\nGo.\n`,
  })
  assert.is(configuration.agents['a']?.description, description)
  assert.is(configuration.agents['a']?.max_iterations, 4)
  assert.equal(told(warnings), ['agents/a.md:3 description: is read as plain text; put it in quotes'])
})

test('a description over many lines, with examples in it, is read as text, and the lines below keep their numbers', async () => {
  const { configuration, warnings } = await load({
    'agents/a.md': [
      '---',
      'name: a',
      'description: Use this agent for pods.',
      '',
      '  <example>',
      '  Context: a pod restarts.',
      '  user: "Why?"',
      '  </example>',
      'model: inherit',
      'tools: mcp__claude_ai_Gmail__search, mcp__context7',
      'effort: high',
      '---',
      'Go.',
    ].join('\r\n'),
  })
  assert.is(
    configuration.agents['a']?.description,
    'Use this agent for pods.\n\n<example>\nContext: a pod restarts.\nuser: "Why?"\n</example>',
  )
  assert.equal(configuration.agents['a']?.mcp_servers, [])
  assert.equal(configuration.agents['a']?.tools, ['claude-ai-gmail__search', 'context7__*'])
  assert.equal(told(warnings), [
    'agents/a.md:3 description: is read as plain text; put it in quotes',
    'agents/a.md:10 agents.a.tools: there is no MCP server "claude-ai-gmail"; its tools are left out until there is',
    'agents/a.md:10 agents.a.tools: there is no MCP server "context7"; its tools are left out until there is',
    'agents/a.md:11 agents.a.effort: is kept without effect: set what the provider offers there',
  ])
})

test('front matter that is broken in any other way is a fault on its line', async () => {
  assert.match(
    told(await issuesOf({ 'agents/a.md': '---\nname: a\ntools: [mcp__host\n---\nGo.\n' }))[0] ?? '',
    /^agents\/a\.md:\d /,
  )
})

test('a forbidden tool of a server that does not exist is a fault in a YAML agent: it would forbid nothing', async () => {
  assert.equal(
    told(await issuesOf({ 'a.yaml': 'agents:\n  a:\n    mcp_servers: [host]\n    disallowed_tools: [hosts__x]\n' })),
    ['a.yaml:4 agents.a.disallowed_tools[0]: there is no MCP server "hosts"; did you mean "host"?'],
  )
  assert.match(
    told(await issuesOf({ 'a.yaml': 'agents:\n  a: { tools: [read] }\n' }))[0] ?? '',
    /agents\.a\.tools\[0\]: must be <server>__<tool>/,
  )
})

test.run()

// Files nobody would write on purpose: they load, or every fault is told; nothing else is thrown, and no secret is said.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration files, not of JavaScript.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readAgentFile } from '../../infra/settings/agent-file.ts'
import { readYamlFile } from '../../infra/settings/configuration-file.ts'
import { fromTemplate } from '../../infra/settings/import/template-text.ts'
import { startLiveConfiguration } from '../../infra/settings/live-configuration.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { ConfigurationInvalid } from '../../infra/settings/settings-errors.ts'
import { quiet } from '../support/servers.ts'
import { builtInDir, folderOf, removeFolders } from './configuration-folder.ts'

test.after(removeFolders)

const secret = 'hush-hush-0123456789'
const variables = { THE_TOKEN: secret }

const words = fc.constantFrom(
  'defaults',
  'agents',
  'chains',
  'mcp_servers',
  'providers',
  'stages',
  'agent',
  'name',
  'model',
  'tools',
  'transport',
  'type',
  'stdio',
  'http',
  'url',
  'headers',
  'env',
  'investigator',
  'host',
  'base_url',
  'max_iterations',
  'a',
  '__proto__',
  'constructor',
  'model_aliases',
  'extra',
  'mcpServers',
  'sub_agents',
  'helpers',
  'depends_on',
  'loop',
  'back_to',
  'policy',
  'quorum',
  'synthesis',
  'fallback',
  'tool_policy',
  'rules',
  'budgets',
  'disallowedTools',
  'instructions',
)
const scalar = fc.oneof(
  words,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    '${THE_TOKEN}',
    'x-${THE_TOKEN}',
    '${',
    '${NOT_SET}',
    '$${X}',
    '{{.X}}',
    'http://u:p@h/',
    '*',
    '- [',
    'a: b',
  ),
  fc.string(),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 4 }),
  ),
}))
const content = fc.dictionary(words, fc.dictionary(words, fc.dictionary(words, tree, { maxKeys: 4 }), { maxKeys: 3 }), {
  maxKeys: 4,
})

test('a folder of anything loads, or is refused with places and without secrets', async () => {
  let refused = 0
  await fc.assert(
    fc.asyncProperty(content, fc.dictionary(words, tree, { maxKeys: 5 }), async (yaml, frontMatter) => {
      const userDir = folderOf({
        'a.yaml': JSON.stringify(yaml),
        'agents/x.md': `---\n${JSON.stringify(frontMatter)}\n---\nGo.\n`,
      })
      try {
        const live = await startLiveConfiguration({ builtInDir, userDir, variables, log: quiet })
        assert.not.match(live.version().content, new RegExp(secret))
        assert.equal((await loadConfiguration({ builtInDir, userDir, variables })).hash, live.version().hash)
      } catch (error) {
        assert.instance(error, ConfigurationInvalid, String(error instanceof Error ? error.stack : error))
        refused++
        if (!(error instanceof ConfigurationInvalid)) return
        assert.not.match(error.message, new RegExp(secret))
        assert.ok(error.issues.length > 0)
        for (const { file, message } of error.issues) assert.ok(file !== '' && message !== '')
      }
    }),
    { numRuns: 60 },
  )
  assert.ok(refused > 20, `${refused} were refused`)
})

test('stages of anything load, or are refused with places and without secrets', async () => {
  const names = ['one', 'two', 'three', '${THE_TOKEN}']
  const name = fc.constantFrom(...names)
  const mostly = <T>(value: fc.Arbitrary<T>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: odd })
  const agent = mostly(fc.constantFrom('analyst', 'investigator'), fc.oneof(fc.constant('constructor'), scalar))
  const stage = fc.record(
    {
      agent,
      agents: mostly(
        fc.constant(undefined),
        fc.array(fc.oneof(agent, fc.record({ agent, helpers: tree })), { maxLength: 3 }),
      ),
      replicas: mostly(fc.integer({ min: 1, max: 9 }), fc.oneof(fc.constant(101), scalar)),
      policy: mostly(fc.constantFrom('any', 'all', { quorum: 1 }), fc.oneof(fc.record({ quorum: scalar }), scalar)),
      depends_on: mostly(fc.array(name, { maxLength: 1 }), tree),
      synthesis: mostly(fc.constantFrom(false, 'analyst'), scalar),
      loop: mostly(fc.constant(undefined), fc.oneof(fc.record({ back_to: name, max_cycles: fc.integer() }), tree)),
    },
    { requiredKeys: ['agent'] },
  )
  let loaded = 0
  await fc.assert(
    fc.asyncProperty(fc.array(stage, { minLength: 1, maxLength: 4 }), async (drawn) => {
      const stages = drawn.map((each, index) => ({ name: names[index], ...each }))
      const userDir = folderOf({ 'a.yaml': JSON.stringify({ chains: { c: { stages } } }) })
      try {
        await loadConfiguration({ builtInDir, userDir, variables })
        loaded++
      } catch (error) {
        assert.instance(error, ConfigurationInvalid, String(error instanceof Error ? error.stack : error))
        if (!(error instanceof ConfigurationInvalid)) return
        assert.not.match(error.message, new RegExp(secret))
        for (const { line, path } of error.issues) assert.ok(line === 1 && path.startsWith('chains.c'), path)
      }
    }),
    { numRuns: 80 },
  )
  assert.ok(loaded > 0, `${loaded} were loaded`)
})

test('text that is no configuration at all is told, never thrown', () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom(
        '---',
        'agents:',
        '  a:',
        '    tools: [x',
        'name: "',
        '- ',
        'description: use: this',
        '\t',
        '&a *a',
        '? x',
      ),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(lines, (each) => {
      const text = each.join('\n')
      readYamlFile('a.yaml', text, {})
      readAgentFile('agents/a.md', text, {})
    }),
    { numRuns: 500 },
  )
})

test('a template keeps its text: filling in what it refers to gives back what was there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom('{{.A}}', '{{ .B }}', '${', '$', '}', '{{'), fc.string())),
      (parts) => {
        const written = parts.join('')
        const { text, odd } = fromTemplate(written)
        fc.pre(odd.length === 0)
        const back = text.replace(/\$\$\{|\$\{([AB])\}/g, (_, name) => (name === undefined ? '${' : `{{.${name}}}`))
        assert.is(back, written.replaceAll('{{ .B }}', '{{.B}}'))
      },
    ),
  )
})

test.run()

// docs/configuration.md beside the code: every variable that is read and every field there is, and no other.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import { dayBudgets, sessionBudgets } from '../../schemas/budget.ts'
import { stageDefinition } from '../../schemas/chain-definition.ts'
import { environment } from '../../schemas/environment.ts'
import { modelPrice } from '../../schemas/model-price.ts'
import { codesIn, fencedBlocks, readDocument, root, sectionOf, tableRows } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const page = readDocument('docs/configuration.md')
const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort()
const firstCodes = (section: string): readonly string[] =>
  tableRows(sectionOf(page, section)).flatMap(([cell = '']) => codesIn(cell))
const defaultOf = (section: string, name: string): string =>
  tableRows(sectionOf(page, section)).find(([cell = '']) => cell === `\`${name}\``)?.[1] ?? ''

const textsOf = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).map(readDocument)
const code = ['schemas', 'domain', 'commands', 'handlers', 'projections', 'gateways', 'infra', 'wiring', 'scripts']
  .flatMap((folder) => textsOf(`${folder}/**/*.{ts,mjs}`))
  .concat(readDocument('main.ts'))
const namesIn = (texts: readonly string[], pattern: RegExp): readonly string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))

/** `process.env['X']`, `variables['X']`, and `${X}` in the built-in files but for comments. */
const readBySources = [
  ...namesIn(code, /(?:env|variables)(?:\.|\[')([A-Z][A-Z0-9_]+)\b/g),
  ...namesIn(
    textsOf('config/**/*.{yaml,md}').map((text) => text.replace(/^\s*#.*$/gm, '')),
    /(?<!\$)\$\{([A-Z][A-Z0-9_]+)(?::-[^}]*)?\}/g,
  ),
]

test('the scan finds variables wherever they are read', () => {
  for (const name of ['CASEBOOK_URL', 'LOG_LEVEL', 'OTEL_SERVICE_NAME', 'CASEBOOK_LOG_DIRS', 'CASEBOOK_ROOT']) {
    assert.ok(readBySources.includes(name), name)
  }
})

test('every variable the code reads has a row, and every row is a variable the code reads', () => {
  assert.equal(sorted(firstCodes('Environment')), sorted([...readBySources, ...Object.keys(environment.shape)]))
})

test('every variable of the environment is in the table of the README', () => {
  const rows = tableRows(sectionOf(readDocument('README.md'), 'Environment')).flatMap(([cell = '']) => codesIn(cell))
  assert.equal(sorted(rows), sorted(Object.keys(environment.shape)))
})

test('defaults are those of the schema', () => {
  const defaults = environment.parse({})
  for (const [name, value] of Object.entries(defaults)) {
    assert.equal(
      codesIn(defaultOf('Environment', name)),
      [Array.isArray(value) ? value.join(',') : String(value)],
      name,
    )
  }
})

const { shape } = configuration
const sections = [
  ['Defaults', shape.defaults],
  ['Agents', shape.agents.valueType],
  ['Chains', shape.chains.valueType],
  ['Stages', stageDefinition],
  ['Tool policy', shape.defaults.shape.tool_policy.unwrap()],
  ['Budgets', sessionBudgets],
  ['Day budgets', dayBudgets],
  ['Model prices', modelPrice],
  ['MCP servers', shape.mcp_servers.valueType],
  ['Providers', shape.providers.valueType],
] as const

for (const [section, schema] of sections) {
  test(`every field of ${section} has a row with its default, and every row is a field`, () => {
    assert.equal(sorted(firstCodes(section)), sorted(Object.keys(schema.shape)))
    for (const [field, type] of Object.entries(schema.shape)) {
      if (!(type instanceof z.ZodDefault)) continue
      const value: unknown = type.parse(undefined)
      if (typeof value === 'object' || value === '') continue
      assert.equal(codesIn(defaultOf(section, field)), [String(value)], field)
    }
  })
}

const folder = temporaryFolder()
test.after(() => rmSync(folder, { recursive: true }))

test('the example loads', async () => {
  mkdirSync(join(folder, 'agents'))
  const [yaml] = fencedBlocks(sectionOf(page, 'Files')).filter(({ language }) => language === 'yaml')
  const [agent] = fencedBlocks(sectionOf(page, 'Files')).filter(({ language }) => language === 'markdown')
  writeFileSync(join(folder, 'team.yaml'), yaml?.text ?? '')
  writeFileSync(join(folder, 'agents', 'pod-investigator.md'), agent?.text ?? '')
  const loaded = await loadConfiguration({ builtInDir: join(root, 'config'), userDir: folder, variables: {} })
  assert.is(loaded.configuration.chains['pods']?.stages[0]?.agent, 'pod-investigator')
  assert.equal(loaded.configuration.agents['pod-investigator']?.mcp_servers, ['kubernetes'])
  assert.is(loaded.configuration.defaults.provider, 'local')
})

test.run()

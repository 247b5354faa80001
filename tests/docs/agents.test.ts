// docs/agents.md: the folder it builds loads and does what the page says, and the commands print what it shows.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resolveAgent } from '../../domain/plan/resolve-agent.ts'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { builtInDir, type Files, folderOf, removeFolders } from '../infra/configuration-folder.ts'
import { fencedBlocks, readDocument } from '../support/markdown.ts'

test.after(removeFolders)

const page = readDocument('docs/agents.md')
const lines = page.split('\n')
const blocks = fencedBlocks(page)

/** A block whose last word before it is `my-config/…` is that file. */
const files: Files = Object.fromEntries(
  blocks.flatMap(({ text, line }) => {
    const name = /`my-config\/(\S+)`:$/.exec(lines[line - 3] ?? '')?.[1]
    return name === undefined ? [] : [[name, text]]
  }),
)
const folder = folderOf(files)

const run = async (command: string): Promise<string> => {
  let out = ''
  const program = createProgram(
    {
      serve: () => Promise.resolve(),
      demo: () => Promise.resolve(),
      configuration: createConfigurationTools({ builtInDir, variables: {} }),
    },
    {},
    (text) => {
      out += text
    },
  )
  const args = command.split(' ').map((word) => (word === 'my-config' ? folder : word))
  await program.parseAsync(args, { from: 'user' })
  return out.replaceAll(folder, 'my-config')
}

const plainly = (text: string): readonly string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))

test('every file the page shows is found', () => {
  assert.equal(Object.keys(files).sort(), ['agents/disk-scout.md', 'agents/log-reader.md', 'disks.yaml'])
})

test('the folder loads, and its layers are as told', async () => {
  const { configuration } = await loadConfiguration({ builtInDir, userDir: folder, variables: {} })
  assert.equal(configuration.agents['disk-scout']?.tools, ['host__disk', 'host__log_*'])
  const at = (agent: string, stage: number) => resolveAgent(agent, configuration, { chain: 'disks', stage })
  assert.is(at('disk-scout', 0).maxIterations.value, 12)
  const reader = at('log-reader', 1)
  assert.equal([reader.maxIterations.value, reader.provider.value, reader.model.value], [3, 'own', 'claude-sonnet-5'])
  assert.equal(reader.mcpServers.value, ['host'])
  const analyst = at('analyst', 2)
  assert.equal([analyst.provider.value, analyst.model.value, analyst.mcpServers.value], ['own', 'qwen3:8b', []])
})

test('config check prints what the page shows', async () => {
  const shown = blocks.find(({ text }) => text.includes('config check my-config'))?.text ?? ''
  const [, ...expected] = plainly(shown)
  assert.equal(
    plainly(await run('config check my-config')).map((line) => line.replace(/version \w+$/, 'version …')),
    expected,
  )
})

test('config explain prints each line the page shows, in its part', async () => {
  const shown = blocks.find(({ text }) => text.includes('config explain disks'))?.text ?? ''
  const [, ...expected] = plainly(shown)
  const printed = plainly(await run('config explain disks --folder my-config'))
  let from = 0
  for (const line of expected) {
    const at = printed.indexOf(line, from)
    assert.ok(at >= 0, `"${line}" in\n${printed.slice(from).join('\n')}`)
    from = at
  }
})

test('the tools it names are tools of the built-in server', async () => {
  const source = readDocument('docs/configuration.md')
  for (const tool of ['disk', 'log_tail', 'processes'])
    assert.match(source, new RegExp(`\`${tool}\``), join('host', tool))
})

test.run()

// The configuration while the process runs: taken when its files change, kept when they are faulty, told in both cases.
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Log } from '../../handlers/ports/log.ts'
import {
  type ConfigurationVersion,
  type LiveConfiguration,
  startLiveConfiguration,
} from '../../infra/settings/live-configuration.ts'
import { eventually } from '../support/eventually.ts'
import { builtInDir, type Files, folderOf, removeFolders, type Variables, writeFiles } from './configuration-folder.ts'

interface World {
  readonly folder: string
  readonly live: LiveConfiguration
  readonly versions: readonly ConfigurationVersion[]
  readonly logged: readonly { readonly level: string; readonly fields: unknown; readonly message: string }[]
}

const inWorld = async (
  { files, variables = {}, refuse = () => false }: { files: Files; variables?: Variables; refuse?: () => boolean },
  run: (world: World) => Promise<void>,
): Promise<void> => {
  const folder = folderOf(files)
  const versions: ConfigurationVersion[] = []
  const logged: { level: string; fields: unknown; message: string }[] = []
  const write =
    (level: string): Log['info'] =>
    (fields, message) =>
      logged.push({ level, fields, message })
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') }
  const live = await startLiveConfiguration({ builtInDir, userDir: folder, variables, log, everyMs: 10 })
  live.watch(async (version) => {
    if (refuse()) throw new Error('the log is away')
    versions.push(version)
  })
  try {
    await run({ folder, live, versions, logged })
  } finally {
    await live.stop()
  }
}

const limit = (count: number): Files => ({ 'a.yaml': `defaults:\n  max_iterations: ${count}\n` })
const inForce = ({ live }: World): number => live.current().configuration.defaults.max_iterations

test.after(removeFolders)

test('a changed file is a new version, with the moment it was loaded', async () => {
  await inWorld({ files: limit(3) }, async (world) => {
    const first = world.live.version()
    assert.is(first.hash, world.live.current().hash)
    writeFiles(world.folder, limit(4))
    await eventually(() => world.versions.length === 1)
    assert.is(inForce(world), 4)
    const second = world.versions[0]
    assert.is.not(second?.hash, first.hash)
    assert.is(second?.hash, world.live.current().hash)
    assert.ok((second?.loadedAt ?? '') >= first.loadedAt)
    assert.is.not(second?.entries['defaults/max_iterations'], first.entries['defaults/max_iterations'])
    assert.is(second?.entries['agents/analyst'], first.entries['agents/analyst'])
  })
})

test('faulty files change nothing and are told with file and line; mended ones count', async () => {
  await inWorld({ files: limit(3) }, async (world) => {
    writeFiles(world.folder, { 'a.yaml': 'defaults:\n  max_iteration: 4\n' })
    const told = await eventually(() => world.logged.find(({ level }) => level === 'error'))
    assert.match(
      told.message,
      /a\.yaml:2: defaults\.max_iteration: is no field of defaults; did you mean "max_iterations"\?/,
    )
    assert.match(told.message, /It is not taken; the version before stays in force\./)
    assert.is(inForce(world), 3)
    writeFiles(world.folder, limit(5))
    await eventually(() => inForce(world) === 5)
    assert.is(world.logged.filter(({ level }) => level === 'error').length, 1, 'told once, not at every look')
    await eventually(() => world.logged.some(({ message }) => message === 'The configuration is sound again.'))
  })
})

test('files that are added, removed and renamed count', async () => {
  await inWorld({ files: { 'agents/one.md': 'One.\n' } }, async ({ folder, live, versions }) => {
    const agents = (): readonly string[] => Object.keys(live.current().configuration.agents)
    writeFiles(folder, { 'agents/deep/two.md': 'Two.\n' })
    await eventually(() => agents().includes('two'))
    renameSync(join(folder, 'agents/one.md'), join(folder, 'agents/three.md'))
    await eventually(() => agents().includes('three') && !agents().includes('one'))
    rmSync(join(folder, 'agents'), { recursive: true })
    await eventually(() => !agents().includes('three'))
    await eventually(() => versions.length === 3)
  })
})

test('a folder that goes away is a fault; the last version stays until it is back', async () => {
  await inWorld({ files: limit(3) }, async (world) => {
    renameSync(world.folder, `${world.folder}-away`)
    const told = await eventually(() => world.logged.find(({ level }) => level === 'error'))
    assert.match(told.message, /is no folder/)
    assert.is(inForce(world), 3)
    renameSync(`${world.folder}-away`, world.folder)
    await eventually(() => world.logged.some(({ message }) => message === 'The configuration is sound again.'))
    assert.equal(world.versions, [], 'the same files are the same version')
  })
})

test('a mounted ConfigMap is read once, through its links, and its swap is seen', async () => {
  const folder = folderOf({
    '..1/a.yaml': 'defaults: { max_iterations: 3 }\n',
    '..2/a.yaml': 'defaults: { max_iterations: 4 }\n',
  })
  symlinkSync('..1', join(folder, '..data'))
  symlinkSync('..data/a.yaml', join(folder, 'a.yaml'))
  const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const live = await startLiveConfiguration({ builtInDir, userDir: folder, variables: {}, log, everyMs: 10 })
  live.watch(async () => undefined)
  assert.is(live.current().configuration.defaults.max_iterations, 3)
  symlinkSync('..2', join(folder, '..new'))
  renameSync(join(folder, '..new'), join(folder, '..data'))
  await eventually(() => live.current().configuration.defaults.max_iterations === 4)
  await live.stop()
})

test('a version that could not be put on the log is offered again', async () => {
  let refusals = 2
  await inWorld({ files: limit(3), refuse: () => refusals-- > 0 }, async (world) => {
    writeFiles(world.folder, limit(4))
    await eventually(() => world.versions.length === 1)
    assert.is(inForce(world), 4, 'it is in force all the same')
  })
})

test('providers and servers that are removed stay reachable for the sessions that began with them', async () => {
  const provider = (name: string, url: string): string =>
    `providers:\n  ${name}: { base_url: "${url}", model: m }\nmcp_servers:\n  of-${name}: { transport: { type: http, url: "${url}" } }\n`
  await inWorld({ files: { 'p.yaml': provider('old', 'http://127.0.0.1:1/') } }, async ({ folder, live }) => {
    writeFiles(folder, { 'p.yaml': provider('new', 'http://127.0.0.1:2/') })
    await eventually(() => live.providers()['new'])
    assert.is(live.providers()['old']?.base_url, 'http://127.0.0.1:1/')
    assert.ok(live.servers()['of-old'])
    assert.is(live.current().configuration.providers['old'], undefined, 'no new session can name it')
    writeFiles(folder, { 'p.yaml': provider('new', 'http://127.0.0.1:3/') })
    await eventually(() => live.providers()['new']?.base_url === 'http://127.0.0.1:3/')
  })
})

test('a changed header counts at once, though it is no part of what names a version', async () => {
  const server = (token: string): Files => ({
    's.yaml': `mcp_servers:\n  s: { transport: { type: http, url: "http://127.0.0.1:1/", headers: { x-token: ${token} } } }\n`,
  })
  await inWorld({ files: server('one') }, async ({ folder, live, versions }) => {
    writeFiles(folder, server('two'))
    await eventually(() => {
      const transport = live.servers()['s']?.transport
      return transport?.type === 'http' && transport.headers['x-token'] === 'two'
    })
    assert.equal(versions, [])
  })
})

test('what goes on the log holds no secret, and nothing of this machine or run', async () => {
  const files: Files = {
    's.yaml': [
      'mcp_servers:',
      '  s:',
      '    transport:',
      '      type: http',
      '      url: "http://u:hush1@127.0.0.1:1/?k=$' + '{S_KEY}"',
      '      headers: { x-thing: hush2 }',
      '  t:',
      '    transport: { type: stdio, command: run, args: [--token, hush3], env: { A: hush4 } }',
      'agents:',
      '  a: { mcp_servers: [s, t], instructions: "The password: hush5hush5" }',
    ].join('\n'),
  }
  const variables = { S_KEY: 'hush6', CASEBOOK_SIMULATOR_URL: 'http://127.0.0.1:4321/v1' }
  await inWorld({ files, variables }, async ({ live }) => {
    const { content, entries } = live.version()
    assert.equal(content.match(/hush\d/g), null)
    assert.equal(content.match(/4321/g), null)
    assert.not.match(content, new RegExp(process.execPath))
    assert.match(content, /x-thing/)
    assert.match(content, /"api_key_env":"OPENAI_API_KEY"/)
    const other = { ...variables, CASEBOOK_SIMULATOR_URL: 'http://127.0.0.1:1234/v1' }
    await inWorld({ files, variables: other }, async (again) => {
      assert.equal(again.live.version().entries, entries)
    })
  })
})

test.run()

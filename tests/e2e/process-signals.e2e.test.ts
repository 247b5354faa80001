// Signals at awkward moments: during the start, twice, and by way of npm.
import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startSession } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startHeldModel } from '../support/held-model.ts'
import { nobodyWorksIn, processesOf, watchDescendants } from '../support/processes-of.ts'
import { temporaryFolder } from '../support/servers.ts'
import { isAlive } from '../support/tool-box-world.ts'

const test = suite('signals')
const root = temporaryFolder()
const model = await startHeldModel()
model.hold()
const withinMs = 60_000

const environmentOf = (name: string) => ({
  CASEBOOK_DATA_DIR: join(root, name),
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'not-a-real-key',
})

/** One that says what it is and never answers: with it a start does not come to its end, however late its signal is. */
const silentNatsServer = (): string => {
  const file = join(root, 'nats-server')
  const script = `[ "$1" = --version ] && echo nats-server: v2.9.10 && exit\nwhile :; do sleep 0.1; done\n`
  writeFileSync(file, `#!/bin/sh\n${script}`, { mode: 0o755 })
  return file
}

test('SIGTERM during the start ends it, and nothing is left', async () => {
  const environment = { ...environmentOf('early'), CASEBOOK_PORT: '0' }
  const { child, exited } = startCommand(['serve'], { ...environment, NATS_SERVER_BIN: silentNatsServer() })
  await eventually(() => processesOf(environment.CASEBOOK_DATA_DIR).length > 0, {
    withinMs,
    describe: 'it starts servers',
  })
  child.kill('SIGTERM')
  assert.is(await exited, 143)
  await nobodyWorksIn(environment.CASEBOOK_DATA_DIR)
  const next = await startCasebook(environment)
  assert.is(await next.stop(), 0, next.output())
})

test('a signal that comes twice is one request, as Ctrl-C is under npm; an impatient one ends it at once', async () => {
  const environment = environmentOf('impatient')
  const patient = await startCasebook(environment)
  process.kill(patient.pid, 'SIGINT')
  process.kill(patient.pid, 'SIGINT')
  assert.is(await patient.exited, 0, patient.output())

  const impatient = await startCasebook(environment)
  await startSession(impatient.url, 'impatient')
  await eventually(() => model.asked() > 0, { withinMs, describe: 'the model is asked' })
  const insisting = setInterval(() => {
    if (isAlive(impatient.pid)) process.kill(impatient.pid, 'SIGTERM')
  }, 600)
  const code = await impatient.exited
  clearInterval(insisting)
  assert.is(code, 143)
  await nobodyWorksIn(environment.CASEBOOK_DATA_DIR)
})

test('npm hands the signal on to the process, not to a shell before it', async () => {
  const environment = environmentOf('npm')
  const { PATH = '', HOME = '', NATS_SERVER_BIN = '' } = process.env
  const npm = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { PATH, HOME, NATS_SERVER_BIN, CASEBOOK_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  npm.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await eventually(() => /^casebook ready /m.test(output), { withinMs: 180_000, describe: 'npm start is ready' })
  const below = watchDescendants(npm.pid ?? 0)
  npm.kill('SIGTERM')
  await below.gone()
  assert.not.ok(existsSync(join(environment.CASEBOOK_DATA_DIR, 'lock')))
})

test.after(async () => {
  await model.close()
  rmSync(root, { recursive: true, force: true })
})

test.run()

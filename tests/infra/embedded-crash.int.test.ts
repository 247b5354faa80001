// What is left when Casebook dies without a word: no server, or one that the next start takes over, and never a spoilt folder.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startEmbeddedServers } from '../../infra/embedded/embedded-servers.ts'
import { startTimeOf } from '../../infra/embedded/process-identity.ts'
import { eventually } from '../support/eventually.ts'
import { nobodyWorksIn, processesOf } from '../support/processes-of.ts'
import { quiet, temporaryFolder } from '../support/servers.ts'
import { startHolder } from './embedded-holder.ts'
import { leaveMark, readMarks } from './embedded-marks.ts'

const test = suite('embedded servers after a crash')
const root = temporaryFolder()
const natsServerBin = process.env['NATS_SERVER_BIN']
const start = (dataDir: string) => startEmbeddedServers({ dataDir, natsServerBin, log: quiet })
const lives = (pid: number): boolean => startTimeOf(pid) !== null

test('SIGKILL of the parent leaves no server behind', async () => {
  const folder = join(root, 'parent-killed')
  const holder = startHolder(folder)
  const servers = await holder.ready
  assert.ok(servers !== null, holder.said())
  const pids = Object.values(servers.pids)
  assert.ok(pids.every(lives))
  await holder.kill()
  await nobodyWorksIn(folder)
  // A process that exits has lost its command line a little before it is gone.
  await eventually(() => pids.filter(lives).length === 0, { describe: 'both servers are gone' })
})

test('a start right after SIGKILL of the parent takes the folder over, with its data and addresses', async () => {
  const folder = join(root, 'taken-over')
  const holder = startHolder(folder)
  const before = await holder.ready
  assert.ok(before !== null, holder.said())
  await leaveMark(before, 'survived')
  await holder.kill()
  const servers = await start(folder)
  try {
    assert.equal(await readMarks(servers), ['survived', 'survived'])
  } finally {
    await servers.stop()
  }
})

test('servers that outlived parent and guardian are ended by the next start, and their data is there', async () => {
  const folder = join(root, 'orphans')
  const holder = startHolder(folder)
  const before = await holder.ready
  assert.ok(before !== null, holder.said())
  await leaveMark(before, 'adopted')
  // The shells first, so that nobody is left to end the servers.
  process.kill(holder.pid, 'SIGSTOP')
  const guardians = processesOf(folder).filter(({ command }) => command.includes('casebook-guardian'))
  assert.ok(guardians.length >= 2, 'there are guardians to kill')
  for (const { pid } of guardians) process.kill(pid, 'SIGKILL')
  await holder.kill()
  const orphans = Object.values(before.pids)
  assert.ok(orphans.every(lives), 'the servers run on as orphans')

  const warnings: string[] = []
  const log = { ...quiet, warn: (_: unknown, message: string) => void warnings.push(message) }
  try {
    const servers = await startEmbeddedServers({ dataDir: folder, natsServerBin, log })
    try {
      assert.equal(orphans.filter(lives), [])
      assert.equal(warnings.sort(), [
        'A nats-server of an earlier run was still there; ended it.',
        'A postgres of an earlier run was still there; ended it.',
      ])
      assert.equal(await readMarks(servers), ['adopted', 'adopted'])
    } finally {
      await servers.stop()
    }
  } finally {
    for (const pid of orphans.filter(lives)) process.kill(pid, 'SIGKILL')
  }
})

test('a first start killed at any moment does not spoil the next one', async () => {
  for (const delayMs of [0, 150, 300, 500, 800, 1_200]) {
    const folder = join(root, `killed-after-${delayMs}`)
    const holder = startHolder(folder)
    // From the moment it owns the folder; by then Node itself is up.
    await eventually(() => statSync(join(folder, 'lock'), { throwIfNoEntry: false }) !== undefined)
    const timer = setTimeout(() => void holder.kill(), delayMs)
    await holder.exited
    clearTimeout(timer)
    const servers = await start(folder)
    try {
      await leaveMark(servers, 'whole')
      assert.equal(await readMarks(servers), ['whole', 'whole'], `killed after ${delayMs} ms`)
    } finally {
      await servers.stop()
    }
    await nobodyWorksIn(folder)
  }
})

test.after(() => rmSync(root, { recursive: true, force: true }))

test.run()

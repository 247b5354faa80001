// The servers Casebook brings along, on real ones: they come back when killed, keep their data and address, and stop.
import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startEmbeddedServers } from '../../infra/embedded/embedded-servers.ts'
import { startTimeOf } from '../../infra/embedded/process-identity.ts'
import { eventually } from '../support/eventually.ts'
import { nobodyWorksIn } from '../support/processes-of.ts'
import { quiet, temporaryFolder } from '../support/servers.ts'
import { leaveMark, readMarks } from './embedded-marks.ts'

const test = suite('embedded servers')
const root = temporaryFolder()
const natsServerBin = process.env['NATS_SERVER_BIN']
const start = (dataDir: string) => startEmbeddedServers({ dataDir, natsServerBin, log: quiet })
const withinMs = 60_000

test('a killed server comes back on the same port with its data, again and again', async () => {
  const folder = join(root, 'killed')
  const servers = await start(folder)
  try {
    await leaveMark(servers, 'before')
    for (const child of servers.children) {
      for (let time = 1; time <= 2; time++) {
        const [before, restarts] = [child.pid(), child.restarts()]
        assert.ok(before !== null)
        process.kill(before, 'SIGKILL')
        await eventually(() => child.restarts() > restarts && child.status() === 'running', { withinMs })
        assert.is.not(child.pid(), before)
      }
    }
    assert.equal(await readMarks(servers), ['before', 'before'])
  } finally {
    await servers.stop()
  }
})

test('stopping ends both servers and frees the folder; the next start has the same addresses and data', async () => {
  const folder = join(root, 'stopped')
  const first = await start(folder)
  await leaveMark(first, 'kept')
  const pids = first.children.map((child) => child.pid() ?? 0)
  await first.stop()
  assert.equal(
    pids.filter((pid) => startTimeOf(pid) !== null),
    [],
  )
  assert.equal(
    first.children.map((child) => child.status()),
    ['stopped', 'stopped'],
  )
  const second = await start(folder)
  try {
    assert.equal([second.natsUrl, second.databaseUrl], [first.natsUrl, first.databaseUrl])
    assert.equal(await readMarks(second), ['kept', 'kept'])
  } finally {
    await second.stop()
  }
})

test('a server stopped while it is being started again stays stopped', async () => {
  const folder = join(root, 'stopped-in-between')
  const servers = await start(folder)
  for (const child of servers.children) process.kill(child.pid() ?? 0, 'SIGKILL')
  await eventually(() => servers.children.every((child) => child.restarts() > 0), { withinMs })
  await servers.stop()
  await nobodyWorksIn(folder)
})

test('another program on the remembered port does not keep it from starting, nor its data away', async () => {
  const folder = join(root, 'port-taken')
  const first = await start(folder)
  await leaveMark(first, 'moved')
  await first.stop()
  const squatters = [first.natsUrl, first.databaseUrl].map((url) =>
    createServer((socket) => socket.destroy()).listen(Number(new URL(url).port), '127.0.0.1'),
  )
  try {
    await Promise.all(squatters.map((squatter) => squatter.listening || once(squatter, 'listening')))
    const second = await start(folder)
    try {
      assert.is.not(new URL(second.natsUrl).port, new URL(first.natsUrl).port)
      assert.is.not(new URL(second.databaseUrl).port, new URL(first.databaseUrl).port)
      assert.equal(await readMarks(second), ['moved', 'moved'])
    } finally {
      await second.stop()
    }
  } finally {
    for (const squatter of squatters) squatter.close()
  }
})

test('with servers configured, nothing is started and no folder made', async () => {
  const dataDir = join(root, 'not-made')
  const [natsUrl, databaseUrl] = ['nats://127.0.0.1:4222', 'postgres://127.0.0.1/casebook']
  const servers = await startEmbeddedServers({ dataDir, natsUrl, databaseUrl, log: quiet })
  assert.equal(servers.children, [])
  assert.is(statSync(dataDir, { throwIfNoEntry: false }), undefined)
  await servers.stop()
})

test.after(() => rmSync(root, { recursive: true, force: true }))

test.run()

// Who may use a data folder: one Casebook at a time, under any user, and nobody may look inside.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { claimDataFolder } from '../../infra/embedded/data-folder.ts'
import { startEmbeddedServers } from '../../infra/embedded/embedded-servers.ts'
import { nobodyWorksIn } from '../support/processes-of.ts'
import { quiet, temporaryFolder } from '../support/servers.ts'
import { startHolder } from './embedded-holder.ts'
import { leaveMark, readMarks } from './embedded-marks.ts'

const test = suite('the data folder')
const root = temporaryFolder()
const natsServerBin = process.env['NATS_SERVER_BIN']
const start = (dataDir: string) => startEmbeddedServers({ dataDir, natsServerBin, log: quiet })
const asRoot = process.getuid?.() === 0
/** Known to every system, owner of nothing. */
const nobody = { uid: 65_534, gid: 65_534 }
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

const folderOf = (name: string, owner = nobody): string => {
  const folder = join(root, name)
  mkdirSync(folder, { mode: 0o700 })
  if (asRoot) chownSync(folder, owner.uid, owner.gid)
  return join(folder, 'data')
}

const lockedBy = (name: string, content: string): string => {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'lock'), content)
  return folder
}

const refusal = (folder: string): string => {
  try {
    claimDataFolder(folder).release()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'not refused'
}

test('what is in it is closed to everybody else', async () => {
  const folder = join(root, 'closed')
  const servers = await start(folder)
  try {
    // Root's PostgreSQL runs as another user, who passes through.
    assert.is(modeOf(folder), asRoot ? '711' : '700')
    for (const name of ['nats', 'postgres', 'postgres/data']) assert.is(modeOf(join(folder, name)), '700', name)
    for (const name of ['nats.url', 'nats-server.log', 'postgres.log', 'nats/token', 'nats/nats.conf'])
      assert.is(modeOf(join(folder, name)), '600', name)
    for (const url of [servers.natsUrl, servers.databaseUrl]) {
      assert.is(new URL(url).hostname, '127.0.0.1')
      assert.ok((new URL(url).password || new URL(url).username).length >= 32, 'a password nobody guesses')
    }
    const logs = ['nats-server.log', 'postgres.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('')
    assert.not.ok(logs.includes(new URL(servers.natsUrl).username))
    assert.not.ok(logs.includes(new URL(servers.databaseUrl).password))
  } finally {
    await servers.stop()
  }
})

test('a folder that is there already keeps its mode', () => {
  const folder = join(root, 'kept-mode')
  mkdirSync(folder)
  chmodSync(folder, 0o750)
  claimDataFolder(folder).release()
  assert.is(modeOf(folder), '750')
})

test('a second copy is refused with the pid of the first and what to do; the first is not disturbed', async () => {
  const folder = join(root, 'held')
  const first = startHolder(folder)
  const servers = await first.ready
  assert.ok(servers !== null, first.said())
  const second = startHolder(folder)
  assert.is(await second.ready, null)
  assert.is(await second.exited, 1)
  assert.is(
    second.said(),
    `data_folder_in_use: ${folder} is used by the running Casebook with pid ${first.pid}. Stop it, or set CASEBOOK_DATA_DIR to another folder.\n`,
  )
  await leaveMark(servers, 'undisturbed')
  assert.equal(await readMarks(servers), ['undisturbed', 'undisturbed'])
  assert.is(await first.stop(), 0)
  assert.not.ok(existsSync(join(folder, 'lock')))
})

test('of many that start at once exactly one gets a fresh folder', async () => {
  const folder = join(root, 'contended')
  const holders = Array.from({ length: 4 }, () => startHolder(folder))
  const ready = await Promise.all(holders.map((holder) => holder.ready))
  assert.is(ready.filter((each) => each !== null).length, 1, holders.map((holder) => holder.said()).join('\n'))
  const winner = holders[ready.findIndex((each) => each !== null)]
  const losers = holders.filter((holder) => holder !== winner)
  for (const loser of losers)
    assert.match(loser.said(), new RegExp(`^data_folder_in_use: .* with pid ${winner?.pid}\\.`))
  assert.is(await winner?.stop(), 0)
})

test('a lock of a dead process, of a pid used again, or half written, is taken over', () => {
  const others: Readonly<Record<string, string>> = {
    dead: JSON.stringify({ pid: 2_147_483_646, startTime: '1' }),
    'used-again': JSON.stringify({ pid: process.pid, startTime: '1' }),
    empty: '',
    torn: '{"pid":12',
  }
  for (const [name, content] of Object.entries(others)) {
    const folder = lockedBy(name, content)
    const claimed = claimDataFolder(folder)
    assert.is(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')).pid, process.pid, name)
    claimed.release()
    assert.not.ok(existsSync(join(folder, 'lock')), name)
  }
})

test('a folder that cannot be is refused with the reason and what to do', () => {
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  const mend = 'Give this user the folder, or set CASEBOOK_DATA_DIR to another one.'
  for (const [folder, reason] of [
    [file, 'ENOTDIR'],
    [join(file, 'data'), 'ENOTDIR'],
    ...(process.platform === 'linux' ? [['/proc/casebook', 'ENOENT'] as const] : []),
  ] as const) {
    const said = refusal(folder)
    assert.ok(said.startsWith(`${folder} cannot be used as data folder: ${reason}`) && said.endsWith(mend), said)
  }
})

if (asRoot) {
  test('another user than root has servers of its own, in a folder nobody else enters', async () => {
    const folder = folderOf('nobody')
    const holder = startHolder(folder, nobody)
    const servers = await holder.ready
    assert.ok(servers !== null, holder.said())
    await leaveMark(servers, 'as nobody')
    assert.equal(await readMarks(servers), ['as nobody', 'as nobody'])
    assert.is(modeOf(folder), '700')
    for (const name of ['lock', 'nats/nats.conf', 'postgres/data'])
      assert.is(statSync(join(folder, name)).uid, nobody.uid)
    for (const pid of Object.values(servers.pids)) assert.is(statSync(`/proc/${pid}`).uid, nobody.uid)
    assert.is(await holder.stop(), 0)
    await nobodyWorksIn(folder)
  })

  test('a user without a name, as containers have, is told what PostgreSQL asks of it', async () => {
    const nameless = { uid: 54_321, gid: 54_321 }
    const holder = startHolder(folderOf('nameless', nameless), nameless)
    assert.is(await holder.exited, 1, holder.said())
    assert.match(
      holder.said(),
      /could not look up effective user ID 54321.*; run as a user that \/etc\/passwd knows, or /,
    )
  })

  test('a folder of another user is refused with the reason', async () => {
    const folder = join(root, 'of-root')
    claimDataFolder(folder).release()
    const holder = startHolder(folder, nobody)
    assert.is(await holder.exited, 1)
    assert.match(holder.said(), /^data_folder_unusable: \S+ cannot be used as data folder: EACCES: .* Give this user/)
  })

  test('root runs PostgreSQL as another user, also where that user cannot pass', async () => {
    const folder = folderOf('closed-to-others', { uid: 0, gid: 0 })
    const first = await start(folder)
    await leaveMark(first, 'outside')
    const outside = JSON.parse(readFileSync(join(folder, 'postgres.location'), 'utf8')).folder
    try {
      const postgres = first.children.find(({ name }) => name === 'postgres')?.pid()
      assert.is.not(statSync(`/proc/${postgres}`).uid, 0)
      assert.is(modeOf(outside), '700')
      await first.stop()
      const second = await start(folder)
      assert.equal(await readMarks(second), ['outside', 'outside'])
      await second.stop()
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })

  test('a folder that a user began is carried on by root, and by the user again', async () => {
    const folder = folderOf('handed-over')
    const mine = startHolder(folder, nobody)
    const before = await mine.ready
    assert.ok(before !== null, mine.said())
    await leaveMark(before, 'handed over')
    assert.is(await mine.stop(), 0)
    const roots = await start(folder)
    assert.equal(await readMarks(roots), ['handed over', 'handed over'])
    for (const child of roots.children) assert.is(statSync(`/proc/${child.pid()}`).uid, nobody.uid, child.name)
    await roots.stop()
    const left = readdirSync(join(folder, 'nats'), { recursive: true, encoding: 'utf8' })
    for (const name of left) assert.is(statSync(join(folder, 'nats', name)).uid, nobody.uid, name)
    const again = startHolder(folder, nobody)
    const after = await again.ready
    assert.ok(after !== null, again.said())
    assert.equal(await readMarks(after), ['handed over', 'handed over'])
    assert.is(await again.stop(), 0)
  })
}

test.after(() => rmSync(root, { recursive: true, force: true }))

test.run()

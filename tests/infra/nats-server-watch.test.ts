// When a nats-server that runs is to be started again, and when that would not help.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { watchNatsServer } from '../../infra/embedded/nats-server-watch.ts'
import { temporaryFolder } from '../support/servers.ts'

const refused = '[7] [ERR] Filestore [CASEBOOK_EVENTS] Critical write error: write 1.blk: no space left on device\n'

const world = ({ silentForMs = 60_000 } = {}) => {
  const folder = temporaryFolder()
  const logFile = join(folder, 'nats-server.log')
  const server = { answers: true }
  const probe = () => (server.answers ? Promise.resolve() : Promise.reject(new Error('timeout')))
  const look = (store = folder) => watchNatsServer({ probe, logFile, store, silentForMs })
  return { folder, logFile, server, look }
}

test('a server that answers and complains of nothing is left alone, whatever an earlier run has said', async () => {
  const { logFile, look } = world()
  writeFileSync(logFile, refused)
  const asked = look()
  assert.is(await asked(), null)
  appendFileSync(logFile, '[7] [INF] Server is ready\n')
  assert.is(await asked(), null)
})

test('a server that a failed write has made refuse all others is started again, also when it said so a while ago', async () => {
  const { logFile, look } = world()
  const asked = look()
  assert.is(await asked(), null)
  writeFileSync(logFile, `[7] [INF] Server is ready\n${refused}`)
  assert.is(await asked(), 'a write failed, and it takes no more')
  assert.is(await asked(), 'a write failed, and it takes no more')
})

test('a server that is silent is given time, and each answer gives it all of it again', async () => {
  const { server, look } = world({ silentForMs: 50 })
  const asked = look()
  server.answers = false
  assert.is(await asked(), null)
  await delay(60)
  server.answers = true
  assert.is(await asked(), null)
  server.answers = false
  assert.is(await asked(), null)
  await delay(60)
  assert.is(await asked(), 'it has not answered for 0.05 s')
})

test('a disk nobody can look at is told, so that nothing is ended for it', async () => {
  const { folder, logFile, look } = world()
  const gone = join(folder, 'gone')
  const asked = look(gone)
  writeFileSync(logFile, refused)
  let failed = false
  await asked().catch(() => {
    failed = true
  })
  assert.ok(failed)
  mkdirSync(gone)
  assert.is(await asked(), 'a write failed, and it takes no more')
})

test.run()

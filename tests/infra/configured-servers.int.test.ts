// Servers of one's own, asked at start: waited for a while, refused with what to mend, accepted without a word.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { awaitConfiguredServers } from '../../infra/configured-servers.ts'
import { findNatsServer } from '../../infra/embedded/find-nats-server.ts'
import { freePort } from '../../infra/embedded/free-port.ts'
import { quiet, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('configured servers')
const folder = temporaryFolder()
const binary = await findNatsServer(process.env['NATS_SERVER_BIN'], folder, quiet)
const children: ChildProcess[] = []

const startNats = (port: number, ...args: readonly string[]): void => {
  children.push(spawn(binary, ['-a', '127.0.0.1', '-p', String(port), ...args], { stdio: 'ignore' }))
}

/** What was said while waiting, and the refusal if there was one. */
const ask = async (natsUrl: string | undefined, databaseUrl: string | undefined, onWait?: () => void) => {
  const waited: string[] = []
  const warn = (_: unknown, message: string): void => {
    waited.push(message)
    onWait?.()
  }
  const patienceMs = onWait === undefined ? 1_000 : 30_000
  const refusal = await awaitConfiguredServers({ natsUrl, databaseUrl, log: { ...quiet, warn }, patienceMs }).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return { waited, refusal }
}

test('a server that comes a little later is waited for', async () => {
  const port = await freePort()
  const { waited, refusal } = await ask(`nats://127.0.0.1:${port}`, undefined, () =>
    startNats(port, '-js', '-sd', join(folder, 'late')),
  )
  assert.is(refusal, null)
  assert.equal(waited, [`No server answers at 127.0.0.1:${port} (NATS_URL) yet; waiting for it.`])
})

test('a server that does not come is refused, and no secret is said', async () => {
  // Of no server, and of none that starts meanwhile.
  const port = 1
  const { waited, refusal } = await ask(undefined, `postgres://me:hush@127.0.0.1:${port}/casebook`)
  assert.is(
    refusal,
    `DATABASE_URL names 127.0.0.1:${port}, but no server answers there (connect ECONNREFUSED 127.0.0.1:${port}). Start it, mend the address, or unset DATABASE_URL for a server of its own.`,
  )
  assert.not.match(waited.join(), /hush/)
})

test('a nats-server without JetStream is refused at once', async () => {
  const port = await freePort()
  startNats(port)
  const { refusal } = await ask(`nats://127.0.0.1:${port}`, undefined, () => undefined)
  assert.is(
    refusal,
    `NATS_URL names 127.0.0.1:${port}, but JetStream cannot be used there (it is not enabled). Start that server with JetStream (nats-server -js -sd <folder>), or unset NATS_URL for a server of its own.`,
  )
})

test('credentials are asked for in the form the URL has them', async () => {
  const port = await freePort()
  startNats(port, '-js', '-sd', join(folder, 'users'), '--user', 'me', '--pass', 'p@ss:word')
  const right = `nats://me:${encodeURIComponent('p@ss:word')}@127.0.0.1:${port}`
  assert.is((await ask(right, undefined, () => undefined)).refusal, null)
  const { refusal } = await ask(right.replace('me:', 'you:'), undefined, () => undefined)
  assert.match(
    refusal ?? '',
    /^NATS_URL names \S+, but that server refuses the credentials\. Mend them, or unset NATS_URL/,
  )
  assert.not.match(refusal ?? '', /p@ss|p%40ss/)
})

test('a Postgres that is there is accepted without waiting', async () => {
  const postgres = await startPostgres()
  try {
    assert.equal(await ask(undefined, postgres.url), { waited: [], refusal: null })
  } finally {
    await postgres.stop()
  }
})

test.after(async () => {
  for (const child of children) {
    const gone = child.exitCode === null && once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
})

test.run()

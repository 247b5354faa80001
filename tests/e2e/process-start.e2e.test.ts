// How the process begins: with nothing configured, ready when it says so, side by side with others, and never without its token.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endOf, startSession, statusOf } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startHeldModel } from '../support/held-model.ts'
import { nobodyWorksIn } from '../support/processes-of.ts'
import { startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('the start of the process')
const root = temporaryFolder()
const lastLine = /^demo: session ses_[0-9A-Z]{26} completed in \d+\.\d s, \d+ events, \d+ tool calls$/

test('the demo ends with 0 and its last line, whatever else is said around it', async () => {
  const CASEBOOK_DATA_DIR = join(root, 'demo')
  const { child, exited, output } = startCommand(['demo', '--exit'], {
    CASEBOOK_DATA_DIR,
    CASEBOOK_PORT: '0',
    LOG_LEVEL: 'info',
  })
  // Of its own: in which order two streams are read is nobody's promise.
  let said = ''
  child.stdout?.on('data', (chunk: unknown) => {
    said += String(chunk)
  })
  assert.is(await exited, 0, output())
  const lines = said.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', lastLine)
  const calls = Number(/(\d+) tool calls$/.exec(lines.at(-1) ?? '')?.[1])
  assert.ok(calls >= 3, `${calls} tools of this machine were called`)
  assert.match(output(), /^casebook ready http:\/\/127\.0\.0\.1:\d+$/m)
  assert.match(output(), /simulated/)
  await nobodyWorksIn(CASEBOOK_DATA_DIR)
})

test('without --exit the demo serves on until it is stopped, and stops with 0', async () => {
  const CASEBOOK_DATA_DIR = join(root, 'demo')
  const { child, exited, output } = startCommand(['demo'], { CASEBOOK_DATA_DIR, CASEBOOK_PORT: '0' })
  const url = await eventually(() => /stays up at (http:\S+);/.exec(output())?.[1] ?? false, { withinMs: 180_000 })
  // The one is written to stderr, the other to stdout.
  await eventually(() =>
    output()
      .split('\n')
      .some((line) => lastLine.test(line)),
  )
  assert.is(await statusOf(`${url}/ready`), 200)
  child.kill('SIGINT')
  assert.is(await exited, 0, output())
})

test('a demo that is stopped before its report, or has no roles to make one, does not end with 0', async () => {
  // One that does not answer: whoever is stopped has not reported yet.
  const model = await startHeldModel()
  model.hold()
  const environment = {
    CASEBOOK_DATA_DIR: join(root, 'demo'),
    CASEBOOK_PORT: '0',
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'not-a-real-key',
  }
  const stopped = startCommand(['demo', '--exit'], environment)
  await eventually(() => stopped.output().includes('casebook ready'), { withinMs: 180_000 })
  stopped.child.kill('SIGTERM')
  assert.is(await stopped.exited, 1, stopped.output())
  assert.match(stopped.output(), /^casebook: The demo was stopped before its report\.$/m)
  const partial = startCommand(['demo', '--exit'], { ...environment, CASEBOOK_ROLES: 'http' })
  assert.is(await partial.exited, 1)
  assert.match(
    partial.output(),
    /^casebook: CASEBOOK_ROLES must have http, handlers, projections for the demo; unset it$/m,
  )
  await model.close()
})

test('"casebook ready" comes when everything is', async () => {
  const port = { CASEBOOK_PORT: '0' }
  for (const start of ['first', 'second']) {
    const casebook = await startCasebook({ CASEBOOK_DATA_DIR: join(root, 'ready'), ...port })
    try {
      assert.match(casebook.url, /^http:\/\/127\.0\.0\.1:\d+$/)
      const [ready, health] = await Promise.all([statusOf(`${casebook.url}/ready`), statusOf(`${casebook.url}/health`)])
      assert.equal([ready, health], [200, 200], start)
    } finally {
      assert.is(await casebook.stop(), 0, casebook.output())
    }
  }
})

test('two copies with two folders live side by side and know nothing of each other; a third on a taken folder is refused', async () => {
  const [here, there] = await Promise.all(
    ['here', 'there'].map((name) => startCasebook({ CASEBOOK_DATA_DIR: join(root, name) })),
  )
  assert.ok(here !== undefined && there !== undefined)
  try {
    const ids = await Promise.all([startSession(here.url, 'here'), startSession(there.url, 'there')])
    const ended = await Promise.all([endOf(here.url, ids[0]), endOf(there.url, ids[1])])
    assert.equal(
      ended.map(({ status }) => status),
      ['completed', 'completed'],
    )
    assert.is(await statusOf(`${here.url}/v1/sessions/${ids[1]}`), 404)
    assert.is(await statusOf(`${there.url}/v1/sessions/${ids[0]}`), 404)

    const third = startCommand(['serve'], { CASEBOOK_DATA_DIR: join(root, 'here'), CASEBOOK_PORT: '0' })
    assert.is(await third.exited, 1)
    assert.is(
      third.output(),
      `casebook: ${join(root, 'here')} is used by the running Casebook with pid ${here.pid}. Stop it, or set CASEBOOK_DATA_DIR to another folder.\n`,
    )
    assert.is(await statusOf(`${here.url}/ready`), 200)
  } finally {
    assert.equal(await Promise.all([here.stop(), there.stop()]), [0, 0])
  }
})

test('a start whose connection to Postgres breaks asks again', async () => {
  const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
  const client = new Client({ connectionString: postgres.url })
  try {
    await client.connect()
    // Of the migration, which waits for whoever holds it.
    await client.query('SELECT pg_advisory_lock(4201877)')
    const environment = { NATS_URL: nats.url, DATABASE_URL: postgres.url, CASEBOOK_DATA_DIR: join(root, 'breaks') }
    const starting = startCasebook(environment)
    const broken = eventually(
      async () => {
        const { rowCount } = await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'`,
        )
        return rowCount === 1
      },
      { withinMs: 180_000, describe: 'the migration is broken off' },
    )
    await Promise.race([broken, starting])
    await client.end()
    const casebook = await starting
    assert.is(await casebook.stop(), 0, casebook.output())
  } finally {
    await client.end().catch(() => undefined)
    await Promise.all([nats.stop(), postgres.stop()])
  }
})

test('with a token every address is served, to its holder alone', async () => {
  const token = 'a-token-for-this-test-only'
  const casebook = await startCasebook({
    CASEBOOK_DATA_DIR: join(root, 'token'),
    CASEBOOK_HOST: '0.0.0.0',
    CASEBOOK_TOKEN: token,
  })
  try {
    const url = `http://127.0.0.1:${new URL(casebook.url).port}`
    assert.is(await statusOf(`${url}/v1/sessions`), 401)
    assert.is(await statusOf(`${url}/v1/sessions`, `${token}x`), 401)
    assert.is(await statusOf(`${url}/v1/sessions`, token), 200)
    assert.is(await statusOf(`${url}/metrics`), 401)
    assert.equal([await statusOf(`${url}/health`), await statusOf(`${url}/ready`)], [200, 200])
    assert.not.match(casebook.output(), new RegExp(token))
  } finally {
    assert.is(await casebook.stop(), 0, casebook.output())
  }
})

test.after(() => rmSync(root, { recursive: true, force: true }))

test.run()

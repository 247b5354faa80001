// Strict mode through the real process: whole sessions, Postgres away and back, and servers that cannot keep the promise.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { problem } from '../../gateways/http/problem.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startNats, startPostgres, temporaryFolder } from '../support/servers.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const [nats, postgres] = await Promise.all([startNats(), startPostgres({ durable: true })])
const through = new URL(postgres.url)
const proxy = await startTcpProxy(Number(through.port))
through.port = String(proxy.port)
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: through.href,
  CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
  CASEBOOK_DURABILITY: 'strict',
}
test.after(async () => {
  await proxy.close()
  await Promise.all([nats.stop(), postgres.stop()])
})

test('a door without projections, handlers elsewhere: a session ends, and what Postgres cannot confirm is answered 503 and done once', async () => {
  const [door, rest] = await Promise.all([
    startCasebook({ ...environment, CASEBOOK_ROLES: 'http,bus' }),
    startCasebook({ ...environment, CASEBOOK_ROLES: 'handlers,projections' }),
  ])
  const health = z.object({ parts: z.object({ durability: z.object({ detail: z.string() }) }) })
  const told = health.parse(await (await fetch(`${door.url}/health`)).json()).parts.durability.detail
  assert.match(told, /survives the power, too/)
  assert.is((await endOf(door.url, await startSession(door.url, 'All is well'))).status, 'completed')

  const key = randomUUID()
  const ask = () =>
    fetch(`${door.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ title: 'Once', input: 'Once' }),
    })
  proxy.cut()
  const refused = await ask()
  assert.is(refused.status, 503)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.is(problem.parse(await refused.json()).code, 'copy_behind')
  proxy.heal()
  const id = await eventually(async () => {
    const answer = await ask()
    return answer.status === 201 && z.object({ id: z.string() }).parse(await answer.json()).id
  })
  assert.is((await endOf(door.url, id)).status, 'completed')
  const listed = z
    .object({ items: z.array(z.object({ title: z.string() })) })
    .parse(await (await fetch(`${door.url}/v1/sessions?text=Once`)).json())
  assert.is(listed.items.length, 1)
  assert.ok(z.object({ ok: z.boolean() }).parse(await (await fetch(`${door.url}/v1/audit/verify`)).json()).ok)
  assert.equal([await door.stop(), await rest.stop()], [0, 0], door.output() + rest.output())
})

test('a log lost before any read model has seen it comes back from the journal, and its sessions end', async () => {
  const [lost, empty, durable] = await Promise.all([startNats(), startNats(), startPostgres({ durable: true })])
  try {
    await comesBack(lost, empty.url, durable.url)
  } finally {
    await Promise.all([lost.stop(), empty.stop(), durable.stop()])
  }
})

const comesBack = async (lost: Awaited<ReturnType<typeof startNats>>, empty: string, durable: string) => {
  const alone = { ...environment, DATABASE_URL: durable, CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data') }
  const door = await startCasebook({ ...alone, NATS_URL: lost.url, CASEBOOK_ROLES: 'http' })
  const titles = Array.from({ length: 12 }, (_, nth) => `Case ${nth}`)
  const ids = await Promise.all(titles.map((title) => startSession(door.url, title)))
  await door.kill()
  await lost.stop()

  const onEmpty = { ...alone, NATS_URL: empty }
  const restore = startCommand(['restore', '--from', 'postgres'], onEmpty)
  assert.is(await restore.exited, 0, restore.output())
  const casebook = await startCasebook(onEmpty)
  for (const id of ids) assert.is((await endOf(casebook.url, id)).status, 'completed')
  assert.ok(z.object({ ok: z.boolean() }).parse(await (await fetch(`${casebook.url}/v1/audit/verify`)).json()).ok)
  assert.is(await casebook.stop(), 0, casebook.output())
}

test('a Postgres without fsync is refused at start', async () => {
  const careless = await startPostgres()
  try {
    const { exited, output } = startCommand(['serve'], {
      ...environment,
      CASEBOOK_PORT: '0',
      DATABASE_URL: await careless.createDatabase(),
    })
    assert.is.not(await exited, 0)
    assert.match(output(), /CASEBOOK_DURABILITY is strict, but Postgres runs with fsync=off/)
  } finally {
    await careless.stop()
  }
})

test.run()

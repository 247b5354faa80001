// A session is erased from the log, the blobs and every read model, a tombstone stays, and rebuilds and audits agree with it.
import { hash, randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { readBlobCopy } from '../../projections/blob-copies.ts'
import { projections } from '../../projections/catalogue.ts'
import { liveSchemaOf } from '../../projections/projection.ts'
import { endOf } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const folder = temporaryFolder()
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
}
let casebook = await startCasebook(environment)
const connection = await connectNats(nats.url, 'test', quiet)
const manager = await jetstreamManager(connection)
const database = createDatabase(postgres.url)
test.after(async () => {
  await casebook.stop()
  await database.close()
  await connection.close()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${casebook.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) }
}
const startWith = async (input: string): Promise<string> => {
  const { status, body } = await ask('POST', '/v1/sessions', { title: 'To be forgotten', input })
  assert.is(status, 201)
  return z.string().parse(body['id'])
}

const rowsNaming = async (id: string): Promise<readonly string[]> => {
  const named: string[] = []
  for (const projection of projections) {
    for (const table of projection.tableNames) {
      const rows = await database.query(
        `SELECT count(*)::int AS count FROM ${liveSchemaOf(projection)}.${table} AS row WHERE row::text LIKE '%' || $1 || '%'`,
        [id],
      )
      const { count } = z.object({ count: z.int() }).parse(rows[0])
      if (count > 0) named.push(table)
    }
  }
  return named
}
const messagesOf = async (id: string): Promise<number> => {
  const { state } = await manager.streams.info('CASEBOOK_EVENTS', {
    subjects_filter: `casebook.events.*.session.${id}`,
  })
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0)
}
const left = async (id: string) => ({ messages: await messagesOf(id), rows: await rowsNaming(id) })
const sha256 = (text: string): string => hash('sha256', text, 'hex')
const isStored = async (text: string): Promise<boolean> => {
  const objects = await new Objm(connection).open('casebook_blobs')
  const info = await objects.info(sha256(text))
  return info !== null && !info.deleted
}

const isCopied = async (text: string): Promise<boolean> => (await readBlobCopy(database, sha256(text))) !== null

const eventPage = z.object({ items: z.array(z.object({ type: z.string(), sequence: z.string() })) })
const projectionPage = z.object({ items: z.array(z.looseObject({ lag: z.int() })) })
const caughtUp = () =>
  eventually(
    async () => projectionPage.parse((await ask('GET', '/v1/projections')).body).items.every(({ lag }) => lag === 0),
    {
      describe: 'the read models have caught up',
    },
  )

test('what was erased is gone everywhere, also over a SIGKILL, and its tombstone says who, when and why', async () => {
  const shared = `A text that two sessions hold. ${'x'.repeat(100_000)}`
  const alone = `Only here. ${'y'.repeat(100_000)}`
  const own = await startWith(alone)
  const [one, other] = [await startWith(shared), await startWith(shared)]
  for (const id of [own, one, other]) await endOf(casebook.url, id)
  assert.equal([await isStored(alone), await isStored(shared)], [true, true])
  await eventually(async () => (await isCopied(alone)) && isCopied(shared), { withinMs: 60_000 })

  const held = await ask('POST', `/v1/sessions/${own}/hold`, { reason: 'case 7' })
  assert.is(held.status, 202)
  await caughtUp()
  const whole = await left(own)
  assert.is((await ask('DELETE', `/v1/sessions/${own}`, { reason: 'too early' })).body['code'], 'legal_hold')
  assert.equal([await left(own), await isStored(alone)], [whole, true], 'what is refused has changed nothing')
  assert.is((await ask('POST', `/v1/sessions/${own}/release`, {})).status, 202)

  assert.is((await ask('DELETE', `/v1/sessions/${one}`, { reason: 'asked by the customer' })).status, 202)
  assert.is((await ask('DELETE', `/v1/sessions/${own}`, { reason: 'asked by the customer' })).status, 202)
  await casebook.kill()
  casebook = await startCasebook(environment)

  for (const id of [one, own]) {
    const gone = await eventually(
      async () => {
        const answer = await ask('GET', `/v1/sessions/${id}`)
        return answer.status === 410 && (await messagesOf(id)) === 0 ? answer.body : false
      },
      { withinMs: 60_000, everyMs: 100, describe: `${id} is erased` },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${casebook.output()}`)
    })
    assert.is(gone['code'], 'session_erased')
    assert.match(z.string().parse(gone['detail']), /was erased at .* by .*: asked by the customer/)
    // Each read model forgets it on its own.
    await caughtUp()
    // The tombstone alone names it.
    assert.equal(await rowsNaming(id), ['commits'])
    assert.is((await ask('POST', `/v1/sessions/${id}/chat`, { text: 'why?' })).body['code'], 'session_not_found')
  }
  await eventually(async () => !(await isStored(alone)), { describe: 'the text of one session alone is gone' })
  assert.is(await isStored(shared), true)
  assert.equal([await isCopied(alone), await isCopied(shared)], [false, true])
  const kept = await ask('GET', `/v1/sessions/${other}`)
  assert.is(kept.status, 200)

  const audit = await ask('GET', '/v1/audit/verify')
  assert.equal([audit.body['ok'], audit.body['problems']], [true, []])
})

test('its forks go with it, those of forks before them; one that is held keeps it', async () => {
  const source = await startWith('What its forks share.')
  await endOf(casebook.url, source)
  const forkOf = async (id: string, at: number): Promise<string> => {
    const { status, body } = await ask('POST', `/v1/sessions/${id}/fork`, { at })
    assert.is(status, 201, JSON.stringify(body))
    return z.string().parse(body['id'])
  }
  const { items } = eventPage.parse((await ask('GET', `/v1/sessions/${source}/events`)).body)
  const asked = items.find(({ type }) => type.startsWith('casebook.session.turn_requested.'))
  const fork = await forkOf(source, Number(asked?.sequence))
  await endOf(casebook.url, fork)
  const atWork = await forkOf(fork, 1)
  assert.is((await ask('POST', `/v1/sessions/${atWork}/pause`, {})).status, 202)
  const all = [source, fork, atWork]

  assert.is((await ask('POST', `/v1/sessions/${atWork}/hold`, { reason: 'case 8' })).status, 202)
  await caughtUp()
  const whole = await Promise.all(all.map(left))
  const refused = await ask('DELETE', `/v1/sessions/${source}`, { reason: 'too early' })
  assert.equal([refused.status, refused.body['code']], [409, 'fork_held'])
  assert.equal(await Promise.all(all.map(left)), whole, 'what is refused has changed nothing')
  assert.is((await ask('POST', `/v1/sessions/${atWork}/release`, {})).status, 202)
  await caughtUp()

  assert.is((await ask('DELETE', `/v1/sessions/${source}`, { reason: 'asked by the customer' })).status, 202)
  await casebook.kill()
  casebook = await startCasebook(environment)
  for (const id of all) {
    await eventually(
      async () => (await ask('GET', `/v1/sessions/${id}`)).status === 410 && (await messagesOf(id)) === 0,
      { describe: `${id} is erased` },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${casebook.output()}`)
    })
  }
  await caughtUp()
  for (const id of all) assert.equal(await rowsNaming(id), ['commits'])
  assert.equal((await ask('GET', '/v1/dead-letters')).body['items'], [])
  const audit = await ask('GET', '/v1/audit/verify')
  assert.equal([audit.body['ok'], audit.body['problems']], [true, []])
  const verified = startCommand(['projections', 'verify'], { CASEBOOK_URL: casebook.url })
  assert.is(await verified.exited, 0, verified.output())
})

test.run()

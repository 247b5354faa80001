// A process killed in the middle of rebuilds and verifications: what serves stays whole, and the next process finishes them.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { ensureStreams } from '../../infra/jetstream/streams.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { sessionId } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { draft, positionOf, start } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { investigation, sessionStream } from '../support/histories.ts'
import { allRows } from '../support/read-side.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const names = ['sessions', 'timeline', 'audit']
const projection = z.looseObject({
  name: z.string(),
  generation: z.int(),
  lag: z.int(),
  builds: z.array(z.looseObject({ generation: z.int(), position: z.int(), state: z.string() })),
  verification: z.looseObject({ generation: z.int(), ok: z.boolean() }).nullable(),
})

/** 400 cases of eleven commits each. */
const seed = async (url: string): Promise<void> => {
  const connection = await connectNats(url, 'test', quiet)
  await ensureStreams(connection)
  const log = await createJetStreamEventLog(connection)
  await Promise.all(
    Array.from({ length: 400 }, async (_, nth) => {
      const id = sessionId.parse(`ses_KILL${nth}`)
      let at = start
      for (const events of investigation(id, `Case ${nth}`)) {
        at = positionOf(await mustAppend(log, sessionStream(id), at, draft({ events })))
      }
    }),
  )
  await connection.close()
}

const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const database = createDatabase(postgres.url, 2)
test.after(async () => {
  await database.close()
  await Promise.all([nats.stop(), postgres.stop()])
})

test('killed while it rebuilds and verifies, started again, it ends with the rows it had', async () => {
  const environment = {
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
    CASEBOOK_ROLES: 'http,projections',
    CASEBOOK_REBUILDS: '3',
  }
  await seed(nats.url)
  let casebook = await startCasebook(environment)
  try {
    const status = async () => {
      const body: unknown = await (await fetch(`${casebook.url}/v1/projections`)).json()
      return z.object({ items: z.array(projection) }).parse(body).items
    }
    const ask = async (name: string, verb: string): Promise<number> => {
      const answer = await fetch(`${casebook.url}/v1/projections/${name}/${verb}`, { method: 'POST' })
      assert.is(answer.status, 202)
      return z.looseObject({ generation: z.int() }).parse(await answer.json()).generation
    }
    // Whoever reads all the time is made way for by rebuilds.
    const patient = { withinMs: 180_000, everyMs: 50 }
    await eventually(async () => (await status()).every(({ lag }) => lag === 0), patient)
    const before = await allRows(database)

    // Early in the filling, and when the first may have been switched.
    for (const killAt of [1, 4_400]) {
      const wanted = new Map<string, number>()
      for (const name of names) wanted.set(name, await ask(name, 'rebuild'))
      const verifying = await ask('tool-calls', 'verify')
      await eventually(async () => {
        const all = await status()
        const builds = all.flatMap((each) => each.builds)
        return builds.length < 4 || builds.some(({ position }) => position >= killAt)
      }, patient)
      await casebook.kill()
      casebook = await startCasebook(environment)
      for (const [table, rows] of Object.entries(await allRows(database))) assert.equal(rows, before[table], table)
      await eventually(async () => {
        const all = await status()
        return (
          all.every(({ name, generation }) => generation === (wanted.get(name) ?? generation)) &&
          all.some(({ verification }) => verification?.generation === verifying && verification.ok)
        )
      }, patient)
    }
    for (const [table, rows] of Object.entries(await allRows(database))) assert.equal(rows, before[table], table)
    const schemas = await database.query(
      `SELECT nspname FROM pg_namespace WHERE nspname LIKE '%\\_g%' AND nspname LIKE 'tool%'`,
    )
    assert.equal(schemas, [])
  } finally {
    await casebook.stop()
  }
})

test.run()

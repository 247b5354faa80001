// A process killed while it copies long texts into Postgres: the next one copies the rest, and each text that a commit names is there whole.
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { createStoreText } from '../../handlers/store-text.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { readBlobCopy, readBlobPlace } from '../../projections/blob-copies.ts'
import { sessionId } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { draft, start, startedEvent, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const connection = await connectNats(nats.url, 'test', quiet)
const database = createDatabase(postgres.url, 3)
test.after(async () => {
  await Promise.all([connection.close(), database.close()])
  await Promise.all([nats.stop(), postgres.stop()])
})
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
  // Nobody looks into the sessions below.
  CASEBOOK_ROLES: 'http,projections',
}

const texts = Array.from({ length: 8 }, (_, nth) => `${nth} ${'ä long text '.repeat(10_000)}`)
const hashes = texts.map((text) => hash('sha256', text, 'hex'))
/** The one at which the process is met: those before it are copied, those after it are not. */
const met = 4

/** @returns where the last session that begins with one of the texts is in the log. */
const appendAll = async (): Promise<number> => {
  const log = await createJetStreamEventLog(connection)
  const storeText = createStoreText(await createJetStreamBlobStore(connection))
  const started = startedEvent()
  assert.is(started.type, 'session.started')
  let sequence = 0
  for (const text of texts) {
    const to = stream()
    const data = { ...started.data, sessionId: sessionId.parse(to.id), input: await storeText(text) }
    const event = { ...started, data } as typeof started
    sequence = (await mustAppend(log, to, start, draft({ events: [event] }))).sequence
  }
  return sequence
}
const copied = async (): Promise<readonly string[]> => {
  const copies = await Promise.all(hashes.map((each) => readBlobCopy(database, each)))
  return copies.flatMap((copy) => (copy === null ? [] : [Buffer.from(copy.bytes).toString()]))
}

test('killed in the middle of the copying, started again, it copies what is left', async () => {
  const first = await startCasebook(environment)
  let last = 0
  try {
    await database.transaction(async (sql) => {
      // Whoever writes the same row waits for this transaction.
      await sql.query(`INSERT INTO casebook.blob_copy VALUES ($1, 'text/plain', '')`, [hashes[met]])
      last = await appendAll()
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INTO casebook.blob_copy %'`
      await eventually(async () => (await database.query(waiting)).length > 0, { describe: 'a text is being copied' })
      await first.kill()
      assert.equal(await copied(), texts.slice(0, met))
      // What the dead process began is not there, and neither is this.
      await sql.query(`DELETE FROM casebook.blob_copy WHERE hash = $1`, [hashes[met]])
    })
  } finally {
    await first.kill()
  }
  assert.ok((await readBlobPlace(database)).position < last)

  const second = await startCasebook(environment)
  try {
    await eventually(async () => (await readBlobPlace(database)).position >= last, { describe: 'all texts are copied' })
    assert.equal(await copied(), texts)
    const audit: unknown = await (await fetch(`${second.url}/v1/audit/verify`)).json()
    assert.is(z.object({ ok: z.boolean() }).parse(audit).ok, true, JSON.stringify(audit))
  } finally {
    assert.is(await second.stop(), 0, second.output())
  }
})

test.run()

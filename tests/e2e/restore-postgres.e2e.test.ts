// The log is lost with its long texts, and both come back from Postgres: refused until then, killed in the middle, and the same to the byte.
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { blobBucket, createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { readBlobPlace } from '../../projections/blob-copies.ts'
import { sessionId } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { draft, positionOf, start } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { investigation, longResult, longResultBlob, sessionStream } from '../support/histories.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'
import { storedMessages } from '../support/stored-messages.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const test = suite('the second copy')
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const connection = await connectNats(nats.url, 'test', quiet)
const manager = await jetstreamManager(connection)
const database = createDatabase(postgres.url, 2)
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
}
test.after(async () => {
  await Promise.all([connection.close(), database.close()])
  await Promise.all([nats.stop(), postgres.stop()])
})

const patient = { withinMs: 60_000 }
const projections = z.object({ items: z.array(z.looseObject({ name: z.string(), lag: z.int(), state: z.string() })) })
const caughtUp = (url: string) =>
  eventually(async () => {
    const { items } = projections.parse(await (await fetch(`${url}/v1/projections`)).json())
    return items.every(({ lag, state }) => lag === 0 && state === 'live')
  }, patient)
const run = async (...args: readonly string[]) => {
  const { exited, output } = startCommand(args, environment)
  return { code: await exited, output: output() }
}
const verify = async (url: string) => {
  const { exited, output } = startCommand(['audit', 'verify'], { CASEBOOK_URL: url })
  return { code: await exited, output: output() }
}
const lastSequence = async (): Promise<number> => (await manager.streams.info(eventsStream)).state.last_seq
const handlersAreIdle = () =>
  eventually(async () => {
    const upTo = await lastSequence()
    const consumers = []
    for await (const each of manager.consumers.list(eventsStream)) consumers.push(each)
    const idle = consumers.every((each) => each.num_pending === 0 && each.num_ack_pending === 0)
    // One that was asked about early may have been given work since.
    return consumers.length > 5 && idle && (await lastSequence()) === upTo
  }, patient)

/** The session's own texts too, not only those of the histories before it. */
const textsAreCopied = async (): Promise<boolean> => {
  const { position } = await readBlobPlace(database)
  return position === (await lastSequence())
}

let before: Awaited<ReturnType<typeof storedMessages>> = []

test('a log that vanishes while Casebook runs ends the process, and no other starts on what is there instead', async () => {
  await ensureStreams(connection)
  const log = await createJetStreamEventLog(connection)
  const { put } = await createJetStreamBlobStore(connection)
  await put(new TextEncoder().encode(longResult), 'text/plain')
  await Promise.all(
    Array.from({ length: 200 }, async (_, nth) => {
      const id = sessionId.parse(`ses_LOST${nth}`)
      let at = start
      for (const events of investigation(id, `Case ${nth}`)) {
        at = positionOf(await mustAppend(log, sessionStream(id), at, draft({ events })))
      }
    }),
  )
  const casebook = await startCasebook(environment)
  const session = await startSession(casebook.url, 'What is wrong?')
  assert.is((await endOf(casebook.url, session)).status, 'completed')
  await handlersAreIdle()
  await caughtUp(casebook.url)
  await eventually(textsAreCopied, patient)
  before = await storedMessages(manager)
  await manager.streams.delete(`OBJ_${blobBucket}`)
  await manager.streams.delete(eventsStream)
  await ensureStreams(connection)
  assert.is(await casebook.exited, 1)
  assert.match(casebook.output(), /casebook: The log created at \S+ is gone.*casebook restore --from postgres/s)
  const refused = await run('serve')
  assert.is(refused.code, 1)
  assert.match(
    refused.output,
    /casebook: Projection \S+ was built from a log created at .*casebook restore --from postgres/,
  )
  assert.is(await lastSequence(), 0)
})

test('killed in the middle it goes on; then the log is the one it was, and nothing happens again', async () => {
  const through = new URL(nats.url)
  const proxy = await startTcpProxy(Number(through.port))
  through.port = String(proxy.port)
  // Half of it gets through: however late it is killed, it is not over.
  proxy.passAtMost(before.reduce((sum, { payload }) => sum + payload.length, 0) / 2)
  const { child, exited } = startCommand(['restore', '--from', 'postgres'], { ...environment, NATS_URL: through.href })
  try {
    await eventually(async () => (await lastSequence()) > 200, patient)
  } finally {
    child.kill('SIGKILL')
    await exited
    await proxy.close()
  }
  const reached = await lastSequence()
  assert.ok(reached < before.length, `${reached} of ${before.length} were written before it was killed`)
  const early = await run('serve')
  assert.match(early.output, /The log is being written back from postgres and is not whole yet/)

  const restored = await run('restore', '--from', 'postgres')
  assert.is(restored.code, 0, restored.output)
  assert.match(restored.output, new RegExp(`${before.length} of ${before.length} commits \\(100 %\\)`))
  assert.match(restored.output, new RegExp(`${before.length} commits up to ${before.at(-1)?.sequence} are on the log`))
  assert.not.match(restored.output, /long text/)
  assert.equal(await storedMessages(manager), before)

  const rows = await database.query('SELECT source, position, emptied FROM casebook.restoration')
  assert.equal(rows, [{ source: 'postgres', position: before.length, emptied: [] }])
  const casebook = await startCasebook(environment)
  await caughtUp(casebook.url)
  // Their consumers were lost with the log: handlers see all of it again, and have nothing to add.
  await handlersAreIdle()
  assert.equal(await storedMessages(manager), before)
  const headers = { 'casebook-org': 'acme' }
  const text = await fetch(`${casebook.url}/v1/sessions/ses_LOST7/blobs/${longResultBlob.sha256}`, { headers })
  assert.is(await text.text(), longResult)
  assert.equal(await verify(casebook.url), {
    code: 0,
    output: `${before.length} commits up to ${before.length} are whole.\n`,
  })
  const next = await startSession(casebook.url, 'And now?')
  assert.is((await endOf(casebook.url, next)).status, 'completed')
  await handlersAreIdle()
  await caughtUp(casebook.url)
  assert.is(await casebook.stop(), 0)
})

test.run()

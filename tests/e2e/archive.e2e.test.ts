// The real process with an archive that comes late, goes away and comes back; then the log is lost, and comes back from it.
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { startEventStore } from '../support/event-store/start-event-store.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'
import { storedMessages } from '../support/stored-messages.ts'

const test = suite('the archive')
const [nats, postgres, store] = await Promise.all([startNats(), startPostgres(), startEventStore()])
const connection = await connectNats(nats.url, 'test', quiet)
const manager = await jetstreamManager(connection)
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  EVENTSTORE_URL: store.url,
  CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
}
test.after(async () => {
  await connection.close()
  await Promise.all([nats.stop(), postgres.stop()])
  store.stop()
})

const patient = { everyMs: 100 }
const health = z.object({
  ready: z.boolean(),
  parts: z.object({ archive: z.object({ ok: z.boolean(), detail: z.string() }) }).loose(),
})
const archiveOf = async (url: string) => health.parse(await (await fetch(`${url}/health`)).json())
const mirrored = (url: string) =>
  eventually(async () => {
    const { detail } = (await archiveOf(url)).parts.archive
    const { last_seq: last } = (await manager.streams.info(eventsStream)).state
    return detail === `mirrored up to ${last}, 0 to go`
  }, patient)
const run = async (args: readonly string[], more: Readonly<Record<string, string>> = environment) => {
  const { exited, output } = startCommand(args, more)
  return { code: await exited, output: output() }
}
const verify = (url: string) => run(['audit', 'verify', '--against', 'archive'], { CASEBOOK_URL: url })

test('while the archive is away sessions end as ever and health says so; then it catches up', async () => {
  store.down()
  const casebook = await startCasebook(environment)
  const first = await startSession(casebook.url, 'What is wrong?')
  assert.is((await endOf(casebook.url, first)).status, 'completed')
  await eventually(async () => {
    const { ready, parts } = await archiveOf(casebook.url)
    return ready && !parts.archive.ok
  }, patient)
  await store.up()
  await mirrored(casebook.url)
  store.down()
  const second = await startSession(casebook.url, 'And now?')
  assert.is((await endOf(casebook.url, second)).status, 'completed')
  await casebook.kill()

  const again = await startCasebook(environment)
  await store.up()
  await mirrored(again.url)
  // What handlers note after the end of a session may be on its way once more.
  await eventually(async () => /^casebook_archive_lag 0$/m.test(await (await fetch(`${again.url}/metrics`)).text()))
  const { code, output } = await verify(again.url)
  assert.is(code, 0, output)
  assert.match(output, /are whole/)
  const rebuilt = await run(['projections', 'rebuild', 'timeline', '--from', 'archive', '--wait'], {
    CASEBOOK_URL: again.url,
  })
  assert.is(rebuilt.code, 0, rebuilt.output)
  assert.match(rebuilt.output, /timeline is rebuilt/)
  const compared = await run(['projections', 'verify', 'timeline'], { CASEBOOK_URL: again.url })
  assert.is(compared.code, 0, compared.output)
  await mirrored(again.url)
  assert.is(await again.stop(), 0)
})

test('a log that is lost comes back from the archive as it was, into empty servers, and only into those', async () => {
  const before = await storedMessages(manager)
  const refused = await run(['restore', '--from', 'archive'], { ...environment, EVENTSTORE_URL: '' })
  assert.is(refused.code, 1)
  assert.match(refused.output, /EVENTSTORE_URL/)
  for (const name of await manager.streams.names().next()) await manager.streams.delete(name)
  const { code, output } = await run(['restore', '--from', 'archive'])
  assert.is(code, 0, output)
  assert.match(output, new RegExp(`${before.length} commits up to ${before.at(-1)?.sequence} are on the log`))
  assert.not.match(output, /long text/)
  assert.equal(await storedMessages(manager), before)

  const casebook = await startCasebook(environment)
  await mirrored(casebook.url)
  const next = await startSession(casebook.url, 'Once more?')
  assert.is((await endOf(casebook.url, next)).status, 'completed')
  await mirrored(casebook.url)
  assert.is((await verify(casebook.url)).code, 0)
  store.streams.tamper((events) =>
    events.map((event) => ({ ...event, data: event.stream === `session-${next}` ? Buffer.from('{}') : event.data })),
  )
  const tampered = await verify(casebook.url)
  assert.is(tampered.code, 1)
  assert.match(tampered.output, /changed_in_archive/)
  assert.is(await casebook.stop(), 0)
})

test.run()

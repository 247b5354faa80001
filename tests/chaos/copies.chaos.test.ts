// SIGKILL of Casebook, nats-server and Postgres in the middle of the archive's write, and of restores from every copy there is.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { type Started, startCommand } from '../support/casebook-process.ts'
import { long, startChaosWorld } from '../support/chaos-world.ts'
import { draft, positionOf, start } from '../support/commit-samples.ts'
import { startEventStore } from '../support/event-store/start-event-store.ts'
import { eventually } from '../support/eventually.ts'
import { investigation, longResult, sessionStream } from '../support/histories.ts'
import { quiet, temporaryFolder } from '../support/servers.ts'
import { storedMessages } from '../support/stored-messages.ts'

/** Enough for a restore to be met in the middle. */
const cases = Array.from({ length: 60 }, (_, nth) => `Case ${nth}`)

const prepare = async (natsUrl: string): Promise<void> => {
  const connection = await connectNats(natsUrl, 'test', quiet)
  await ensureStreams(connection)
  const log = await createJetStreamEventLog(connection)
  const { put } = await createJetStreamBlobStore(connection)
  await put(new TextEncoder().encode(longResult), 'text/plain')
  await Promise.all(
    cases.map(async (title, nth) => {
      const id = sessionId.parse(`ses_CASE${nth}`)
      const stream = sessionStream(id, orgId.parse('default'))
      let at = start
      for (const events of investigation(id, title)) {
        at = positionOf(await mustAppend(log, stream, at, draft({ events })))
      }
    }),
  )
  await connection.close()
}

const store = await startEventStore()
const folder = temporaryFolder()
const file = join(folder, 'backup.ndjson.gz')
const world = await startChaosWorld({ environment: { EVENTSTORE_URL: store.url }, prepare })
const connection = await connectNats(world.nats.url, 'test', quiet)
const manager = await jetstreamManager(connection)
test.after(async () => {
  await connection.close()
  await world.stop()
  store.stop()
  rmSync(folder, { recursive: true, force: true })
})

const patient = { withinMs: 90_000, everyMs: 100 }
const archived = z.object({ parts: z.looseObject({ archive: z.object({ detail: z.string() }) }) })

const mirrored = () =>
  eventually(async () => {
    const { detail } = archived.parse((await world.ask('GET', '/health')).json).parts.archive
    const { last_seq: last } = (await manager.streams.info(eventsStream)).state
    return detail === `mirrored up to ${last}, 0 to go`
  }, patient)

const run = async (args: readonly string[]): Promise<void> => {
  const { exited, output } = startCommand(args, { ...world.environment, CASEBOOK_URL: world.casebook().url })
  assert.is(await exited, 0, output())
}

const victims = {
  Casebook: () => world.restart(),
  'nats-server': () => world.nats.restart(),
  Postgres: () => world.postgres.restart(),
} as const

for (const [name, kill] of Object.entries(victims)) {
  test(`${name} killed while the archive is written: it holds each commit once, in the order of the log`, async () => {
    await mirrored()
    const { appends } = store.traffic
    const { promise: dead, resolve: died } = Promise.withResolvers<void>()
    // Some commits of a stretch are there, and others on their way, to arrive when whoever sent them may be no more.
    store.traffic.beforeAppend = async () => {
      if (store.traffic.appends >= appends + 5) await dead
    }
    const opening = [1, 2, 3].map((nth) => world.open(`${name} ${nth}`))
    await eventually(() => store.traffic.appends >= appends + 5, patient)
    await kill()
    store.traffic.beforeAppend = () => Promise.resolve()
    died()
    await Promise.all(opening)
  })
}

test('afterwards sessions, log, copy, read models and archive agree', async () => {
  await world.adopt(cases)
  await world.sound()
  await mirrored()
  await run(['audit', 'verify', '--against', 'archive'])
  await run(['backup', file])
  assert.is(await world.casebook().stop(), 0)
})

let before: Awaited<ReturnType<typeof storedMessages>> = []

const reached = async (): Promise<number> =>
  manager.streams.info(eventsStream).then(
    ({ state }) => state.last_seq,
    () => 0,
  )

/** The one that was killed last may not take connections yet. */
const emptyDatabase = () => eventually(() => world.postgres.createDatabase().catch(() => false as const), patient)

const killers: Readonly<Record<string, (restore: Started) => Promise<void>>> = {
  Casebook: async ({ child }) => void child.kill('SIGKILL'),
  'nats-server': victims['nats-server'],
  Postgres: victims.Postgres,
}

/** Its own database last: what was restored into another one is another log to it. */
const sources = {
  'a backup': { args: [file], short: 'Casebook' },
  'the archive': { args: ['--from', 'archive'], short: 'nats-server' },
  Postgres: { args: ['--from', 'postgres'], short: 'Postgres' },
} as const

for (const [source, { args, short }] of Object.entries(sources)) {
  for (const [name, kill] of Object.entries(killers)) {
    if (!long && name !== short) continue
    test(`${name} killed while the log comes back from ${source}: given again, it goes on, and the log is the one it was`, async () => {
      if (before.length === 0) before = await storedMessages(manager)
      for (const each of await manager.streams.names().next()) await manager.streams.delete(each)
      const into = source === 'Postgres' ? {} : { DATABASE_URL: await emptyDatabase() }
      const restore = (more: Readonly<Record<string, string>> = {}): Started =>
        startCommand(['restore', ...args], { ...world.environment, ...into, ...more })
      // Half of it gets through, so that it is not over before it is killed; servers are met wherever it is.
      const through = new URL(world.nats.url)
      through.port = String(world.proxy.port)
      world.proxy.passAtMost(before.reduce((sum, { payload }) => sum + payload.length, 0) / 2)
      const first = restore(name === 'Casebook' ? { NATS_URL: through.href } : {})
      const inTheMiddle = eventually(async () => (await reached()) > before.length / 4, { ...patient, everyMs: 1 })
      await Promise.race([inTheMiddle, first.exited])
      assert.ok((await reached()) > before.length / 4, first.output())
      await kill(first)
      world.proxy.heal()
      // Whoever lost a server it did not need at that moment has not noticed.
      let [code, output] = [await first.exited, first.output()]
      assert.ok(name !== 'Casebook' || code === null, 'it was over before it was killed')
      for (let tries = 0; code !== 0 && tries < 5; tries++) {
        const again = restore()
        code = await again.exited
        output = again.output()
      }
      assert.is(code, 0, output)
      assert.equal(await storedMessages(manager), before)
      if (!long) return
      await world.restart(into)
      await world.sound(['sessions'])
      assert.is(await world.casebook().stop(), 0)
    })
  }
}

test('and afterwards they agree again, and sessions go on', async () => {
  await world.restart()
  await world.open('And now?')
  await world.sound()
  await mirrored()
  await run(['audit', 'verify', '--against', 'archive'])
})

test.run()

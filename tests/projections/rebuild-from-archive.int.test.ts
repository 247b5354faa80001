// A read model filled from the archive: the same rows, without asking the log for what is mirrored; and what it refuses.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseEventSubject } from '../../infra/jetstream/subjects.ts'
import { createArchiveLogReader } from '../../projections/archive-log-reader.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { type ProjectionSet, type ProjectionSetOptions, startProjections } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { startArchiveWorld } from '../support/event-store/archive-world.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory, investigation, sessionStream } from '../support/histories.ts'
import { allRows, startReadSide } from '../support/read-side.ts'
import { commits, patient, rebuilt, running, statusOf } from './running.ts'

type World = Awaited<ReturnType<typeof startArchiveWorld>>

const readSide = await startReadSide()
const test = suite<World>('rebuild from the archive')
test.before.each(async (context) => {
  Object.assign(context, await startArchiveWorld())
})
test.after.each(({ stop }) => stop())
test.after(() => readSide.stop())

/** Sessions of which all but the last ten commits are in the archive, and read models that have seen everything. */
const mirrored = async ({ startArchivist, upTo }: World) => {
  const history = createHistory()
  for (const id of ['ses_aaaa', 'ses_bbbb'])
    for (const events of investigation(id)) history.commit(sessionStream(id), ...events)
  const archivist = startArchivist(createArrayLog([...history.entries]))
  const place = history.entries.length
  await upTo(place)
  await archivist.stop()
  commits(history, 10)
  const log = createArrayLog(history.entries)
  const database = await readSide.database()
  await running({ database, reader: log, buildsAtOnce: 0 }, async (set) => {
    for (const { name } of await set.status()) await set.waitFor(name, place + 10, 60_000)
  })
  return { log, database, place }
}

/** A process that builds, and runs nothing. */
const building = async (
  options: Pick<ProjectionSetOptions, 'database' | 'reader' | 'openArchived' | 'buildsAtOnce'>,
  work: (set: ProjectionSet) => Promise<void>,
): Promise<void> => {
  const set = await startProjections({ buildsAtOnce: 1, ...options, run: false })
  try {
    await work(set)
  } finally {
    await set.stop()
  }
}

const fromArchive = async (set: ProjectionSet, name: string): Promise<number> => {
  const generation = await set.rebuild(name, 'archive')
  await eventually(async () => (await statusOf(set, name)).generation === generation, patient)
  return generation
}

test('what is mirrored is read from the archive, the rest from the log, and every row is the same', async (world) => {
  const { log, database, place } = await mirrored(world)
  const before = await allRows(database)
  const asked: number[] = []
  const watched: LogReader = {
    head: log.head,
    follow: (after, options, signal) => {
      asked.push(after)
      return log.follow(after, options, signal)
    },
  }
  const openArchived = () =>
    createArchiveLogReader({ archive: world.reader, log: watched, streamOf: parseEventSubject })
  await building({ database, reader: watched, buildsAtOnce: 2, openArchived }, async (set) => {
    const names = (await set.status()).map(({ name }) => name)
    for (const name of names) await fromArchive(set, name)
  })
  assert.ok(asked.length > 0 && asked.every((after) => after >= place), `asked the log from ${asked}`)
  assert.equal(await allRows(database), before)
})

test('a process without an archive leaves such a rebuild to those that have one', async (world) => {
  const { log, database } = await mirrored(world)
  const options = { database, reader: log }
  let generation = 0
  await building(options, async (without) => {
    generation = await without.rebuild('timeline', 'archive')
    await rebuilt(without, 'alerts')
    const [waiting] = (await statusOf(without, 'timeline')).builds
    assert.equal(
      [waiting?.generation, waiting?.source, waiting?.state, waiting?.position],
      [generation, 'archive', 'queued', 0],
    )
  })
  const openArchived = () => createArchiveLogReader({ archive: world.reader, log, streamOf: parseEventSubject })
  await building({ ...options, openArchived }, async (having) => {
    await eventually(async () => (await statusOf(having, 'timeline')).generation === generation, patient)
  })
})

for (const [what, tamper, told] of [
  ['changed', (data: Buffer) => Buffer.from(data.toString().replace('Disk full', 'Disk fine')), /hash does not follow/],
  ['made unreadable', () => Buffer.from('{}'), /./],
] as const) {
  test(`an archive in which a commit was ${what} stops the rebuild, which says so, and what serves goes on`, async (world) => {
    const { log, database } = await mirrored(world)
    const before = await allRows(database)
    world.store.streams.tamper((events) =>
      events.map((event) =>
        event.stream.endsWith('ses_bbbb') && event.revision === 0n
          ? { ...event, data: tamper(Buffer.from(event.data)) }
          : event,
      ),
    )
    const openArchived = () => createArchiveLogReader({ archive: world.reader, log, streamOf: parseEventSubject })
    await building({ database, reader: log, openArchived }, async (set) => {
      await set.rebuild('timeline', 'archive')
      const failure = await eventually(async () => (await statusOf(set, 'timeline')).builds[0]?.failure, patient)
      assert.is(failure?.code, 'archive_damaged')
      assert.match(failure?.message ?? '', told)
      assert.equal(await allRows(database), before)
    })
  })
}

test('the archive of another log is refused', async (world) => {
  await mirrored(world)
  const another = createHistory()
  commits(another, 40)
  const other = createArrayLog(another.entries)
  const log: LogReader = { ...other, head: async () => ({ ...(await other.head()), epoch: 'of another' }) }
  const reader = createArchiveLogReader({ archive: world.reader, log, streamOf: parseEventSubject })
  const following = reader.follow((await log.head()).sequence, { maxBatch: 1 }, new AbortController().signal)
  try {
    for await (const _ of following) assert.unreachable()
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), /another log/)
  }
})

test.run()

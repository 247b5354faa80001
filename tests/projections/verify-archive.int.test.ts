// The log against its archive: whatever somebody does to the archive, the first commit concerned is named.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createStoreText } from '../../handlers/store-text.ts'
import { openArchiveCopy } from '../../projections/archive-copy.ts'
import { verifyArchive } from '../../projections/verify-archive.ts'
import { createArrayLog } from '../support/array-log.ts'
import { startedEvent, stream } from '../support/commit-samples.ts'
import { createEntries, startArchiveWorld } from '../support/event-store/archive-world.ts'
import type { StoredEvent } from '../support/event-store/stored-streams.ts'

type World = Awaited<ReturnType<typeof startArchiveWorld>>

const test = suite<World>('verify the archive')
test.before.each(async (context) => {
  Object.assign(context, await startArchiveWorld())
})
test.after.each(({ stop }) => stop())

const session = stream('ses_tampered')
const subject = 'casebook.events.default.session.ses_tampered'

/** Nine commits of three streams; those of the tampered one are 1, 4 and 7, and the fourth holds two events. */
const mirrored = async ({ startArchivist, upTo }: World) => {
  const entries = createEntries()
  const streams = [session, stream(), stream()]
  const all = Array.from({ length: 9 }, (_, index) =>
    entries.next(streams[index % 3] ?? session, index === 3 ? { events: [startedEvent('a'), startedEvent('b')] } : {}),
  )
  const log = createArrayLog(all)
  const archivist = startArchivist(log)
  await upTo(9)
  await archivist.stop()
  return log
}

const verify = (
  { reader: archive, blobs }: World,
  reader: ReturnType<typeof createArrayLog>,
  of: string | null = null,
) =>
  verifyArchive(
    { reader, archive, holdsBlob: async (sha256) => (await blobs.get(sha256)) !== null, subject: of },
    new AbortController().signal,
  )

const isAt = (revision: bigint) => (event: StoredEvent) =>
  event.stream === 'session-ses_tampered' && event.revision === revision

const found = async (context: World, log: ReturnType<typeof createArrayLog>) => {
  const { ok, problems } = await verify(context, log)
  assert.not(ok)
  const [first] = problems
  return [first?.kind, first?.sequence]
}

test('what was mirrored is whole, all of it and one stream', async (context) => {
  const log = await mirrored(context)
  assert.equal(await verify(context, log), { ok: true, checked: 9, upTo: 9, problems: [] })
  assert.equal(await verify(context, log, subject), { ok: true, checked: 3, upTo: 9, problems: [] })
})

test('an archive with nothing in it is told as that', async (context) => {
  try {
    await verify(context, createArrayLog())
    assert.unreachable()
  } catch (error) {
    assert.is(error instanceof Error && 'code' in error && error.code, 'archive_empty')
  }
})

const faults: readonly (readonly [string, readonly [string, number], (store: World['store']['streams']) => void])[] = [
  [
    'the data of an event was changed',
    ['changed_in_archive', 4],
    (streams) => {
      const data = Buffer.from(JSON.stringify({ other: true }))
      streams.tamper((events) => events.map((event) => (isAt(1n)(event) ? { ...event, data } : event)))
    },
  ],
  [
    'the headers of a commit were changed',
    ['changed_in_archive', 4],
    (streams) =>
      streams.tamper((events) =>
        events.map((event) => {
          if (!isAt(1n)(event)) return event
          const metadata = JSON.parse(Buffer.from(event.metadata).toString())
          metadata.headers['Casebook-Hash'] = '0'.repeat(64)
          return { ...event, metadata: Buffer.from(JSON.stringify(metadata)) }
        }),
      ),
  ],
  [
    'the type of an event was changed',
    ['changed_in_archive', 4],
    (streams) => streams.tamper((events) => events.map((event) => (isAt(2n)(event) ? { ...event, type: 'x' } : event))),
  ],
  [
    'one event of a commit was removed',
    ['changed_in_archive', 4],
    (streams) => streams.tamper((events) => events.filter((event) => !isAt(2n)(event))),
  ],
  [
    'a commit was removed',
    ['missing_in_archive', 7],
    (streams) => streams.tamper((events) => events.filter((event) => !isAt(3n)(event))),
  ],
  ['a stream was deleted', ['missing_in_archive', 1], (streams) => streams.softDelete('session-ses_tampered')],
  [
    'two commits changed places',
    ['reordered_in_archive', 1],
    (streams) =>
      streams.tamper((events) =>
        events.map((event) =>
          isAt(0n)(event) ? { ...event, revision: 3n } : isAt(3n)(event) ? { ...event, revision: 0n } : event,
        ),
      ),
  ],
  [
    'an event of somebody else was added',
    ['added_in_archive', 0],
    (streams) => {
      const event = { id: crypto.randomUUID(), type: 'Hello', contentType: 'application/json' }
      streams.append('session-ses_tampered', 'any', [
        { ...event, data: Buffer.from('{}'), metadata: Buffer.from('{}') },
      ])
    },
  ],
  [
    'a commit was copied to the end',
    ['reordered_in_archive', 7],
    (streams) => {
      const last = streams.all().find(isAt(3n))
      if (last !== undefined) streams.append('session-ses_tampered', 'any', [last])
    },
  ],
]
for (const [what, expected, tamper] of faults) {
  test(`${what}: the commit is named, and the archive is not restored from`, async (context) => {
    const log = await mirrored(context)
    tamper(context.store.streams)
    const [kind, sequence] = await found(context, log)
    assert.ok(kind === expected[0] || kind === 'added_in_archive', String(kind))
    assert.is(sequence, expected[1])
  })
}

test('what the log itself has lost or had changed is named, too', async (context) => {
  const log = await mirrored(context)
  const [fourth] = log.entries.splice(3, 1)
  assert.equal(await found(context, log), ['added_in_archive', 4])
  if (fourth !== undefined) log.entries.splice(3, 0, { ...fourth, payload: '[]' })
  assert.is((await found(context, log))[1], 4)
})

test('a log that ends before its archive is told', async (context) => {
  const log = await mirrored(context)
  log.entries.splice(6)
  const { problems } = await verify(context, log)
  assert.equal(problems.at(-1)?.kind, 'missing_in_log')
})

test('a blob that is not whole is named with the commit that refers to it', async (context) => {
  const { blobs, startArchivist, upTo, store } = context
  const { blob, text } = await createStoreText(blobs)('y'.repeat(100_000))
  const started = startedEvent()
  if (started.type !== 'session.started' || blob === undefined) throw new Error('not the sample')
  const event = { ...started, data: { ...started.data, input: { text, blob } } }
  const log = createArrayLog([createEntries().next(stream(), { events: [event] })])
  startArchivist(log)
  await upTo(1)
  assert.ok((await verify(context, log)).ok)
  store.streams.softDelete(`blob-${blob.sha256}`)
  assert.equal(await found(context, log), ['missing_in_archive', 1])
})

test('as a copy of the log it hands on every commit, and stops at the first that was not mirrored', async (context) => {
  const log = await mirrored(context)
  const copy = await openArchiveCopy(context.reader)
  const commits = []
  for await (const batch of copy.read()) commits.push(...batch)
  assert.equal([copy.upTo, commits.length], [9, 9])
  context.store.streams.tamper((events) => events.filter((event) => !isAt(2n)(event)))
  try {
    for await (const _ of copy.read());
    assert.unreachable()
  } catch (error) {
    assert.is(error instanceof Error && 'code' in error && error.code, 'archive_damaged')
  }
  assert.ok(log)
})

test.run()

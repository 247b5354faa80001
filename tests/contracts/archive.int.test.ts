// The archive over gRPC against a stand-in server, by both ways the client has to append: what archivist and readers rest on.
import { createHash, randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { logSequence, orgId, startOfLog } from '../../schemas/ids.ts'
import { badEntry } from '../support/array-log.ts'
import { startedEvent, stream } from '../support/commit-samples.ts'
import { createEntries, startArchiveWorld, verbatim } from '../support/event-store/archive-world.ts'
import { eventually } from '../support/eventually.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const at = (sequence: number) => logSequence.parse(sequence)

for (const [name, batches] of [
  ['batched appends', true],
  ['appends as of servers before 21.10', false],
] as const) {
  const test = suite<Awaited<ReturnType<typeof startArchiveWorld>>>(`archive, ${name}`)
  test.before.each(async (context) => {
    Object.assign(context, await startArchiveWorld({ batches }))
  })
  const others: (() => Promise<void>)[] = []
  test.after.each(async ({ stop }) => {
    for (const each of [stop, ...others.splice(0)]) await each()
  })

  test('a commit is appended to <category>-<id>, each event under a UUID of its own and after the one before', async ({
    archive,
    store,
  }) => {
    const entries = createEntries()
    const session = stream('ses_one')
    const first = entries.next(session, { events: [startedEvent('a'), startedEvent('b')] })
    const second = entries.next(session)
    assert.equal(await archive.append(first), { kind: 'kept' })
    assert.equal(await archive.append(second), { kind: 'kept' })
    const stored = store.streams.all()
    assert.equal(
      stored.map((event) => [event.stream, event.revision, event.type, event.contentType]),
      [0n, 1n, 2n].map((revision) => ['session-ses_one', revision, 'casebook.session.started.v1', 'application/json']),
    )
    assert.is(new Set(stored.map(({ id }) => id)).size, 3)
    for (const { id } of stored) assert.match(id, uuid)
    const metadata = JSON.parse(Buffer.from(stored[0]?.metadata ?? []).toString())
    assert.is(metadata.cloudevent.id, first.commit.events[0]?.id)
    assert.equal([metadata.$correlationId, metadata.$causationId], ['cor-1', 'cause-1'])
  })

  test('streams of two orgs never meet', async ({ archive, store }) => {
    const entries = createEntries()
    const acme = { ...stream('ses_same'), org: orgId.parse('acme') }
    await archive.append(entries.next(stream('ses_same')))
    await archive.append(entries.next(acme))
    assert.equal(
      store.streams.all().map((event) => event.stream),
      ['session-ses_same', 'session-acme.ses_same'],
    )
    assert.is(new Set(store.streams.all().map(({ id }) => id)).size, 2)
  })

  test('a commit that is delivered again is kept once', async ({ archive, store }) => {
    const entries = createEntries()
    const session = stream()
    const commits = [entries.next(session), entries.next(session), entries.next(session)]
    for (const commit of [...commits, ...commits]) assert.equal(await archive.append(commit), { kind: 'kept' })
    assert.is(store.streams.all().length, 3)
  })

  test('what was written back under other ids is compared by its content', async ({ archive, store }) => {
    const commit = createEntries().next(stream('ses_x'))
    await archive.append(commit)
    store.streams.tamper((events) => events.map((event) => ({ ...event, data: Buffer.from('{"other":1}') })))
    assert.not(await archive.holds(commit))
  })

  test('a stream that ends too early is told, and how far it goes', async ({ archive }) => {
    const entries = createEntries()
    const session = stream()
    const first = entries.next(session)
    entries.next(session)
    const third = entries.next(session)
    assert.equal(await archive.append(third), { kind: 'behind', version: 0 })
    await archive.append(first)
    assert.equal(await archive.append(third), { kind: 'behind', version: 1 })
  })

  test('another event in its place, a deleted stream, and one begun anew are told', async ({ archive, store }) => {
    const [entries, others] = [createEntries(), createEntries()]
    const session = stream('ses_y')
    await archive.append(others.next(session))
    assert.is((await archive.append(entries.next(session))).kind, 'differs')
    store.streams.tombstone('session-ses_z')
    assert.is((await archive.append(createEntries().next(stream('ses_z')))).kind, 'differs')
    const again = createEntries().next(stream('ses_w'))
    await archive.append(again)
    store.streams.softDelete('session-ses_w')
    assert.is((await archive.append(again)).kind, 'differs')
  })

  test('the largest commit fits', async ({ archive, items }) => {
    const entry = createEntries().next(stream(), {
      events: Array.from({ length: 600 }, () => startedEvent('x'.repeat(600))),
    })
    assert.ok(entry.bytes > 450_000)
    assert.equal(await archive.append(entry), { kind: 'kept' })
    assert.equal(await items(), [{ kind: 'message', message: verbatim(entry) }])
  })

  test('only one of two processes moves the place', async ({ archive }) => {
    const first = await archive.move(null, at(10), 'then')
    assert.is(await archive.move(null, at(11), 'then'), null)
    const second = await archive.move(first, at(20), 'then')
    assert.is(await archive.move(first, at(21), 'then'), null)
    assert.equal(await archive.place(), second)
    assert.is(second?.position, 20)
  })

  test('everything comes back in the order of the log, byte for byte, over holes and messages nobody can read', async ({
    archive,
    items,
  }) => {
    const entries = createEntries()
    const [one, two] = [stream(), stream()]
    const a = entries.next(one, { events: [startedEvent('é𝄞\u2028"\\'), startedEvent('')] })
    const b = entries.next(two, { traceparent: '00-00000000000000000000000000000001-0000000000000001-01' })
    entries.skip(3)
    const c = entries.next(one)
    const bad = badEntry(4, 'casebook.events.default.session.ses_bad', 'not json')
    for (const entry of [b, a, bad, c]) assert.equal(await archive.append(entry), { kind: 'kept' })
    assert.equal(await items(), [
      { kind: 'message', message: verbatim(a) },
      { kind: 'message', message: verbatim(b) },
      { kind: 'message', message: { sequence: 4, subject: bad.subject, payload: 'not json', headers: {} } },
      { kind: 'message', message: verbatim(c) },
    ])
  })

  test('JSON laid out by another writer comes back as it was', async ({ archive, items }) => {
    const entry = createEntries().next(stream())
    const payload = JSON.stringify(JSON.parse(entry.payload), null, 1)
    await archive.append({ ...entry, payload })
    assert.equal(await items(), [{ kind: 'message', message: { ...verbatim(entry), payload } }])
  })

  test('a commit written late, to fill a gap, is read in its place', async ({ archive, items }) => {
    const entries = createEntries()
    const all = Array.from({ length: 1_500 }, () => entries.next(stream()))
    const late = all.slice(100, 103)
    const order = [...all.filter((entry) => !late.includes(entry)), ...late]
    await Promise.all(order.slice(0, 100).map(archive.append))
    for (const entry of order.slice(100)) await archive.append(entry)
    const read = (await items()).map((item) => (item.kind === 'message' ? item.message.sequence : -1))
    assert.equal(
      read,
      all.map(({ sequence }) => sequence),
    )
  })

  test('a session that has a tombstone is not read, though the server still shows it', async ({ archive, items }) => {
    const entries = createEntries()
    const session = stream('ses_gone')
    const completed = { type: 'erasure.completed', data: { commits: 1, blobs: 0, blobsKept: 0 } } as const
    const end = { ...session, category: 'erasure' } as const
    const [first, last] = [entries.next(session), entries.next(end, { events: [completed] })]
    await archive.append(first)
    await archive.append(last)
    assert.equal(await items(), [{ kind: 'message', message: verbatim(last) }])
  })

  test('a blob that was deleted can be put back', async ({ archive, reader, store }) => {
    const bytes = randomBytes(600_000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const ref = { sha256, bytes: bytes.byteLength, mediaType: 'text/plain' }
    await archive.putBlob(ref, bytes)
    store.streams.softDelete(`blob-${sha256}`)
    await archive.putBlob(ref, bytes)
    assert.ok(await archive.holdsBlob(ref))
    assert.is((await reader.blob(sha256))?.bytes.byteLength, 600_000)
  })

  test('a blob is cut into chunks, gone on with where it stopped, and checked when it is read', async (context) => {
    const { archive, reader, store, client } = context
    const bytes = randomBytes(1_200_000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const ref = { sha256, bytes: bytes.byteLength, mediaType: 'image/png' }
    assert.not(await archive.holdsBlob(ref))
    await archive.putBlob(ref, bytes)
    await archive.putBlob(ref, bytes)
    assert.is(store.streams.all().length, 3)
    store.streams.cut(`blob-${sha256}`, 1n)
    assert.not(await archive.holdsBlob(ref))
    assert.is(await reader.blob(sha256), null)
    await archive.putBlob(ref, bytes)
    assert.ok(await archive.holdsBlob(ref))
    const read = await reader.blob(sha256)
    assert.is(read?.mediaType, 'image/png')
    assert.ok(bytes.equals(read?.bytes ?? Buffer.alloc(0)))
    assert.ok(client)
  })

  test('a server that is away is told as that, and reached again when it is back', async ({ archive, store }) => {
    await archive.move(null, startOfLog, 'then')
    store.down()
    try {
      await archive.place()
      assert.unreachable()
    } catch (error) {
      assert.is(error instanceof Error && 'code' in error && error.code, 'archive_unavailable')
    }
    await store.up()
    assert.is((await archive.place())?.epoch, 'then')
  })

  test('an answer that comes after its caller was told of another broken connection is dropped', async (context) => {
    const { archive, store } = context
    const other = await startArchiveWorld({ batches })
    others.push(other.stop)
    const held = Promise.withResolvers<void>()
    let waiting = 0
    const wait = (): Promise<void> => {
      waiting++
      return held.promise
    }
    store.traffic.beforeAppend = wait
    other.store.traffic.beforeAppend = wait
    const entry = createEntries().next(stream())
    const appending = [archive.append(entry), other.archive.append(entry)]
    await eventually(() => waiting === 2)
    other.store.down()
    await Promise.allSettled(appending.slice(batches ? 0 : 1))
    held.resolve()
    await Promise.allSettled(appending)
    assert.equal(await archive.append(entry), { kind: 'kept' })
  })

  test.run()
}

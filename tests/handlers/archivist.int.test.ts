// The archivist between a log and a stand-in server: nothing lost and nothing twice, whoever is away, stops, or joins in.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createStoreText } from '../../handlers/store-text.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { badEntry, createArrayLog } from '../support/array-log.ts'
import { startedEvent, stream } from '../support/commit-samples.ts'
import { createEntries, startArchiveWorld, verbatim } from '../support/event-store/archive-world.ts'
import { eventually } from '../support/eventually.ts'

const test = suite<Awaited<ReturnType<typeof startArchiveWorld>>>('archivist')
test.before.each(async (context) => {
  Object.assign(context, await startArchiveWorld())
})
test.after.each(({ stop }) => stop())

const many = (count: number, entries = createEntries()): readonly LogEntry[] => {
  const streams = Array.from({ length: 20 }, () => stream())
  return Array.from({ length: count }, (_, index) => entries.next(streams[index % 20] ?? stream()))
}
const asItems = (entries: readonly LogEntry[]) =>
  entries.map((entry) => ({ kind: 'message' as const, message: verbatim(entry) }))

test('thousands behind, it catches up; and follows what comes', async ({ startArchivist, upTo, items }) => {
  const entries = createEntries()
  const before = many(3_000, entries)
  const tail = createArrayLog(before)
  const archivist = startArchivist(tail)
  await upTo(3_000)
  const after = many(3, entries)
  tail.push(...after)
  await upTo(3_003)
  assert.equal(await items(), asItems([...before, ...after]))
  await eventually(() => archivist.status().position === 3_003)
  assert.equal(archivist.status(), { position: 3_003, trouble: null, differing: 0 })
})

test('one that died between appending and noting its place changes nothing when it does it again', async (context) => {
  const { archive, startArchivist, upTo, items, store } = context
  const all = many(300)
  for (const entry of all.slice(0, 150)) await archive.append(entry)
  startArchivist(createArrayLog(all))
  await upTo(300)
  assert.equal(await items(), asItems(all))
  assert.is(store.streams.all().filter((event) => event.stream.startsWith('session-')).length, 300)
})

test('while the server is away it waits, and says so; nothing is lost', async (context) => {
  const { startArchivist, upTo, items, store } = context
  const entries = createEntries()
  const first = many(50, entries)
  const tail = createArrayLog(first)
  store.down()
  const archivist = startArchivist(tail)
  await eventually(() => archivist.status().trouble?.includes('nobody listens there'))
  await store.up()
  await upTo(50)
  store.down()
  const second = many(400, entries)
  tail.push(...second)
  await eventually(() => archivist.status().trouble !== null)
  await store.up()
  await upTo(450)
  await eventually(() => archivist.status().trouble === null)
  assert.equal(await items(), asItems([...first, ...second]))
})

test('a server that dies in the middle of appends gets the rest from where it stood', async (context) => {
  const { startArchivist, upTo, items, store } = context
  const all = many(800)
  startArchivist(createArrayLog(all))
  for (const appends of [100, 300, 500]) {
    await eventually(() => store.traffic.appends >= appends)
    store.down()
    await store.up()
  }
  await upTo(800)
  assert.equal(await items(), asItems(all))
})

test('a slow server is given its time', async ({ startArchivist, upTo, items, store }) => {
  const all = many(60)
  store.traffic.beforeAppend = () => new Promise((resolve) => setTimeout(resolve, 40))
  startArchivist(createArrayLog(all))
  await upTo(60)
  assert.equal(await items(), asItems(all))
})

test('two at once write each commit once, and the one that is left goes on', async (context) => {
  const { startArchivist, upTo, items } = context
  const entries = createEntries()
  const first = many(600, entries)
  const tail = createArrayLog(first)
  const one = startArchivist(tail)
  startArchivist(tail)
  await upTo(600)
  await one.stop()
  const second = many(100, entries)
  tail.push(...second)
  await upTo(700)
  assert.equal(await items(), asItems([...first, ...second]))
})

test('what the archive has lost of a stream is filled in from the log', async (context) => {
  const { startArchivist, upTo, items, store } = context
  const entries = createEntries()
  const session = stream('ses_gap')
  const all = Array.from({ length: 5 }, () => entries.next(session))
  const tail = createArrayLog(all)
  startArchivist(tail)
  await upTo(5)
  store.streams.cut('session-ses_gap', 2n)
  const last = entries.next(session)
  tail.push(last)
  await upTo(6)
  assert.equal(await items(), asItems([...all, last]))
})

test('a stream that holds something else is told and left; all others go on', async (context) => {
  const { startArchivist, upTo, items, archive } = context
  const [own, others] = [createEntries(), createEntries()]
  const session = stream('ses_other')
  await archive.append(others.next(session))
  const all = [own.next(session), own.next(stream()), own.next(session), own.next(stream())]
  const archivist = startArchivist(createArrayLog(all))
  await upTo(4)
  assert.is(archivist.status().differing, 1)
  const kept = (await items()).flatMap((item) => (item.kind === 'message' ? [Number(item.message.sequence)] : []))
  assert.equal([kept.includes(2), kept.includes(4)], [true, true])
})

test('a blob is there before the commit that refers to it; one that is lost is no reason to stop', async (context) => {
  const { startArchivist, upTo, reader, blobs, store } = context
  const { blob, text } = await createStoreText(blobs)('y'.repeat(100_000))
  if (blob === undefined) throw new Error('it is large')
  const lost = { ...blob, sha256: 'f'.repeat(64) }
  const started = startedEvent()
  if (started.type !== 'session.started') throw new Error('not the sample')
  const entries = createEntries()
  const withBlob = (ref: typeof blob) => ({ ...started, data: { ...started.data, input: { text, blob: ref } } })
  const all = [withBlob(blob), withBlob(lost)].map((event) => entries.next(stream(), { events: [event] }))
  startArchivist(createArrayLog(all))
  await upTo(2)
  assert.is(Buffer.from((await reader.blob(blob.sha256))?.bytes ?? []).toString(), 'y'.repeat(100_000))
  // Commits of two streams come in any order, each after what it refers to.
  const order = store.streams.all().map((event) => event.stream)
  const places = [order.indexOf(`blob-${blob.sha256}`), order.indexOf(`session-${all[0]?.commit.stream.id}`)] as const
  assert.ok(places[0] >= 0 && places[0] < places[1], order.join())
})

test('a message nobody can read is kept, too', async ({ startArchivist, upTo, items }) => {
  const bad = badEntry(1, 'casebook.events.default.session.ses_bad')
  startArchivist(createArrayLog([bad]))
  await upTo(1)
  assert.is((await items()).length, 1)
})

test('a log that was written back goes on in its archive; another one is not mixed into it', async (context) => {
  const { startArchivist, upTo, items } = context
  const entries = createEntries()
  const all = many(30, entries)
  const tail = createArrayLog(all)
  const first = startArchivist(tail)
  await upTo(30)
  await first.stop()
  tail.recreate()
  tail.push(...all, ...many(5, entries))
  const second = startArchivist(tail)
  await upTo(35)
  await second.stop()
  assert.is((await items()).length, 35)

  tail.recreate()
  tail.push(...many(3))
  const third = startArchivist(tail)
  await eventually(() => third.status().trouble?.includes('holds another log'))
  assert.is((await items()).length, 35)
})

test('a session that was erased is taken out with the blobs nobody else names; what is left is whole', async (context) => {
  const { startArchivist, upTo, items, blobs, store, reader } = context
  const { blob, text } = await createStoreText(blobs)('y'.repeat(100_000))
  const started = startedEvent()
  if (started.type !== 'session.started' || blob === undefined) throw new Error('not the sample')
  const gone = { ...blob, sha256: 'e'.repeat(64) }
  const events = [blob, gone].map((ref) => ({ ...started, data: { ...started.data, input: { text, blob: ref } } }))
  const entries = createEntries()
  const session = stream('ses_erased')
  const kept = entries.next(stream())
  const erased = entries.next(session, { events })
  await context.archive.putBlob(gone, new Uint8Array(gone.bytes))
  const end = entries.next(
    { ...session, category: 'erasure' },
    { events: [{ type: 'erasure.completed', data: { commits: 1, blobs: 1, blobsKept: 1 } }] },
  )
  startArchivist(createArrayLog([kept, erased, end]))
  await upTo(3)
  assert.equal(await items(), asItems([kept, end]))
  const streams = new Set(store.streams.all().map((event) => event.stream))
  assert.equal([streams.has('session-ses_erased'), streams.has(`blob-${gone.sha256}`)], [false, false])
  assert.ok((await reader.blob(blob.sha256)) !== null)
})

test.run()

// Long texts beside the second copy: copied behind the commits that name them, missed aloud, gone with their session, and brought back.
import { hash } from 'node:crypto'
import { jetstream } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import type { Log } from '../../handlers/ports/log.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { type BlobCopierOptions, startBlobCopier } from '../../infra/blob-copier.ts'
import { blobBucket, createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { restoreInto } from '../../infra/restores/restore-into.ts'
import { createSessionEraser } from '../../infra/session-eraser.ts'
import { auditProjection } from '../../projections/audit.ts'
import { verifyAudit } from '../../projections/audit-verify.ts'
import { eraseBlobCopies, readBlobCopy, readBlobPlace } from '../../projections/blob-copies.ts'
import { blobsNamedElsewhere } from '../../projections/blobs-named.ts'
import { openPostgresCopy } from '../../projections/postgres-copy.ts'
import { startProjections } from '../../projections/projection-set.ts'
import type { Commit, StreamId } from '../../schemas/commit.ts'
import { sessionId } from '../../schemas/ids.ts'
import { draft, start, startedEvent, stream, unique } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { startReadSide } from '../support/read-side.ts'
import { quiet } from '../support/servers.ts'
import { mustAppend } from './event-log-contract.ts'

const test = suite('long texts in the second copy')
const [world, readSide] = await Promise.all([startLogWorld(), startReadSide()])
const { connection } = world
const database = await readSide.database()
const [log, reader, blobs] = await Promise.all([
  createJetStreamEventLog(connection),
  createJetStreamLogReader(connection, quiet),
  createJetStreamBlobStore(connection),
])
const objects = await new Objm(connection).open(blobBucket)
const projections = await startProjections({ database, reader, run: true, projections: [auditProjection] })
/** Of copiers that a failed test has left at work. */
const ends: (() => Promise<void>)[] = []
test.after(async () => {
  await Promise.allSettled([...ends.map((end) => end()), projections.stop()])
  await Promise.all([world.stop(), readSide.stop()])
})

const long = (): string => `${unique()} ${'ä long text '.repeat(10_000)}`
const startCopier = (options: Partial<BlobCopierOptions> = {}) => {
  const copier = startBlobCopier({ database, blobs, log: quiet, everyMs: 20, ...options })
  ends.push(copier.stop)
  return copier
}
const hashOf = (text: string): string => hash('sha256', text, 'hex')
/** A session whose input is long. */
const append = async (text: string, to: StreamId = stream()): Promise<Commit> => {
  const started = startedEvent()
  assert.is(started.type, 'session.started')
  const input = await createStoreText(blobs)(text)
  const event = { ...started, data: { ...started.data, input } } as typeof started
  return mustAppend(log, to, start, draft({ events: [event] }))
}
const copyOf = async (text: string): Promise<string | null> => {
  const found = await readBlobCopy(database, hashOf(text))
  return found === null ? null : Buffer.from(found.bytes).toString()
}
const headCopied = async (): Promise<void> => projections.waitFor('audit', (await reader.head()).sequence, 60_000)
const allLookedFor = async (): Promise<void> => {
  const { sequence } = await reader.head()
  await eventually(async () => (await readBlobPlace(database)).position >= sequence, { withinMs: 60_000 })
}
/** Copies what there is, and stops. @returns what was told. */
const copyAll = async (store: Pick<typeof blobs, 'get'> = blobs): Promise<readonly string[]> => {
  const told: string[] = []
  const note: Log['warn'] = (_, message) => void told.push(message)
  const copier = startCopier({ blobs: store, log: { ...quiet, warn: note } })
  await allLookedFor().finally(copier.stop)
  return told
}
const verify = async () => {
  const { sequence } = await reader.head()
  await headCopied()
  const { problems } = await verifyAudit(database, reader, sequence, null, AbortSignal.timeout(60_000))
  return problems.map(({ kind, sequence: at }) => [kind, at])
}
const forgetCopying = () => database.query('UPDATE casebook.blob_copying SET position = 0')

test('a text is copied behind its commit, also of a copy that was made before, and by two at once', async () => {
  const [first, second] = [long(), long()]
  await append(first)
  await append(second)
  await headCopied()
  assert.is(await copyOf(first), null)
  const other = startCopier()
  assert.equal(await copyAll(), [])
  const third = long()
  await append(third)
  await eventually(async () => (await copyOf(third)) === third, { withinMs: 60_000 })
  await other.stop()
  assert.equal([await copyOf(first), await copyOf(second)], [first, second])
  assert.equal(await verify(), [])
})

const purgeChunks = async (text: string) => {
  const info = await objects.info(hashOf(text))
  const subject = `$O.${blobBucket}.C.${info?.nuid}`
  const { purged: chunks } = await world.manager.streams.purge(`OBJ_${blobBucket}`, { filter: subject })
  return { subject, chunks }
}

test('one that is missing in the store, or damaged there, is named, and the others are copied', async () => {
  const [missing, cut, changed, sound] = [long(), long(), long(), long()]
  await append(missing)
  const { sequence } = await append(cut)
  await append(changed)
  await append(sound)
  await objects.delete(hashOf(missing))
  await purgeChunks(cut)
  const { subject, chunks } = await purgeChunks(changed)
  for (let nth = 0; nth < chunks; nth++) await jetstream(connection).publish(subject, 'something else')
  const told = await copyAll()
  assert.is(told.length, 3)
  assert.match(told[0] ?? '', /is not in the object store, and so not in the second copy/)
  const copies = [await copyOf(missing), await copyOf(cut), await copyOf(changed), await copyOf(sound)]
  assert.equal(copies, [null, null, null, sound])
  assert.equal(await verify(), [
    ['text_missing_in_copy', sequence - 1],
    ['text_missing_in_copy', sequence],
    ['text_missing_in_copy', sequence + 1],
  ])
  // For the tests below.
  await objects.delete(hashOf(changed))
  for (const text of [missing, cut, changed]) await blobs.put(new TextEncoder().encode(text), 'text/plain')
  await forgetCopying()
  assert.equal(await copyAll(), [])
  assert.equal(await verify(), [])
})

test('a copy that somebody changed is named, and is not brought back', async () => {
  const text = long()
  const { sequence } = await append(text)
  await copyAll()
  await database.query(`UPDATE casebook.blob_copy SET content = 'other' WHERE hash = $1`, [hashOf(text)])
  assert.equal(await verify(), [['text_changed_in_copy', sequence]])
  await objects.delete(hashOf(text))
  const { missingBlobs } = await restore()
  assert.is(missingBlobs, 1)
  await blobs.put(new TextEncoder().encode(text), 'text/plain')
  await forgetCopying()
  await copyAll()
  assert.equal(await verify(), [])
})

const eraserOf = () =>
  createSessionEraser({
    connection,
    copied: headCopied,
    namedElsewhere: (hashes, subject) => blobsNamedElsewhere(database, hashes, subject),
    eraseCopies: (hashes) => eraseBlobCopies(database, hashes),
  })
/** As the janitor does. */
const erase = async ({ stream: { org, id }, version, hash: lastHash }: Commit): Promise<void> => {
  const erased = sessionId.parse(id)
  const by = { kind: 'user', id: 'ada' } as const
  const data = { sessionId: erased, by, reason: 'asked', requestedAt: '2026-01-02T03:04:05.000Z', version, lastHash }
  const to = { org, category: 'erasure', id: erased } as const
  await mustAppend(log, to, start, draft({ events: [{ type: 'erasure.recorded', data }] }))
  await (await eraserOf()).erase(org, erased)
}

test('it goes with the last session that names it', async () => {
  const [own, shared] = [long(), long()]
  const alone = await append(own)
  const [one, two] = [await append(shared), await append(shared)]
  await copyAll()
  await erase(alone)
  await erase(one)
  assert.equal([await copyOf(own), await copyOf(shared)], [null, shared])
  await erase(two)
  assert.is(await copyOf(shared), null)
  assert.equal(await verify(), [])
})

test('one that is erased while it is being copied is not left behind', async () => {
  const text = long()
  const commit = await append(text)
  await headCopied()
  const fetched = Promise.withResolvers<void>()
  const erased = Promise.withResolvers<void>()
  const copying = copyAll({
    get: async (sha256) => {
      const content = await blobs.get(sha256)
      if (sha256 !== hashOf(text)) return content
      fetched.resolve()
      await erased.promise
      return content
    },
  })
  await fetched.promise
  await erase(commit)
  erased.resolve()
  await copying
  assert.is(await copyOf(text), null)
})

test('an erasure waits for the copying of the moment', async () => {
  const text = long()
  await append(text)
  await headCopied()
  const content = new TextEncoder().encode(text)
  const erasing = await database.transaction(async (sql) => {
    await sql.query('SELECT FROM casebook.blob_copying FOR UPDATE')
    const waits = eraseBlobCopies(database, [hashOf(text)])
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%blob_copying%'`
    await eventually(async () => (await database.query(waiting)).length > 0, { withinMs: 60_000 })
    await sql.query(`INSERT INTO casebook.blob_copy VALUES ($1, 'text/plain', $2)`, [hashOf(text), content])
    return { waits }
  })
  await erasing.waits
  assert.is(await copyOf(text), null)
  await copyAll()
})

test('while Postgres is away it waits, says so once, and goes on', async () => {
  const told: string[] = []
  const note: Log['warn'] = (_, message) => void told.push(message)
  let away = true
  const broken = createDatabase('postgres://casebook@127.0.0.1:9/casebook', 1)
  const flaky: typeof database = {
    ...database,
    query: (text, values) => (away ? broken : database).query(text, values),
  }
  const copier = startCopier({ database: flaky, log: { ...quiet, warn: note } })
  const text = long()
  await append(text)
  await eventually(() => told.length > 0, { withinMs: 60_000 })
  away = false
  await eventually(async () => (await copyOf(text)) === text, { withinMs: 60_000 })
  await copier.stop()
  await broken.close()
  assert.equal(told, ['Long texts cannot be copied now; trying until it succeeds.'])
})

const restore = async () =>
  restoreInto({ connection, database, replicas: 1 }, await openPostgresCopy(database), {
    blobOf: (sha256) => readBlobCopy(database, sha256),
  })

test('lost from the store, they are brought back, be the log lost with them or whole', async () => {
  await projections.stop()
  const { stored } = z.object({ stored: z.array(z.string()) }).parse({
    stored: (await objects.list()).filter(({ deleted }) => !deleted).map(({ name }) => name),
  })
  assert.ok(stored.length > 5)
  const names = async () => {
    const fresh = await new Objm(connection).open(blobBucket)
    return (await fresh.list()).filter(({ deleted }) => !deleted).map(({ name }) => name)
  }
  for (const lost of [[`OBJ_${blobBucket}`], [`OBJ_${blobBucket}`, 'CASEBOOK_EVENTS']]) {
    for (const each of lost) await world.manager.streams.delete(each)
    const { missingBlobs, written } = await restore()
    assert.is(missingBlobs, 0)
    assert.is(written > 0, lost.length > 1)
    assert.equal((await names()).sort(), [...stored].sort())
  }
})

test.run()

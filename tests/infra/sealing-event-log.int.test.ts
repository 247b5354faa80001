// The sealing log over real keys in PostgreSQL: it keeps what every log promises, stores nothing in clear, and forgets with the key.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { forgotten, isSealed } from '../../domain/personal/sealed-text.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { createOpenPersonal } from '../../infra/personal/open-personal.ts'
import { createKeyRing } from '../../infra/personal/person-keys.ts'
import { createSealingEventLog } from '../../infra/personal/sealing-event-log.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import type { CommitDraft } from '../../schemas/commit.ts'
import { type OrgId, orgId } from '../../schemas/ids.ts'
import { eventLogContract, mustAppend } from '../contracts/event-log-contract.ts'
import { draft, org, positionOf, start, stream } from '../support/commit-samples.ts'
import { startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
const database = await readSide.database([])
const keys = createKeyRing(database)
test.after(() => readSide.stop())

eventLogContract('sealing event log', async () => createSealingEventLog(createMemoryEventLog(), keys, true), {
  sealed: true,
})

const jo = { kind: 'user', id: 'jo@example.org' } as const
const paused = (by: { readonly kind: 'user'; readonly id: string } = jo): CommitDraft => ({
  ...draft({ events: [{ type: 'session.paused', data: { by, reason: 'lunch' } }] }),
  actor: by,
  bodyHash: 'ab'.repeat(32),
})

test('what is stored names nobody; who appends and who reads sees what was meant; the hash is over what is stored', async () => {
  const inner = createMemoryEventLog()
  const log = createSealingEventLog(inner, keys, true)
  const to = stream()
  const meant = paused()
  const commit = await mustAppend(log, to, start, meant)
  const [stored] = inner.entries
  const text = JSON.stringify([stored?.payload, stored?.headers])
  for (const clear of ['jo@', 'lunch', meant.bodyHash]) assert.not.ok(text.includes(clear), clear)
  assert.ok(isSealed(stored?.commit.actor.id ?? ''))
  assert.equal(await log.read(to, start), [commit])
  assert.equal([commit.actor, commit.bodyHash, commit.events[0]?.data], [jo, meant.bodyHash, meant.events[0]?.data])
  assert.is(commit.hash, stored?.commit.hash)
})

test('the same command sent again is the same bytes, by another process too', async () => {
  const [one, two] = [createMemoryEventLog(), createMemoryEventLog()]
  const meant = paused()
  const elsewhere = createKeyRing(readSide.connect(database))
  const [first, second] = await Promise.all([
    mustAppend(createSealingEventLog(one, keys, true), stream(), start, meant),
    mustAppend(createSealingEventLog(two, elsewhere, true), stream(), start, meant),
  ])
  const parts = (payload = ''): string => payload.replaceAll(/"subject":"[^"]*"/g, '')
  assert.is(parts(one.entries[0]?.payload), parts(two.entries[0]?.payload))
  assert.equal(first.events, second.events)
})

test('two who are first at once get one key', async () => {
  const rings = Array.from({ length: 8 }, () => createKeyRing(database))
  const made = await Promise.all(rings.map((ring) => ring.keyFor(org, 'both@example.org')))
  assert.is(new Set(made.map(({ personId }) => personId)).size, 1)
})

test('a destroyed key opens nothing, in this process and in every other once it is told; others’ texts stay', async () => {
  const inner = createMemoryEventLog()
  const log = createSealingEventLog(inner, keys, true)
  const elsewhere = createKeyRing(readSide.connect(database))
  const to = stream()
  const ann = { kind: 'user', id: 'ann@example.org' } as const
  const first = await mustAppend(log, to, start, paused(ann))
  await mustAppend(log, to, positionOf(first), paused())
  const other = createSealingEventLog(inner, elsewhere, true)
  assert.equal((await other.read(to, start))[0]?.actor, ann)

  const person = await keys.find(org, ann.id)
  assert.ok(person)
  if (person === null) return
  await keys.destroy(org, person)
  elsewhere.drop(org, person)
  for (const each of [log, other]) {
    const [gone, kept] = await each.read(to, start)
    assert.equal(gone?.events[0]?.data, { by: { kind: 'user', id: forgotten }, reason: forgotten })
    assert.equal([gone?.actor.id, gone?.bodyHash], [forgotten, forgotten])
    assert.equal(kept?.events[0]?.data, { by: jo, reason: 'lunch' })
  }
  const rows = await database.query('SELECT who, key FROM casebook.person_key WHERE person = $1', [person])
  assert.equal(rows, [{ who: null, key: null }])
  assert.is(await keys.find(org, ann.id), null)
  // Whoever comes back is somebody new.
  const again = await keys.keyFor(org, ann.id)
  assert.is.not(again.personId, person)
})

test('a key of one org opens nothing of another', async () => {
  const inner = createMemoryEventLog()
  await mustAppend(createSealingEventLog(inner, keys, true), stream(), start, paused())
  const open = createOpenPersonal(keys)
  const stored = inner.entries[0]?.commit.events
  assert.match(JSON.stringify(await open(org, stored)), /jo@example\.org/)
  const foreign: OrgId = orgId.parse('another')
  assert.match(JSON.stringify(await open(foreign, stored)), /"id":"forgotten"/)
})

test('switched off nothing more is sealed, and what was sealed is read', async () => {
  const inner = createMemoryEventLog()
  const to = stream()
  const first = await mustAppend(createSealingEventLog(inner, keys, true), to, start, paused())
  const off = createSealingEventLog(inner, keys, false)
  await mustAppend(off, to, positionOf(first), paused())
  assert.equal(
    (await off.read(to, start)).map(({ actor }) => actor),
    [jo, jo],
  )
  assert.match(inner.entries[1]?.payload ?? '', /jo@example\.org/)
})

test('without the keys nothing is appended, and the answer is to be tried again', async () => {
  const away = createDatabase('postgres://127.0.0.1:1/none')
  const inner = createMemoryEventLog()
  const log = createSealingEventLog(inner, createKeyRing(away), true)
  const failed = await log.append(stream(), start, paused()).catch((error: unknown) => error)
  assert.match(String(failed), /keys of personal fields/)
  assert.is(inner.entries.length, 0)
  await away.close()
})

test.run()

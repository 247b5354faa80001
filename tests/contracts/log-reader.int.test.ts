// Every commit in order, once: while many write, over outages, for slow readers, and never on into another log.
import { JetStreamApiError } from '@nats-io/jetstream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LogReplaced } from '../../commands/log-errors.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { isBadEntry, type LogBatch, type LogReader } from '../../projections/log-reader.ts'
import { chainHash } from '../../schemas/commit-codec.ts'
import { type LogSequence, logSequence, startOfLog } from '../../schemas/ids.ts'
import { draft, start, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { type LogWorld, startLogWorld, untilItIsBack } from '../support/log-world.ts'
import { quiet } from '../support/servers.ts'
import { appendMany, mustAppend } from './event-log-contract.ts'

const upTo = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)

/** Of readers that a failed test has left at work. */
const ends: (() => Promise<void>)[] = []

/** Follows in the background; `stop` gives every sequence seen. */
const following = (reader: LogReader, after: LogSequence, maxBatch = 100) => {
  const stopping = new AbortController()
  const batches: LogBatch[] = []
  const run = (async () => {
    for await (const batch of reader.follow(after, { maxBatch }, stopping.signal)) batches.push(batch)
  })()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await run
  }
  ends.push(stop)
  return {
    batches,
    last: (): number => batches.at(-1)?.last ?? after,
    sequences: (): readonly number[] => batches.flatMap(({ entries }) => entries.map(({ sequence }) => sequence)),
    stop,
  }
}

const memory = suite('memory')
memory('the log in memory is followed in order and without gaps while it grows', async () => {
  const log = createMemoryEventLog()
  await appendMany(log, stream(), 7)
  const reader = following(log, logSequence.parse(2), 3)
  await Promise.all([1, 2, 3].map(() => appendMany(log, stream(), 5)))
  await eventually(() => reader.last() === 22)
  await reader.stop()
  assert.equal(reader.sequences(), upTo(3, 22))
  assert.ok(reader.batches.every(({ entries }) => entries.length <= 3))
})
memory.run()

const test = suite('JetStream')
let world: LogWorld
test.before(async () => {
  world = await startLogWorld()
})
test.after(async () => {
  await Promise.allSettled(ends.map((end) => end()))
  await world.stop()
})

test('readers that start before, during and after sixteen writers all see every commit once and in order', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const early = following(reader, startOfLog)
  const writers = Array.from({ length: 16 }, () => appendMany(log, stream(), 25))
  await eventually(() => early.last() > 20)
  const middle = following(reader, startOfLog, 7)
  await Promise.all(writers)
  const late = following(reader, logSequence.parse(100))
  const { sequence: head } = await reader.head()
  assert.is(head, 400)
  for (const each of [early, middle, late]) {
    await eventually(() => each.last() === head)
    await each.stop()
  }
  assert.equal(early.sequences(), upTo(1, head))
  assert.equal(middle.sequences(), upTo(1, head))
  assert.equal(late.sequences(), upTo(101, head))
  assert.ok(middle.batches.every(({ entries }) => entries.length <= 7))
})

test('an entry keeps subject, payload and hash verbatim', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const to = stream()
  const commit = await mustAppend(log, to, start, draft())
  const follower = following(reader, logSequence.parse(commit.sequence - 1))
  const [entry] = (await eventually(() => follower.batches[0])).entries
  await follower.stop()
  assert.ok(entry !== undefined && !isBadEntry(entry))
  if (entry === undefined || isBadEntry(entry)) return
  assert.is(entry.subject, `casebook.events.default.session.${to.id}`)
  assert.is(entry.headers['Casebook-Hash'], chainHash('', entry.payload))
  assert.is(entry.bytes, Buffer.byteLength(entry.payload))
  assert.equal(entry.commit, commit)
})

test('one commit is handed on at once, without waiting for a batch to fill', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const follower = following(reader, (await reader.head()).sequence, 1_000)
  const took: number[] = []
  for (let nth = 0; nth < 10; nth++) {
    const { sequence } = await mustAppend(log, stream(), start, draft())
    const stored = performance.now()
    await eventually(() => follower.last() === sequence)
    took.push(performance.now() - stored)
  }
  await follower.stop()
  // A busy machine keeps some of them back; a batch that is waited for, all.
  assert.ok(Math.min(...took) < 1_000, took.join())
})

test('messages that are no commits come through as bad entries, in their place', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const { sequence } = await reader.head()
  for (const subject of ['default.session.ses_bad', 'default.nonsense.x', 'UPPER.session.x', 'default']) {
    world.connection.publish(`casebook.events.${subject}`, '[{}]')
  }
  await world.connection.flush()
  await mustAppend(log, stream(), start, draft())
  const follower = following(reader, sequence)
  await eventually(() => follower.last() === sequence + 5)
  await follower.stop()
  const entries = follower.batches.flatMap((batch) => batch.entries)
  assert.equal(
    entries.map((entry) => isBadEntry(entry) && entry.error.code),
    ['corrupt_commit', 'corrupt_commit', 'corrupt_commit', 'corrupt_commit', false],
  )
  assert.equal(entries[0]?.payload, '[{}]')
})

test('a slow reader holds little, loses nothing and catches up', async () => {
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const { sequence: before } = await reader.head()
  const count = 12_000
  for (let index = 0; index < count; index++) world.connection.publish('casebook.events.default.session.ses_slow', '[]')
  await world.connection.flush()
  await eventually(async () => (await reader.head()).sequence === before + count)
  const stopping = new AbortController()
  let seen = before
  const delivered: number[] = []
  for await (const batch of reader.follow(before, { maxBatch: 2_000 }, stopping.signal)) {
    for (const { sequence } of batch.entries) delivered.push(sequence)
    seen = batch.last
    if (seen === before + count) stopping.abort()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.equal(delivered, upTo(before + 1, before + count))
})

test('a cut connection, a deleted consumer and a killed server leave no gap and no repeat', async () => {
  const { connection, proxy } = await world.connectThroughProxy()
  const log = await createJetStreamEventLog(world.connection, untilItIsBack)
  const reader = await createJetStreamLogReader(connection, quiet)
  const { sequence: before } = await reader.head()
  const follower = following(reader, before)
  const more = async (): Promise<void> => {
    const commits = await appendMany(log, stream(), 10)
    await eventually(() => follower.last() === commits.at(-1)?.sequence)
  }
  await more()
  proxy.cut()
  const whileAway = appendMany(log, stream(), 10)
  await whileAway
  proxy.heal()
  await more()
  for await (const { name } of world.manager.consumers.list(eventsStream)) {
    // One of a reader that has stopped may be gone by itself meanwhile.
    await world.manager.consumers.delete(eventsStream, name).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError && error.status === 404)) throw error
    })
  }
  await more()
  world.killServer()
  await more()
  await follower.stop()
  assert.equal(follower.sequences(), upTo(before + 1, before + 50))
})

test('a log created anew while it is followed is not read on, and the head says so', async () => {
  const other = await startLogWorld()
  try {
    const errors: unknown[] = []
    const log = await createJetStreamEventLog(other.connection)
    const reader = await createJetStreamLogReader(other.connection, {
      ...quiet,
      error: ({ err }) => errors.push(err),
    })
    await appendMany(log, stream(), 2)
    const follower = following(reader, startOfLog)
    await eventually(() => follower.last() === 2)
    await other.manager.streams.delete(eventsStream)
    await ensureStreams(other.connection)
    await appendMany(log, stream(), 5)
    assert.instance(await reader.head().catch((thrown: unknown) => thrown), LogReplaced)
    const later = following(reader, startOfLog)
    await eventually(() => errors.filter((error) => error instanceof LogReplaced).length === 2)
    await Promise.all([follower.stop(), later.stop()])
    assert.equal(follower.sequences(), [1, 2])
    assert.equal(later.sequences(), [])
  } finally {
    await other.stop()
  }
})

test.run()

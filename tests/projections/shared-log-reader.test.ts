// One reading for many followers: everybody sees everything in order, and nobody waits for, or falls with, another.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogBatch, LogReader } from '../../projections/log-reader.ts'
import { createSharedLogReader } from '../../projections/shared-log-reader.ts'
import { type LogSequence, logSequence, startOfLog } from '../../schemas/ids.ts'
import { type ArrayLog, badEntry, createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'

const upTo = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)

const entriesFrom = (first: number, count: number) =>
  upTo(first, first + count - 1).map((sequence) => badEntry(sequence, 'casebook.events.acme.session.ses_x', 'x'))

/** A log that counts what is read from it: each entry is decoded as often as it is read. */
const counted = (log: ArrayLog) => {
  let read = 0
  const reader: LogReader = {
    head: log.head,
    async *follow(after, options, signal) {
      for await (const batch of log.follow(after, options, signal)) {
        read += batch.entries.length
        yield batch
      }
    },
  }
  return { reader, read: (): number => read }
}

interface Follower {
  readonly batches: readonly LogBatch[]
  sequences(): readonly number[]
  /** From now on it keeps the batch it has been given. */
  hold(): void
  release(): void
  stop(): Promise<void>
  /** Settles as the following does. */
  readonly done: Promise<void>
}

const followed = (reader: LogReader, after: LogSequence = startOfLog, maxBatch = 50): Follower => {
  const stopping = new AbortController()
  const batches: LogBatch[] = []
  let held = Promise.withResolvers<void>()
  held.resolve()
  const run = async (): Promise<void> => {
    for await (const batch of reader.follow(after, { maxBatch }, stopping.signal)) {
      batches.push(batch)
      await held.promise
    }
  }
  const done = run()
  done.catch(() => undefined)
  return {
    batches,
    sequences: () => batches.flatMap(({ entries }) => entries.map(({ sequence }) => sequence)),
    hold: () => {
      held = Promise.withResolvers<void>()
    },
    release: () => held.resolve(),
    stop: async () => {
      stopping.abort()
      held.resolve()
      await done
    },
    done,
  }
}

const hasSeen = (follower: Follower, last: number) =>
  eventually(() => follower.batches.at(-1)?.last === last, { withinMs: 30_000 })

test('five followers see every entry once and in order, and the log is read once', async () => {
  const log = createArrayLog(entriesFrom(1, 3_000))
  const { reader, read } = counted(log)
  const shared = createSharedLogReader(reader)
  const followers = upTo(1, 5).map(() => followed(shared))
  for (const each of followers) await hasSeen(each, 3_000)
  log.push(...entriesFrom(3_001, 10))
  for (const each of followers) {
    await hasSeen(each, 3_010)
    await each.stop()
    assert.equal(each.sequences(), upTo(1, 3_010))
    assert.ok(each.batches.every(({ entries, last }) => entries.length <= 50 && entries.at(-1)?.sequence === last))
  }
  assert.is(read(), 3_010)
})

test('one who starts while others are far ahead reads from its own position, and joins them at the end', async () => {
  const log = createArrayLog(entriesFrom(1, 3_000))
  const { reader, read } = counted(log)
  const shared = createSharedLogReader(reader)
  const early = followed(shared, logSequence.parse(2_900))
  await hasSeen(early, 3_000)
  const late = followed(shared)
  await hasSeen(late, 3_000)
  const before = read()
  log.push(...entriesFrom(3_001, 100))
  for (const each of [early, late]) await hasSeen(each, 3_100)
  await Promise.all([early.stop(), late.stop()])
  assert.equal(early.sequences(), upTo(2_901, 3_100))
  assert.equal(late.sequences(), upTo(1, 3_100))
  assert.is(read() - before, 100)
})

test('one who stands still holds up the others only within patience, and misses nothing', async () => {
  const log = createArrayLog(entriesFrom(1, 20))
  const { reader } = counted(log)
  const shared = createSharedLogReader(reader, { held: { entries: 100, bytes: 1e9 }, patienceMs: 50 })
  const [stuck, quick] = [followed(shared), followed(shared)]
  await hasSeen(stuck, 20)
  await hasSeen(quick, 20)
  stuck.hold()
  log.push(...entriesFrom(21, 5_000))
  await hasSeen(quick, 5_020)
  assert.ok(stuck.sequences().length < 100)
  stuck.release()
  await hasSeen(stuck, 5_020)
  await Promise.all([stuck.stop(), quick.stop()])
  assert.equal(stuck.sequences(), upTo(1, 5_020))
  assert.equal(quick.sequences(), upTo(1, 5_020))
})

test('within the bounds a slow one is waited for, so that nothing is read twice', async () => {
  const log = createArrayLog(entriesFrom(1, 20))
  const { reader, read } = counted(log)
  const shared = createSharedLogReader(reader, { held: { entries: 100, bytes: 1e9 }, patienceMs: 60_000 })
  const [slow, quick] = [followed(shared), followed(shared)]
  await hasSeen(slow, 20)
  await hasSeen(quick, 20)
  slow.hold()
  log.push(...entriesFrom(21, 2_000))
  await eventually(() => quick.sequences().length >= 100)
  assert.ok(quick.sequences().length < 400)
  slow.release()
  for (const each of [slow, quick]) {
    await hasSeen(each, 2_020)
    await each.stop()
    assert.equal(each.sequences(), upTo(1, 2_020))
  }
  assert.is(read(), 2_020)
})

test('large entries count by their bytes', async () => {
  const large = upTo(1, 60).map((sequence) => badEntry(sequence, 'casebook.events.acme', 'x'.repeat(1024 * 1024)))
  const shared = createSharedLogReader(createArrayLog(large))
  const follower = followed(shared)
  await hasSeen(follower, 60)
  await follower.stop()
  assert.equal(follower.sequences(), upTo(1, 60))
  assert.ok(follower.batches.every(({ entries }) => entries.length <= 8))
})

test('one that stops leaves the others where they are', async () => {
  const log = createArrayLog(entriesFrom(1, 10))
  const { reader, read } = counted(log)
  const shared = createSharedLogReader(reader)
  const [one, two] = [followed(shared), followed(shared)]
  await hasSeen(one, 10)
  await hasSeen(two, 10)
  await one.stop()
  log.push(...entriesFrom(11, 10))
  await hasSeen(two, 20)
  await two.stop()
  assert.is(read(), 20)
  const again = followed(shared, logSequence.parse(15))
  await hasSeen(again, 20)
  await again.stop()
  assert.equal(again.sequences(), upTo(16, 20))
})

test('an error of the log reaches everybody after what was read, and the next attempt reads on', async () => {
  const log = createArrayLog(entriesFrom(1, 10))
  let failures = 0
  const reader: LogReader = {
    head: log.head,
    async *follow(after, options, signal) {
      for await (const batch of log.follow(after, options, signal)) {
        yield batch
        if (failures++ === 0) throw new Error('the log is away')
      }
    },
  }
  const shared = createSharedLogReader(reader)
  const followers = [followed(shared), followed(shared)]
  for (const each of followers) {
    const error = await each.done.catch((thrown: unknown) => thrown)
    assert.is(error instanceof Error && error.message, 'the log is away')
    assert.equal(each.sequences(), upTo(1, 10))
  }
  log.push(...entriesFrom(11, 5))
  const next = followed(shared, logSequence.parse(10))
  await hasSeen(next, 15)
  await next.stop()
  assert.equal(next.sequences(), upTo(11, 15))
})

test('one who goes back reads what the log holds by then', async () => {
  const log = createArrayLog(entriesFrom(1, 10))
  const shared = createSharedLogReader(log)
  const ahead = followed(shared)
  await hasSeen(ahead, 10)
  log.entries.splice(3, 2)
  const back = followed(shared)
  await hasSeen(back, 10)
  await Promise.all([ahead.stop(), back.stop()])
  assert.equal(back.sequences(), [1, 2, 3, 6, 7, 8, 9, 10])
})

test('what one left behind that read no further is not kept for it: it, too, reads what the log holds by then', async () => {
  const log = createArrayLog(entriesFrom(1, 10))
  const shared = createSharedLogReader(log)
  const [ahead, behind] = [followed(shared), followed(shared)]
  for (const each of [ahead, behind]) await hasSeen(each, 10)
  behind.hold()
  log.push(...entriesFrom(11, 1))
  for (const each of [ahead, behind]) await hasSeen(each, 11)
  log.push(...entriesFrom(12, 4))
  await hasSeen(ahead, 15)
  await behind.stop()
  log.entries.splice(11, 2)
  const back = followed(shared, logSequence.parse(11))
  await hasSeen(back, 15)
  await Promise.all([ahead.stop(), back.stop()])
  assert.equal(back.sequences(), [14, 15])
})

test('a log that is empty is waited at without reading again and again', async () => {
  const log = createArrayLog()
  let follows = 0
  const reader: LogReader = {
    head: log.head,
    follow: (after, options, signal) => {
      follows++
      return log.follow(after, options, signal)
    },
  }
  const shared = createSharedLogReader(reader)
  const follower = followed(shared)
  log.push(...entriesFrom(1, 1))
  await hasSeen(follower, 1)
  log.push(...entriesFrom(2, 1))
  await hasSeen(follower, 2)
  await follower.stop()
  assert.is(follows, 1)
})

test.run()

// The log on bad days: answers lost after the write, the server away, killed and back.
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { StreamPosition } from '../../commands/event-log.ts'
import { LogFull, LogUnavailable } from '../../commands/log-errors.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { draft, positionOf, start, stream, textOf } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { type LogWorld, startLogWorld, untilItIsBack } from '../support/log-world.ts'
import { appendMany, mustAppend } from './event-log-contract.ts'

let world: LogWorld
test.before(async () => {
  world = await startLogWorld()
})
test.after(() => world.stop())

const stored = async (): Promise<number> => (await world.manager.streams.info(eventsStream)).state.messages
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => error,
  )

test('an append whose answer is lost after the write is asked for again and counted once', async () => {
  const { connection, proxy } = await world.connectThroughProxy()
  const log = await createJetStreamEventLog(connection, { ...untilItIsBack, requestTimeoutMs: 200 })
  const to = stream()
  const first = await mustAppend(log, to, start, draft())
  const before = await stored()
  proxy.dropAnswers()
  const appending = mustAppend(log, to, positionOf(first), draft())
  await eventually(async () => (await stored()) === before + 1)
  proxy.heal()
  const second = await appending
  assert.is(second.sequence, before + 1)
  assert.equal(await eventually(() => log.read(to, start)), [first, second])
  assert.is(await stored(), before + 1)
})

test('when the lost write was made by another process under the same id, it is not taken for ours', async () => {
  const { connection, proxy } = await world.connectThroughProxy()
  const log = await createJetStreamEventLog(connection, { ...untilItIsBack, requestTimeoutMs: 200 })
  const other = await createJetStreamEventLog(world.connection)
  const to = stream()
  const what = draft()
  proxy.cut()
  const appending = log.append(to, start, what)
  const theirs = await mustAppend(other, to, start, { ...what, at: '2026-01-02T03:04:06.000Z' })
  // The first attempt was never answered, so the answer "duplicate" arrives at a resend.
  await new Promise((resolve) => setTimeout(resolve, 300))
  proxy.heal()
  assert.is.not((await appending).kind, 'appended')
  await mustAppend(log, to, positionOf(theirs), draft())
})

test('an append that stays unanswered fails as unavailable within its deadline', async () => {
  const { connection, proxy } = await world.connectThroughProxy()
  const log = await createJetStreamEventLog(connection, { requestTimeoutMs: 100, unknownOutcomeDeadlineMs: 500 })
  proxy.dropAnswers()
  const began = performance.now()
  const error = await thrownBy(log.append(stream(), start, draft()))
  assert.instance(error, LogUnavailable)
  // Without one of its own it has a quarter of a minute.
  assert.ok(performance.now() - began < 14_000)
})

test('a read fails as unavailable within a bounded time, and works again afterwards', async () => {
  const { connection, proxy } = await world.connectThroughProxy()
  const log = await createJetStreamEventLog(connection, { requestTimeoutMs: 200 })
  const to = stream()
  const commits = await appendMany(log, to, 8)
  proxy.cut()
  const began = performance.now()
  assert.instance(await thrownBy(log.read(to, start)), LogUnavailable)
  assert.ok(performance.now() - began < 30_000)
  proxy.heal()
  assert.equal(await eventually(() => log.read(to, start)), commits)
})

test('a process that stood still while an answer came asks again instead of taking the log for away', async () => {
  const connection = await world.connect()
  const requestTimeoutMs = 2_000
  const log = await createJetStreamEventLog(connection, { requestTimeoutMs })
  const to = stream()
  const commits = await appendMany(log, to, 3)
  const reading = log.read(to, start)
  // The question is sent with the next timers. Of what is due after the standstill, timers come before what was received.
  await delay(1)
  await new Promise(setImmediate)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, requestTimeoutMs + 100)
  assert.equal(await reading, commits)
})

test('a killed server: writers wait, every acknowledged commit is there, none twice', async () => {
  const log = await createJetStreamEventLog(world.connection, { ...untilItIsBack, requestTimeoutMs: 500 })
  const acknowledged: string[] = []
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const to = stream()
    let at: StreamPosition = start
    for (let index = 0; index < 40; index++) {
      if (writer === 0 && index === 10) world.killServer()
      const commit = await mustAppend(log, to, at, draft())
      at = positionOf(commit)
      acknowledged.push(commit.commandId)
    }
    const commits = await eventually(() => log.read(to, start))
    assert.is(commits.length, 40)
    assert.is(positionOf(commits[39] ?? commits[0] ?? (await mustAppend(log, to, at, draft()))).hash, at.hash)
  })
  await Promise.all(writers)
  assert.is(new Set(acknowledged).size, 8 * 40)
})

test('a full log refuses with a code of its own and takes commits again when there is room', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const first = await mustAppend(log, to, start, draft())
  const { config, state } = await world.manager.streams.info(eventsStream)
  await world.manager.streams.update(eventsStream, { ...config, max_msgs: state.messages })
  assert.instance(await thrownBy(log.append(to, positionOf(first), draft())), LogFull)
  await world.manager.streams.update(eventsStream, { ...config, max_msgs: -1 })
  const second = await mustAppend(log, to, positionOf(first), draft())
  assert.equal((await log.read(to, start)).map(textOf), [first, second].map(textOf))
})

test.run()

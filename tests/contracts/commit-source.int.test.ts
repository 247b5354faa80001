// Durable deliveries: at least once, to any one of many, parked when they are no commits, over kills and restarts.

import { setTimeout as delay } from 'node:timers/promises'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stageIdOf } from '../../domain/session/session-ids.ts'
import type { CommitSourceOptions, Delivery } from '../../handlers/ports/commit-source.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { createJetStreamCommitSource } from '../../infra/jetstream/jetstream-commit-source.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import type { DomainEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { draft, positionOf, start, startedEvent, stream, unique } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { type LogWorld, startLogWorld, untilItIsBack } from '../support/log-world.ts'
import { quiet } from '../support/servers.ts'
import { appendMany, mustAppend } from './event-log-contract.ts'

let world: LogWorld
test.before(async () => {
  world = await startLogWorld()
})
/** Of handlers that a failed test has left at work. */
const ends: (() => Promise<void>)[] = []
test.after(async () => {
  await Promise.allSettled(ends.map((end) => end()))
  await world.stop()
})

const options = (changes: Partial<CommitSourceOptions> = {}): CommitSourceOptions => ({
  consumer: `handler-${unique()}`,
  maxInFlight: 8,
  // Longer than a busy machine keeps a test from settling: what comes again for that is no fault.
  ackWaitMs: 20_000,
  types: new Set(['session.started']),
  ...changes,
})

/** Takes deliveries in the background; each is settled as `settle` says. */
const taking = async (
  connection: NatsConnection,
  consume: CommitSourceOptions,
  settle: (delivery: Delivery) => void | Promise<void> = (delivery) => delivery.done(),
) => {
  const source = createJetStreamCommitSource(connection, await createDeadLetters(connection), quiet)
  const stopping = new AbortController()
  const taken: Delivery[] = []
  const run = (async () => {
    for await (const delivery of source.deliveries(consume, stopping.signal)) {
      taken.push(delivery)
      await settle(delivery)
    }
  })()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await run
  }
  ends.push(stop)
  return { taken, sequences: () => taken.map(({ commit }) => commit.sequence as number), stop }
}

const unacknowledged = async ({ consumer }: CommitSourceOptions): Promise<number> => {
  const info = await world.manager.consumers.info(eventsStream, consumer)
  return info.num_ack_pending + info.num_pending
}

/** Commits on the log that hold nothing of what `options` asks for. */
const unwantedSequences: number[] = []
const stageId = stageIdOf(sessionId.parse('ses_01TEST'), 1)
const other: DomainEvent = { type: 'session.stage_ended', data: { stageId, status: 'completed' } }

test('every commit with a wanted type is delivered in order, the others are settled unseen', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const [first] = await appendMany(log, to, 3)
  const consume = options({ types: new Set(['session.started']) })
  const handler = await taking(world.connection, consume)
  await eventually(() => handler.taken.length === 3)
  const last = handler.taken.at(-1)?.commit
  if (last === undefined || first === undefined) throw new Error('nothing delivered')
  const unwanted = await mustAppend(log, to, positionOf(last), draft({ events: [other] }))
  unwantedSequences.push(unwanted.sequence)
  const wanted = await mustAppend(log, to, positionOf(unwanted), draft())
  await eventually(() => handler.taken.length === 4)
  assert.equal(handler.sequences(), [first.sequence, first.sequence + 1, first.sequence + 2, wanted.sequence])
  assert.equal(handler.taken[3]?.commit, wanted)
  assert.equal(
    handler.taken.map(({ deliveries }) => deliveries),
    [1, 1, 1, 1],
  )
  await eventually(async () => (await unacknowledged(consume)) === 0)
  await handler.stop()
})

test('two processes of one consumer share the commits, each delivered once', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const consume = options()
  // Each keeps what it is given first until the other has something, too: one alone may take all, the other being late.
  const given = new Set<string>()
  const shared = Promise.withResolvers<void>()
  const sharing = (name: string) => async (delivery: Delivery) => {
    if (given.add(name).size === 2) shared.resolve()
    await shared.promise
    delivery.done()
  }
  const [one, two] = await Promise.all([
    taking(world.connection, consume, sharing('one')),
    taking(await world.connect(), consume, sharing('two')),
  ])
  const commits = (await Promise.all(Array.from({ length: 10 }, () => appendMany(log, stream(), 5)))).flat()
  const last = Math.max(...commits.map(({ sequence }) => sequence))
  await eventually(() => Math.max(0, ...one.sequences(), ...two.sequences()) === last)
  await eventually(async () => (await unacknowledged(consume)) === 0)
  await Promise.all([one.stop(), two.stop()])
  const all = [...one.sequences(), ...two.sequences()].sort((a, b) => a - b)
  assert.equal(all, [...new Set(all)])
  assert.is(all.length, last - unwantedSequences.length)
})

test('what a vanished process did not settle goes to another after the ack wait; what is reported as working does not', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const ackWaitMs = 3_000
  const consume = options({ maxInFlight: 2, ackWaitMs })
  const { sequence } = await mustAppend(log, stream(), start, draft())
  const { connection, proxy } = await world.connectThroughProxy()
  const vanishing = await taking(connection, consume, (delivery) => {
    if (delivery.commit.sequence !== sequence) delivery.done()
  })
  await eventually(() => vanishing.sequences().includes(sequence))
  let [reported, longestSilence] = [performance.now(), 0]
  const reporting = setInterval(() => {
    longestSilence = Math.max(longestSilence, performance.now() - reported)
    reported = performance.now()
    for (const delivery of vanishing.taken) if (delivery.commit.sequence === sequence) delivery.working()
  }, 100)
  const another = await taking(world.connection, consume)
  // Long enough for a redelivery, were the work not reported.
  await delay(2 * ackWaitMs)
  clearInterval(reporting)
  // A process that was kept from reporting for so long has lost its work rightly.
  if (longestSilence < ackWaitMs / 2) assert.not(another.sequences().includes(sequence))
  proxy.cut()
  await eventually(() => another.sequences().includes(sequence))
  const again = another.taken.find(({ commit }) => commit.sequence === sequence)
  assert.ok((again?.deliveries ?? 0) > 1)
  proxy.heal()
  await Promise.all([vanishing.stop(), another.stop()])
})

test('"later" delivers again after the delay, counting', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const { sequence } = await mustAppend(log, stream(), start, draft())
  const times: number[] = []
  const handler = await taking(world.connection, options(), (delivery) => {
    if (delivery.commit.sequence !== sequence) return delivery.done()
    times.push(performance.now())
    if (delivery.deliveries < 3) delivery.later(150)
    else delivery.done()
  })
  await eventually(() => times.length === 3)
  await handler.stop()
  const [first = 0, second = 0, third = 0] = times
  assert.ok(second - first >= 140 && third - second >= 140, `${second - first}, ${third - second}`)
})

test('a message that is no commit is parked once with its reason, and what follows is delivered', async () => {
  const letters = await createDeadLetters(world.connection)
  const before = await letters.count()
  const log = await createJetStreamEventLog(world.connection)
  const header = headers()
  header.set('Casebook-Types', 'session.started')
  header.set('Nats-Msg-Id', `bad-${unique()}`)
  world.connection.publish('casebook.events.default.session.ses_bad', '{"no":"batch"}', { headers: header })
  await world.connection.flush()
  const { sequence } = await mustAppend(log, stream(), start, draft())
  const consume = options()
  const handler = await taking(world.connection, consume)
  await eventually(() => handler.sequences().includes(sequence))
  await eventually(async () => (await unacknowledged(consume)) === 0)
  await handler.stop()
  assert.is(await letters.count(), before + 1)
  const [letter] = await letters.list(1)
  assert.is(letter?.consumer, consume.consumer)
  assert.is(letter?.subject, 'casebook.events.default.session.ses_bad')
  assert.is(letter?.sequence, sequence - 1)
  assert.is(letter?.payload, '{"no":"batch"}')
  assert.is(letter?.attempts, 1)
  assert.is(letter?.error.code, 'corrupt_commit')
})

test('a parked delivery is kept whole, however large it is, and never comes again', async () => {
  const letters = await createDeadLetters(world.connection)
  const log = await createJetStreamEventLog(world.connection)
  const consume = options()
  const text = '"\\"'.repeat(50_000)
  const { sequence } = await mustAppend(log, stream(), start, draft({ events: [startedEvent(text)] }))
  const handler = await taking(world.connection, consume, (delivery) =>
    delivery.commit.sequence === sequence
      ? delivery.park({ code: 'unexpected', message: 'line one\r\nline two – ž' })
      : delivery.done(),
  )
  await eventually(() => handler.sequences().includes(sequence))
  await eventually(async () => (await unacknowledged(consume)) === 0)
  await handler.stop()
  const [letter] = await letters.list(1)
  assert.is(letter?.sequence, sequence)
  assert.equal(letter?.error, { code: 'unexpected', message: 'line one\r\nline two – ž' })
  const whole = await letters.find(letter?.id ?? '')
  assert.is(JSON.parse(whole?.payload ?? '[]')[0].data.input.text, text)
  assert.is(handler.sequences().filter((each) => each === sequence).length, 1)
})

test('a deleted consumer is made again; a killed server is waited out; nothing wanted is missed', async () => {
  const log = await createJetStreamEventLog(world.connection, untilItIsBack)
  const consume = options()
  const handler = await taking(world.connection, consume)
  const one = await mustAppend(log, stream(), start, draft())
  await eventually(() => handler.sequences().includes(one.sequence))
  await world.manager.consumers.delete(eventsStream, consume.consumer)
  const two = await mustAppend(log, stream(), start, draft())
  await eventually(() => handler.sequences().includes(two.sequence))
  await eventually(async () => (await unacknowledged(consume)) === 0)
  world.killServer()
  const three = await mustAppend(log, stream(), start, draft())
  await eventually(() => handler.sequences().includes(three.sequence))
  await handler.stop()
  // What was settled just before the kill may come again: the server had not stored that yet.
  const order = [one, two, three].map((each) => handler.sequences().indexOf(each.sequence))
  assert.equal(
    order,
    [...order].sort((a, b) => a - b),
  )
})

test('a consumer whose settings changed is updated in place and goes on where it was', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const consume = options()
  const before = await taking(world.connection, consume)
  const one = await mustAppend(log, stream(), start, draft())
  await eventually(() => before.sequences().includes(one.sequence))
  await eventually(async () => (await unacknowledged(consume)) === 0)
  await before.stop()
  const after = await taking(world.connection, { ...consume, ackWaitMs: 21_000, maxInFlight: 3 })
  const two = await mustAppend(log, stream(), start, draft())
  await eventually(() => after.taken.length > 0)
  await after.stop()
  assert.equal(after.sequences(), [two.sequence])
  const { config } = await world.manager.consumers.info(eventsStream, consume.consumer)
  assert.is(config.ack_wait, 21_000_000_000)
})

test.run()

// Parked messages on a real NATS: kept whole, settled once, and given back to the one that parked them.
import { jetstream } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Delivery } from '../../handlers/ports/commit-source.ts'
import { DeadLetterSettled } from '../../handlers/ports/dead-letters.ts'
import { createAlertIntake } from '../../infra/jetstream/alert-intake.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { startGivenUpMessages } from '../../infra/jetstream/given-up-messages.ts'
import { createJetStreamCommitSource } from '../../infra/jetstream/jetstream-commit-source.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { startRetriedLetters } from '../../infra/jetstream/retried-letters.ts'
import { advisoriesStream, deadStream, eventsStream, intakeStream } from '../../infra/jetstream/streams.ts'
import { orgId } from '../../schemas/ids.ts'
import { draft, start, stream, unique } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { quiet } from '../support/servers.ts'
import { mustAppend } from './event-log-contract.ts'

const ada = { kind: 'user', id: 'ada' } as const
const jo = { kind: 'user', id: 'jo' } as const
const patient = { withinMs: 60_000 }

const world = await startLogWorld()
const { connection, manager } = world
const letters = await createDeadLetters(connection)
const log = await createJetStreamEventLog(connection)
/** Of processes that a failed test has left at work. */
const ends: (() => Promise<unknown>)[] = []
test.after(async () => {
  await Promise.allSettled(ends.map((end) => end()))
  await world.stop()
})

/** A process with handlers of these names; each settles what it is given as `settle` says. */
const processWith = async (
  names: readonly string[],
  settle: (delivery: Delivery, name: string) => void | Promise<void>,
) => {
  const own = await world.connect()
  const deadLetters = await createDeadLetters(own)
  const retried = startRetriedLetters(own, deadLetters, quiet)
  const source = createJetStreamCommitSource(own, deadLetters, quiet, retried)
  const stopping = new AbortController()
  const taken: { readonly name: string; readonly sequence: number }[] = []
  const running = names.map(async (consumer) => {
    const options = { consumer, maxInFlight: 8, ackWaitMs: 15_000, types: new Set(['session.started']) }
    for await (const delivery of source.deliveries(options, stopping.signal)) {
      taken.push({ name: consumer, sequence: delivery.commit.sequence })
      await settle(delivery, consumer)
    }
  })
  const stop = async (): Promise<void> => {
    stopping.abort()
    await Promise.all(running)
    await retried.stop()
  }
  ends.push(stop)
  return { taken, stop }
}

/** Nothing is left to deliver, and nothing delivered is unsettled. */
const idle = async (stream: string, consumer: string): Promise<boolean> => {
  const { num_pending: pending, num_ack_pending: unsettled } = await manager.consumers.info(stream, consumer)
  return pending === 0 && unsettled === 0
}

const letterOf = async (consumer: string) => (await letters.list(50, { consumer }))[0]
const parked = (consumer: string) =>
  eventually(async () => (await letterOf(consumer)) !== undefined, { ...patient, describe: `${consumer} parks` })
const broken = { code: 'unexpected', message: 'it broke' }

test('a retried commit goes to the handler that parked it and to no other, once, however often and wherever it is asked for', async () => {
  const [one, two] = [`one-${unique()}`, `two-${unique()}`] as const
  let mended = false
  const settle = (delivery: Delivery, name: string) =>
    name === one && !mended ? delivery.park(broken) : delivery.done()
  const first = await processWith([one, two], settle)
  const { sequence } = await mustAppend(log, stream(), start, draft())
  await parked(one)
  const letter = await letterOf(one)
  if (letter === undefined) throw new Error('no letter')
  assert.equal(
    [letter.stream, letter.sequence, letter.attempts, letter.error, letter.status],
    [eventsStream, sequence, 1, broken, 'open'],
  )
  assert.is(letter.headers['casebook-types'], 'session.started')
  // What the other handler has not taken by now, it takes later: no retry.
  for (const name of [one, two]) await eventually(() => idle(eventsStream, name), patient)
  await first.stop()

  // Nobody is there when it is asked for: the decision waits for a process.
  mended = true
  const asked = await Promise.all([letters.retry(letter.id, ada), letters.retry(letter.id, jo)])
  assert.is(new Set(asked.map(({ decision }) => decision?.by.id)).size, 1, 'one decision stands')
  const [second, third] = [await processWith([one, two], settle), await processWith([one, two], settle)]
  const again = () => [...second.taken, ...third.taken].filter((each) => each.sequence === sequence)
  await eventually(() => again().length > 0, patient)
  await letters.retry(letter.id, jo)
  const { sequence: next } = await mustAppend(log, stream(), start, draft())
  const seen = () => [...second.taken, ...third.taken].filter((each) => each.sequence === next).length
  await eventually(() => seen() === 2, patient)
  await eventually(() => idle(deadStream, 'retries'), patient)
  assert.equal(
    again().map(({ name }) => name),
    [one],
  )
  assert.is((await letters.find(letter.id))?.status, 'retried')
  assert.is(await letters.count(), 0)
  await Promise.all([second.stop(), third.stop()])
})

test('what fails again after a retry is a new letter that names the one before and counts on', async () => {
  const name = `again-${unique()}`
  const process = await processWith([name], (delivery) => delivery.park(broken))
  await mustAppend(log, stream(), start, draft())
  await eventually(async () => (await letters.list(1, { consumer: name })).length > 0, patient)
  const all = await letters.list(50, { consumer: name })
  const before = all[0]
  if (before === undefined) throw new Error('no letter')
  await letters.retry(before.id, ada)
  await eventually(
    async () => (await letters.list(50, { consumer: name })).some(({ retryOf }) => retryOf === before.id),
    patient,
  )
  const after = (await letters.list(50, { consumer: name })).find(({ retryOf }) => retryOf === before.id)
  assert.is(after?.attempts, before.attempts + 1)
  assert.is(after?.sequence, before.sequence)
  await process.stop()
  for (const { id } of await letters.list(50, { consumer: name })) await letters.drop(id, ada, 'over')
})

test('an alert that is retried is queued again under the key it came with', async () => {
  const org = orgId.parse('default')
  const intake = createAlertIntake(connection, letters, quiet)
  const stopping = new AbortController()
  const seen: Readonly<Record<string, string>>[] = []
  ends.push(async () => stopping.abort())
  const running = (async () => {
    for await (const message of intake.deliveries(stopping.signal)) {
      seen.push({ ...message.headers, payload: message.payload })
      if (seen.length <= 2) await message.park({ code: 'unreadable_alert', message: 'no title' })
      else message.done()
    }
  })()
  await intake.publish(org, 'sent-1', '{"titel":"x"}', { 'Content-Type': 'application/json' })
  await intake.publish(org, 'sent-2', '{"titel":"x","password":"hunter2secret"}', { 'Idempotency-Key': 'mine' })
  await eventually(async () => (await letters.list(5, { consumer: 'intake' })).length === 2, patient)
  const [latter, former] = await letters.list(5, { consumer: 'intake' })
  assert.is(latter?.masked, true)
  assert.not.match(JSON.stringify(latter), 'hunter2secret')
  const retried = startRetriedLetters(connection, letters, quiet)
  ends.push(retried.stop)
  await letters.retry(former?.id ?? '', ada)
  await letters.retry(latter?.id ?? '', ada)
  await eventually(() => seen.length === 4, patient)
  const [third, fourth] = seen.slice(2).toSorted((a, b) => Number(a['payload']?.length) - Number(b['payload']?.length))
  assert.is(third?.['payload'], '{"titel":"x"}')
  assert.is(third?.['content-type'], 'application/json')
  assert.is(third?.['idempotency-key'], 'sent-1')
  assert.is(fourth?.['idempotency-key'], `mine:${latter?.id}`, 'another body is another message')
  await eventually(async () => (await manager.streams.info(intakeStream)).state.messages === 0, patient)
  stopping.abort()
  await Promise.all([running, retried.stop()])
})

test('a dropped letter says who dropped it and why; it is not retried, and what was decided first stands', async () => {
  const letter = { consumer: 'drops', subject: 'casebook.alerts.default', attempts: 3, error: broken, headers: {} }
  const told = { code: 'unexpected', message: 'refused token=hunter2secret' }
  await letters.park({ ...letter, error: told, sequence: unique(), payload: 'x' })
  assert.not.match(JSON.stringify(await letterOf('drops')), 'hunter2secret')
  const { id = '' } = (await letterOf('drops')) ?? {}
  const dropped = await letters.drop(id, ada, 'a test, password=hunter2secret')
  assert.equal(dropped, await letters.drop(id, jo, 'me too'))
  const { decision, status } = (await letters.find(id)) ?? {}
  assert.equal([status, decision?.what, decision?.by], ['dropped', 'dropped', ada])
  assert.match(decision?.reason ?? '', /^a test, password=/)
  assert.not.match(decision?.reason ?? '', 'hunter2secret')
  const refused = await letters.retry(id, jo).catch((error: unknown) => error)
  assert.instance(refused, DeadLetterSettled)
  assert.is(await letters.find('dlt_00000000000000000000000000'), null)
  assert.is(await letters.find('*'), null)
  assert.equal(await letters.list(5, { consumer: 'drops' }), [])
  assert.is((await letters.list(5, { consumer: 'drops', status: 'dropped' })).length, 1)
})

test('a payload as large as a message may be is kept whole, parked once however often it is parked', async () => {
  const payload = JSON.stringify({ text: '"\\'.repeat(230_000) })
  const letter = { consumer: 'large', subject: 's', sequence: 1, attempts: 1, error: broken, headers: {}, payload }
  const before = await letters.count()
  await Promise.all([letters.park(letter), letters.park(letter)])
  await letters.park({ ...letter, attempts: 2 })
  assert.is(await letters.count(), before + 1)
  const listed = await letterOf('large')
  assert.ok((listed?.payload.length ?? 0) < 70_000)
  assert.is((await letters.find(listed?.id ?? ''))?.payload, payload)
})

test('letters of an older version are listed, counted and settled as well', async () => {
  const old = {
    consumer: 'old',
    subject: 'casebook.alerts.default',
    attempts: 1,
    error: broken,
    headers: {},
    payload: '',
  }
  const before = await letters.count()
  const client = jetstream(connection)
  for (const sequence of [1, 2])
    await client.publish('casebook.dead.old', JSON.stringify({ ...old, sequence, parkedAt: new Date().toISOString() }))
  const found = await letters.list(5, { consumer: 'old' })
  assert.equal(
    found.map(({ sequence }) => sequence),
    [2, 1],
  )
  await letters.drop(found[0]?.id ?? '', ada, 'old')
  assert.is(await letters.count(), before + 1)
  assert.is((await letterOf('old'))?.sequence, 1)
})

test('pages go on below the last letter; filters hold by handler and by error', async () => {
  for (const nth of [1, 2, 3, 4, 5]) {
    const error = { code: nth % 2 === 0 ? 'even' : 'odd', message: `${nth}` }
    await letters.park({ consumer: 'pages', subject: 's', sequence: nth, attempts: 1, error, headers: {}, payload: '' })
  }
  const filter = { consumer: 'pages' }
  const first = await letters.list(2, filter)
  const rest = await letters.list(9, { ...filter, below: first.at(-1)?.position })
  assert.equal(
    [...first, ...rest].map(({ sequence }) => sequence),
    [5, 4, 3, 2, 1],
  )
  assert.equal(
    (await letters.list(9, { ...filter, code: 'even' })).map(({ sequence }) => sequence),
    [4, 2],
  )
})

test('what the server gives up while nobody of ours is there is a dead letter as soon as somebody is', async () => {
  const { sequence } = await mustAppend(log, stream(), start, draft())
  const header = headers()
  header.set('Content-Type', 'application/json')
  const { seq } = await jetstream(connection).publish('casebook.alerts.given', '{"title":"x"}', { headers: header })
  const consumers = [
    [
      eventsStream,
      'limited',
      { filter_subject: 'casebook.events.>', opt_start_seq: sequence, deliver_policy: 'by_start_sequence' },
    ],
    [intakeStream, 'limited-intake', { filter_subject: 'casebook.alerts.given', deliver_policy: 'all' }],
  ] as const
  await manager.consumers.delete(intakeStream, 'intake')
  for (const [of, durable_name, rest] of consumers) {
    await manager.consumers.add(of, {
      durable_name,
      ack_policy: 'explicit',
      ack_wait: 100_000_000,
      max_deliver: 2,
      ...rest,
    })
    const consumer = await jetstream(connection).consumers.get(of, durable_name)
    const givenUp = async () => {
      await consumer.next({ expires: 1_000 })
      const { state } = await manager.streams.info(advisoriesStream, {
        subjects_filter: `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${of}.*`,
      })
      return Object.keys(state.subjects ?? {}).length > 0
    }
    await eventually(givenUp, patient)
  }
  const running = startGivenUpMessages(connection, letters, quiet)
  ends.push(running.stop)
  await Promise.all([parked('limited'), parked('limited-intake')])
  await eventually(async () => (await manager.streams.info(advisoriesStream)).state.messages === 0, patient)
  await running.stop()
  const given = await letterOf('limited')
  assert.equal([given?.stream, given?.sequence, given?.attempts], [eventsStream, sequence, 2])
  assert.is(given?.error.code, 'max_deliveries')
  const queued = await letterOf('limited-intake')
  assert.equal([queued?.stream, queued?.sequence, queued?.payload], [intakeStream, seq, '{"title":"x"}'])
  assert.is(queued?.headers['content-type'], 'application/json')
  assert.is((await manager.streams.info(intakeStream)).state.messages, 0, 'it does not block the queue')
})

test.run()

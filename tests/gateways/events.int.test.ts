// The log searched over HTTP, costs by two names, how far the handlers are, and the configuration in force: on real servers.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { createConsumerStandings } from '../../infra/jetstream/consumer-standings.ts'
import { consumeDurable } from '../../infra/jetstream/durable-messages.ts'
import { consumerStanding } from '../../schemas/consumer-standing.ts'
import { sessionId } from '../../schemas/ids.ts'
import { enoughOfTheDay } from '../support/enough-of-the-day.ts'
import { eventually } from '../support/eventually.ts'
import { quiet } from '../support/servers.ts'
import { adoptPlan, asHandler, type HttpWorld, reply, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string
test.before(async () => {
  await enoughOfTheDay()
  world = await startHttpWorld()
  url = (await world.serve()).url
})
test.after(() => world?.stop())

const events = z.object({
  items: z.array(
    z.looseObject({ type: z.string(), logsequence: z.int(), correlationid: z.string(), subject: z.string() }),
  ),
  next: z.string().nullable(),
})
const search = async (query: string) => {
  const answer = await fetch(`${url}/v1/events?${query}`)
  assert.is(answer.status, 200, await answer.clone().text())
  return events.parse(await answer.json())
}
const start = async (title: string, correlation: string) => {
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-correlation-id': correlation },
    body: JSON.stringify({ title, input: `about "correlationid":"other"` }),
  })
  return z.object({ id: sessionId, sequence: z.int() }).parse(await answer.json())
}

test('the log of the org is searched by type, category, actor, session, correlation, time and sequence', async () => {
  const [one, other] = [await start('One', 'one'), await start('Other', 'other')]
  await world.bus.send(asHandler(adoptPlan(one.id)))
  await world.bus.send(asHandler(reply(one.id, 'It was the disk.')))
  const after = `after=${await world.head()}`
  const typesOf = async (query: string) =>
    (await search(`${query}&order=asc&${after}`)).items.map(({ type }) => type.replaceAll(/^casebook\.|\.v\d+$/g, ''))

  assert.equal(await typesOf(`session=${other.id}`), ['session.started'])
  assert.equal(await typesOf('type=plan_adopted'), ['session.plan_adopted'])
  assert.equal(await typesOf('type=casebook.session.plan_adopted.v1,no_such'), ['session.plan_adopted'])
  assert.equal(await typesOf('category=alert'), [])
  assert.equal(await typesOf('correlation=other'), ['session.started'])
  assert.equal(await typesOf('correlation=one'), ['session.started'])
  assert.is((await typesOf('actor=handler:test')).includes('session.started'), false)
  assert.equal(await typesOf('actor=handler&type=session.started'), [])
  assert.equal(await typesOf('from=2999-01-01T00:00:00Z'), [])
  assert.equal(await typesOf('to=1999-01-01T00:00:00Z'), [])
  assert.is((await search(`${after}&since=${other.sequence}`)).items.at(-1)?.logsequence, other.sequence + 1)
  assert.is((await search(`${after}&limit=1`)).items[0]?.logsequence, await world.head())

  const first = await search(`order=asc&limit=1&${after}`)
  const second = await search(`order=asc&limit=1&${after}&cursor=${first.next}`)
  assert.ok((second.items[0]?.logsequence ?? 0) > (first.items[0]?.logsequence ?? 0))
  assert.is((await fetch(`${url}/v1/events?category=nothing`)).status, 400)
  const elsewhere = await fetch(`${url}/v1/events`, { headers: { 'casebook-org': 'elsewhere' } })
  assert.equal(events.parse(await elsewhere.json()).items, [])
})

test('a state at a version names the hash of its commit', async () => {
  const { id } = await start('Hashed', 'hashed')
  await world.bus.send(asHandler(adoptPlan(id)))
  const stateAt = async (at: number) => {
    const answer = await fetch(`${url}/v1/sessions/${id}/state?at=${at}`)
    return z.object({ hash: z.string() }).parse(await answer.json()).hash
  }
  const [first, second] = [await stateAt(1), await stateAt(2)]
  assert.match(first, /^[0-9a-f]{64}$/)
  assert.is.not(first, second)
})

test('costs are summed by two names, and of one agent alone', async () => {
  const { id } = await start('Costly', 'costly')
  await world.bus.send(asHandler(adoptPlan(id)))
  await world.bus.send(asHandler(reply(id, 'Done.')))
  const line = z.object({ key: z.string(), split: z.string(), unpriced: z.object({ replies: z.int() }) })
  const ask = async (query: string) => {
    const answer = await fetch(`${url}/v1/costs?by=day&split=model&after=${await world.head()}${query}`)
    return z.object({ items: z.array(line) }).parse(await answer.json()).items
  }
  const [only, ...rest] = await ask('')
  assert.equal(rest, [])
  assert.is(only?.split, 'simulator/m')
  assert.equal(await ask('&model=simulator/m'), [only])
  assert.equal(await ask('&agent=nobody'), [])
})

test('what a handler has not settled is pending or in flight, and the oldest of it has its time', async () => {
  const standings = createConsumerStandings(world.connection)
  const served = await world.serve({}, { consumers: standings })
  const standing = async () => {
    const answer = z
      .object({ items: z.array(consumerStanding) })
      .parse(await (await fetch(`${served.url}/v1/consumers`)).json())
    return answer.items.find(({ consumer }) => consumer === 'slow')
  }
  const { sequence } = await start('Waits', 'waits')
  const stop = new AbortController()
  let settle = false
  const consuming = consumeDurable(
    world.connection,
    { stream: 'CASEBOOK_EVENTS', consumer: 'slow', filter: 'casebook.events.>', maxInFlight: 1, ackWaitMs: 60_000 },
    (message) => (settle ? message.ack() : message.nak()),
    stop.signal,
    quiet,
  )
  const held = await eventually(async () => {
    const now = await standing()
    return now !== undefined && now.redelivered > 0 && now
  })
  assert.is(held.settledUpTo, 0)
  assert.is(held.head, sequence)
  assert.ok(held.oldest !== null && Date.parse(held.oldest) <= Date.now())
  settle = true
  await eventually(async () => {
    const now = await standing()
    return now?.pending === 0 && now.inFlight === 0 && now.oldest === null && now.settledUpTo === sequence
  })
  stop.abort()
  await consuming
})

test.run()

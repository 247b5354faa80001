// The line of sessions as people see it over HTTP: places on the session, in the list and on its stream, and the answer when it is full.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import type { CommandData } from '../../schemas/commands.ts'
import { type SessionId, sessionId } from '../../schemas/ids.ts'
import type { Priority } from '../../schemas/priority.ts'
import { eventually } from '../support/eventually.ts'
import { adoptPlan, asHandler, defaultOrg, type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve()).url
})
test.after(() => world?.stop())

const post = (path: string, body: object) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const start = async (title: string, more: object = {}): Promise<SessionId> => {
  const answer = await post('/v1/sessions', { title, ...more })
  assert.is(answer.status, 201, await answer.clone().text())
  return z.object({ id: sessionId }).parse(await answer.json()).id
}

const line = async (running: readonly SessionId[], waiting: readonly SessionId[]): Promise<void> => {
  const place = (id: SessionId, index: number) =>
    ({ id, org: defaultOrg, chain: 'none', lane: 'normal', since: Date.now() - 60_000 + index }) as const
  const state = { running: running.map(place), waiting: waiting.map(place), served: {} }
  const revision = (await world.queueStore.read())?.revision ?? null
  assert.is(await world.queueStore.write(state, revision), 'written')
}

/** Its plan waits for a place. */
const waits = async (id: SessionId, lane: Priority = 'normal'): Promise<void> => {
  const { data } = adoptPlan(id)
  const { plan } = data as CommandData<'AdoptPlan'>
  await world.bus.send(asHandler({ type: 'AdoptPlan', data: { sessionId: id, plan: { ...plan, queue: { lane } } } }))
}

const placeOf = z.object({
  status: z.string(),
  queue: z.object({ lane: z.string(), position: z.int().nullable() }).nullable(),
})

test('a session that waits tells its lane and place, and its stream tells each change until it begins', async () => {
  const [first, second] = [await start('first'), await start('second', { priority: 'high' })]
  await waits(first)
  await waits(second, 'high')
  const other = sessionId.parse('ses_01M7YGWHVZPXJ9V4RB2RQ2B7HZ')
  await line([other], [first, second])
  const read = async () =>
    placeOf.parse(await (await fetch(`${url}/v1/sessions/${second}?after=${await world.head()}`)).json())
  const seen = await eventually(async () => {
    const now = await read()
    return now.queue?.position === 2 && now
  })
  assert.equal([seen.status, seen.queue?.lane], ['queued', 'high'])
  const list = z.object({ items: z.array(placeOf) }).parse(await (await fetch(`${url}/v1/sessions`)).json())
  assert.equal(list.items.map(({ queue }) => queue?.position).sort(), [1, 2])

  const leaving = new AbortController()
  const stream = await fetch(`${url}/v1/sessions/${second}/stream`, { signal: leaving.signal })
  let told = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of stream.body ?? []) told += decoder.decode(chunk, { stream: true })
  })().catch(() => undefined)
  const places = () => [...told.matchAll(/^event: queue\n(?:id: .*\n)?data: (.*)$/gm)].map(([, data]) => data)
  await eventually(() => places().length === 1)
  assert.match(told, /event: snapshot[\s\S]*"position":2/)
  await line([first], [second])
  await eventually(() => places().length === 2)
  assert.equal(places(), ['{"position":2}', '{"position":1}'])
  await line([second], [])
  await world.bus.send(asHandler({ type: 'AdmitSession', data: { sessionId: second, waitedMs: 7 } }))
  await eventually(() => told.includes('casebook.session.admitted'))
  await eventually(async () => (await read()).queue === null)
  leaving.abort()
  await reading
})

test('with as many in line as may wait a start is turned away until there is room; alerts and webhooks are taken', async () => {
  const [one, two] = [await start('one'), await start('two')]
  await line([], [one, two])
  const refused = await eventually(async () => {
    const answer = await post('/v1/sessions', { title: 'one too many' })
    return answer.status === 429 && answer
  })
  assert.is(refused.headers.get('retry-after'), '10')
  assert.match(await refused.text(), '"code":"queue_full"')
  assert.is((await post('/v1/alerts', { title: 'Disk full' })).status, 202)
  const webhook = await fetch(`${url}/v1/webhooks/cloudevents`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({
      ...{ specversion: '1.0', id: '1', source: '/monitor', type: 'disk.full' },
      data: { title: 'Disk of db-3 is full' },
    }),
  })
  assert.is(webhook.status, 202)
  await line([one], [two])
  await eventually(async () => (await post('/v1/sessions', { title: 'room again' })).status === 201)
})

test('a priority that there is not is refused', async () => {
  assert.is((await post('/v1/sessions', { title: 'x', priority: 'soon' })).status, 400)
})

test('the children of a session come in pages', async () => {
  const parent = await start('parent')
  const children: string[] = []
  for (let index = 0; index < 5; index++) {
    const childId = await start(`child ${index}`)
    children.push(childId)
    const data = { sessionId: parent, childId, relation: 'follow_up', why: '', title: `child ${index}` } as const
    await world.bus.send(asHandler({ type: 'RecordChild', data }))
  }
  const pageOf = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() })
  const found: string[] = []
  let cursor = `&after=${await world.head()}`
  for (let pages = 0; pages < 3; pages++) {
    const answer = await fetch(`${url}/v1/sessions/${parent}/children?limit=2${cursor}`)
    const { items, next } = pageOf.parse(await answer.json())
    found.push(...items.map(({ id }) => id))
    if (next === null) break
    cursor = `&cursor=${next}`
  }
  assert.equal(found, children)
  assert.is((await fetch(`${url}/v1/sessions/${parent}/children?cursor=nowhere`)).status, 400)
})

test.run()

// An end to many sessions over HTTP: those that are meant, all of them, and none when their number is another one.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string
test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve()).url
})
test.after(() => world?.stop())

const post = async (path: string, body: unknown) => {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return z.looseObject({}).parse(await answer.json())
}
const facetsOf = async (query: string) => {
  const answer = await fetch(`${url}/v1/sessions/facets?${query}&after=${await world.head()}`)
  const { total, facets } = z
    .object({ total: z.int(), facets: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.int() }))) })
    .parse(await answer.json())
  return { total, status: Object.fromEntries((facets['status'] ?? []).map(({ value, count }) => [value, count])) }
}

test('all that are like that are ended with the reason, the others go on', async () => {
  for (let number = 0; number < 30; number++) {
    await post('/v1/sessions', { title: `Of the storm ${number}`, labels: { storm: number < 20 ? 'yes' : 'no' } })
  }
  const { total } = await facetsOf('label=storm=yes&status=queued,running,summarizing')
  assert.is(total, 20)
  const filter = { label: ['storm=yes'] }
  const { code, detail } = await post('/v1/sessions/cancel', { filter, count: 19 })
  assert.is(code, 'count_changed')
  assert.is(detail, '20 sessions under way are like that, not 19. Nothing was cancelled; look again.')
  const answer = await post('/v1/sessions/cancel', { filter, count: 20, reason: 'a storm' })
  assert.equal({ ...answer, sequence: 0 }, { cancelled: 20, over: 0, refused: [], sequence: 0 })
  assert.equal((await facetsOf('label=storm=yes')).status, { cancelled: 20 })
  assert.equal((await facetsOf('label=storm=no')).status, { queued: 10 })
  assert.is((await post('/v1/sessions/cancel', { filter, count: 20 }))['code'], 'count_changed')
})

test('what has ended is not meant, even by its own status', async () => {
  const filter = { label: 'storm=yes', status: 'cancelled' }
  assert.is((await post('/v1/sessions/cancel', { filter, count: 20 }))['code'], 'count_changed')
  assert.is((await post('/v1/sessions/cancel', { filter, count: 0 }))['cancelled'], 0)
})

test.run()

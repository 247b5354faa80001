// Tasks in the real process: killed while one is ahead, while one falls due, and in the moment it starts; each opens one session.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { taskView } from '../../projections/task-view.ts'
import { says, startBadDays } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'

const world = await startBadDays((url) => ({
  providers: { scripted: { base_url: url, model: 'some-model' } },
  agents: { worker: { provider: 'scripted' } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
test.after(async () => {
  await world.close()
})

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const taskOf = (id: string) => world.get(`/v1/tasks/${id}`, taskView)
const sessions = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) })
const sessionsCalled = async (title: string, after: number): Promise<readonly string[]> => {
  const { items } = await world.get(`/v1/sessions?limit=200&after=${after}`, sessions)
  return items.filter((each) => each.title === title).map(({ id }) => id)
}

const schedule = async (title: string, more: object = {}): Promise<string> => {
  world.script({ title, script: () => says('Done.') })
  const response = await world.post('/v1/tasks', { title, chain: 'working', ...more })
  assert.is(response.status, 201, await response.clone().text())
  return z.object({ id: z.string() }).parse(await response.json()).id
}

const endOf = (id: string, runs = 1) =>
  eventually(
    async () => {
      const task = await taskOf(id)
      return task.status === 'ended' && task.runCount === runs && task
    },
    { withinMs: 60_000, everyMs: 50, describe: `${id} ends` },
  )

test('a process that is killed before, at and after the moment: each run opens one session', async () => {
  await world.start()
  const soon = await schedule('soon', { at: inMs(4_000) })
  const missed = await schedule('missed', { at: inMs(600), repeat: { every_seconds: 3_600, times: 2 } })
  const later = await schedule('later', { at: '2099-01-01T00:00:00Z' })
  const now = await schedule('now')
  await world.kill()

  const passed = Date.now() + 1_000
  await eventually(() => Date.now() > passed, { withinMs: 60_000, describe: 'the moment of the second has passed' })
  await world.start()
  for (const [id, title] of [
    [soon, 'soon'],
    [now, 'now'],
  ] as const) {
    const task = await endOf(id)
    assert.equal(
      task.runs.map(({ run, why, status }) => [run, why, status]),
      [[1, 'scheduled', 'completed']],
    )
    assert.equal(await sessionsCalled(title, task.sequence), [task.runs[0]?.sessionId])
  }
  const repeated = await eventually(
    async () => {
      const task = await taskOf(missed)
      return task.runs[0]?.status === 'completed' && task
    },
    { withinMs: 60_000, everyMs: 50, describe: 'the missed run is made up for' },
  )
  assert.is(repeated.status, 'scheduled')
  assert.is(Date.parse(repeated.nextAt ?? ''), Date.parse(repeated.runs[0]?.at ?? '') + 3_600_000)
  assert.is((await sessionsCalled('missed', repeated.sequence)).length, 1)
  assert.is((await taskOf(later)).status, 'scheduled')

  const again = await world.post(`/v1/tasks/${now}/rerun`, {})
  assert.is(again.status, 202)
  await world.kill()
  await world.start()
  const ended = await endOf(now, 2)
  assert.equal(
    ended.runs.map(({ run, why, status }) => [run, why, status]),
    [
      [1, 'scheduled', 'completed'],
      [2, 'rerun', 'completed'],
    ],
  )
  assert.is((await sessionsCalled('now', ended.sequence)).length, 2)

  const cancelled = await world.post(`/v1/tasks/${later}/cancel`, { reason: 'not needed' })
  assert.is(cancelled.status, 202, await cancelled.text())
  const refused = await world.post(`/v1/tasks/${now}/cancel`, {})
  assert.is(refused.status, 409)
  await eventually(async () => (await taskOf(later)).status === 'cancelled', { withinMs: 60_000 })
})

test.run()

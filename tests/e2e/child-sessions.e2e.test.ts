// Sessions that sessions start, in the real process: killed while a child runs, and cancelled with their parent.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { childView } from '../../projections/session-view.ts'
import { callsTool, dataOf, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'

const world = await startBadDays((url) => ({
  providers: { scripted: { base_url: url, model: 'some-model' } },
  agents: { leader: { provider: 'scripted', child_agents: ['scout'] }, scout: { provider: 'scripted' } },
  chains: { leading: { stages: [{ name: 'leading', agent: 'leader' }] } },
}))
test.before(async () => {
  await world.start()
})
test.after(async () => {
  await world.close()
})

const page = z.object({ items: z.array(childView) })
const childrenOf = async (id: string) => (await world.get(`/v1/sessions/${id}/children`, page)).items

const leading = (title: string, child: string, more: object = {}) =>
  world.open({
    title,
    chain: 'leading',
    script: ({ results }) =>
      results.length === 0
        ? callsTool('casebook__start_session', { agent: 'scout', title: child, task: 'Look.', why: 'to know', ...more })
        : says(`It reported: ${results.join()}`),
  })

test('a process killed while a child runs: the next one brings its report to the call that waits', async () => {
  let killed = false
  world.script({ title: 'killed child', script: () => (killed ? says('It is the disk.') : { kind: 'hang' }) })
  const id = await leading('killed parent', 'killed child')
  await eventually(() => world.asked('killed child') === 1, { withinMs: 60_000, describe: 'the child is at work' })
  await world.kill()
  killed = true
  await world.start()
  const parent = await world.ended(id)
  assert.is(parent.session.status, 'completed', storyOf(parent))
  assert.match(parent.session.finalAnalysis?.text ?? '', /It reported: Session \S+ completed:\nIt is the disk\./)
  assert.is(dataOf(parent, 'child_started').length, 1)
  const [child, ...others] = await childrenOf(id)
  assert.is(others.length, 0)
  assert.equal([child?.why, child?.status, child?.agent], ['to know', 'completed', 'scout'])
  const own = (await world.ended(child?.id ?? '')).session
  assert.equal(own.origin, {
    kind: 'child',
    parentSessionId: id,
    relation: 'sub_task',
    why: 'to know',
    depth: 1,
    executionId: child?.executionId,
    toolCallId: child?.toolCallId,
  })
})

test('cancelling a session cancels those its agents started', async () => {
  world.script({ title: 'cancelled child', script: () => ({ kind: 'hang' }) })
  const id = await leading('cancelled parent', 'cancelled child', { await: true })
  await eventually(() => world.asked('cancelled child') === 1, { withinMs: 60_000, describe: 'the child is at work' })
  const answer = await world.post(`/v1/sessions/${id}/cancel`, { reason: 'enough' })
  assert.is(answer.status, 202)
  const [child] = await eventually(
    async () => {
      const children = await childrenOf(id)
      return children[0]?.status === 'cancelled' && children
    },
    { withinMs: 60_000, everyMs: 50, describe: 'the child is cancelled' },
  )
  const own = (await world.ended(child?.id ?? '')).session
  assert.match(own.cause?.message ?? '', /its parent \S+ was cancelled/)
})

test('a person starts a follow-up of a session that has ended, and it goes on by itself', async () => {
  const parent = await world.open({ title: 'asked about', chain: 'leading', script: () => says('Done.') })
  await world.ended(parent)
  world.script({ title: 'follow-up', script: () => says('More.') })
  const response = await world.post('/v1/sessions', {
    title: 'follow-up',
    agent: 'scout',
    parent: { sessionId: parent, why: 'not all is clear' },
  })
  assert.is(response.status, 201, await response.clone().text())
  const { id } = z.object({ id: z.string() }).parse(await response.json())
  assert.is((await world.ended(id)).session.status, 'completed')
  await eventually(async () => (await childrenOf(parent))[0]?.status === 'completed', { withinMs: 60_000 })
  assert.equal(
    (await childrenOf(parent)).map((child) => [child.id, child.relation, child.why, child.executionId]),
    [[id, 'follow_up', 'not all is clear', null]],
  )
})

test.run()

// Two processes on the same servers: work is cancelled wherever the word arrives, and taken over from one that dies.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { callsTool, hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { isAlive } from '../support/tool-box-world.ts'

const test = suite('two processes')

const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, model_backoff_seconds: 0.05 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport, call_timeout_seconds: 600 } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] }, thinker: { provider: 'scripted' } },
  chains: {
    working: { stages: [{ name: 'working', agent: 'worker' }] },
    thinking: { stages: [{ name: 'thinking', agent: 'thinker' }] },
  },
}))
const forEver = 3_600_000
const pathOf = (name: string): string => join(world.folder, `${name}.txt`)
const linesOf = (name: string): number =>
  existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8').trim().split('\n').length : 0

test('a cancellation that one process accepts aborts the model and the tool of the other, and ends its servers', async () => {
  const worker = await world.startAnother()
  await world.start({ CASEBOOK_ROLES: 'http' })
  let gone: AbortSignal | null = null
  let pid = 0
  const thinking = await world.open({
    title: 'thinking elsewhere',
    chain: 'thinking',
    script: ({ call }) => {
      gone = call.gone
      return { kind: 'hang' }
    },
  })
  const working = await world.open({
    title: 'working elsewhere',
    chain: 'working',
    script: ({ number, results }) => {
      if (number === 1) return callsTool('hostile__process_id')
      pid = Number(results.join().match(/\d+/)?.[0])
      return callsTool('hostile__slow_append', { path: pathOf('elsewhere'), line: 'once', ms: forEver })
    },
  })
  await eventually(() => gone !== null && linesOf('elsewhere') === 1, { describe: 'both hang' })
  assert.ok(isAlive(pid))
  for (const id of [thinking, working]) {
    assert.is((await world.post(`/v1/sessions/${id}/cancel`, {})).status, 202)
    assert.is((await world.ended(id)).session.status, 'cancelled')
  }
  await eventually(() => gone?.aborted === true, { describe: 'the model is let go' })
  await eventually(() => !isAlive(pid), { describe: 'the tool server is gone' })
  const late = await eventually(async () => (await world.toolCalls(working)).find((call) => call.late), {
    describe: 'the call is recorded',
  })
  assert.is(late.status, 'outcome_unknown')
  assert.is(await worker.stop(), 0, worker.output())
  assert.is(await world.stop(), 0)
})

test('what a killed process was doing is taken over by the one that stays, without a restart', async () => {
  const dying = await world.startAnother()
  // Begun while only the dying one works.
  await world.start({ CASEBOOK_ROLES: 'http' })
  const path = (name: string) => ({ path: pathOf(name), ms: forEver })
  const calling = (tool: string, name: string) =>
    world.open({
      title: name,
      chain: 'working',
      script: ({ results }) => (results.length === 0 ? callsTool(tool, path(name)) : says('Done.')),
    })
  const read = await calling('hostile__slow_read', 'taken-over-read')
  const change = await calling('hostile__slow_change', 'taken-over-change')
  const thought = await world.open({
    title: 'taken-over-thought',
    chain: 'thinking',
    script: ({ number }) => (number === 1 ? { kind: 'hang' } : says('Done.')),
  })
  await eventually(
    () =>
      linesOf('taken-over-read') === 1 && linesOf('taken-over-change') === 1 && world.asked('taken-over-thought') === 1,
    { describe: 'everything is in the middle' },
  )
  await world.stop()
  await world.start()
  assert.is(world.asked('taken-over-thought'), 1, 'what is worked on is not taken from who works on it')
  await dying.kill()
  const histories = await Promise.all([read, change, thought].map((id) => world.ended(id)))
  for (const history of histories) assert.is(history.session.status, 'completed', storyOf(history))
  assert.equal(
    histories.map(({ toolCalls }) => toolCalls.map(({ status, attempts }) => [status, attempts])),
    [[['succeeded', 2]], [['outcome_unknown', 1]], []],
  )
  assert.is(linesOf('taken-over-change'), 1)
  assert.is(world.asked('taken-over-thought'), 2)
})

test.after(async () => {
  assert.is(await world.close(), 0, world.output())
})

test.run()

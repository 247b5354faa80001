// The process ends in the middle of calls: the next one repeats what may be repeated, and says so of what may not.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Asking,
  callsTool,
  type History,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
} from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const test = suite('a process that ends in the middle')

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

/** Longer than any test: only the end of the process ends such a call. */
const forEver = 3_600_000
const pathOf = (name: string): string => join(world.folder, `${name}.txt`)
const linesOf = (name: string): readonly string[] =>
  existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8').trim().split('\n') : []

/** Calls one tool, then concludes with what it returned. */
const calling =
  (name: string, args: object): Asking['script'] =>
  ({ results }) =>
    results.length === 0 ? callsTool(name, args) : says(`It said: ${results.join()}`)

const hangingOnce: Asking['script'] = ({ number }) => (number === 1 ? { kind: 'hang' } : says('The conclusion.'))

const openAll = async (prefix: string) => {
  const call = (name: string, tool: string, more: object = {}) =>
    world.open({
      title: `${prefix}-${name}`,
      chain: 'working',
      script: calling(`hostile__${tool}`, { path: pathOf(`${prefix}-${name}`), ms: forEver, ...more }),
    })
  const ids = {
    unsafe: await call('unsafe', 'slow_append', { line: 'changed' }),
    readOnly: await call('read-only', 'slow_read'),
    idempotent: await call('idempotent', 'slow_set'),
    model: await world.open({ title: `${prefix}-model`, chain: 'thinking', script: hangingOnce }),
  }
  await eventually(
    () =>
      ['unsafe', 'read-only', 'idempotent'].every((name) => linesOf(`${prefix}-${name}`).length === 1) &&
      world.asked(`${prefix}-model`) === 1,
    { describe: 'everything is in the middle' },
  )
  return ids
}

const completed = (history: History): string => {
  assert.is(history.session.status, 'completed', storyOf(history))
  return history.session.finalAnalysis?.text ?? ''
}

const checkAll = async (prefix: string, ids: Awaited<ReturnType<typeof openAll>>): Promise<void> => {
  const unsafe = await world.ended(ids.unsafe)
  assert.match(completed(unsafe), /Outcome unknown: .*It is not repeated/)
  assert.equal(
    unsafe.toolCalls.map(({ status, attempts }) => [status, attempts]),
    [['outcome_unknown', 1]],
  )
  assert.equal(linesOf(`${prefix}-unsafe`), ['changed'], 'it ran once, whatever happened')
  assert.match(storyOf(unsafe), /tool_result \| outcome_unknown \| Outcome unknown/)

  const readOnly = await world.ended(ids.readOnly)
  assert.is(completed(readOnly), 'It said: read slowly')
  assert.equal(
    readOnly.toolCalls.map(({ status, attempts }) => [status, attempts]),
    [['succeeded', 2]],
  )
  assert.equal(linesOf(`${prefix}-read-only`), ['read', 'read'])

  const idempotent = await world.ended(ids.idempotent)
  assert.is(completed(idempotent), 'It said: set slowly')
  const [call] = idempotent.toolCalls
  assert.is(call?.attempts, 2)
  assert.equal(linesOf(`${prefix}-idempotent`), [call?.id, call?.id], 'both calls carried the same key')

  const model = await world.ended(ids.model)
  assert.is(completed(model), 'The conclusion.')
  assert.is(world.asked(`${prefix}-model`), 2)
  assert.is(model.session.executions[0]?.turns, 1)
}

test('killed in the middle of calls: what is safe runs again, what is not never does', async () => {
  await world.start()
  const ids = await openAll('killed')
  await world.kill()
  await world.start()
  await checkAll('killed', ids)
})

test('asked to stop in the middle of calls: it stops by itself, and the same is true', async () => {
  const ids = await openAll('stopped')
  assert.is(await world.stop(), 0, world.output())
  await world.start()
  await checkAll('stopped', ids)
})

test('killed again and again in the middle of the same call, it is finished in the end', async () => {
  const path = pathOf('often')
  const id = await world.open({
    title: 'often',
    chain: 'working',
    script: calling('hostile__slow_append', { path: pathOf('never'), line: 'changed', ms: forEver }),
  })
  const reading = await world.open({
    title: 'often-reading',
    chain: 'working',
    script: calling('hostile__hang_for', { path, times: 3 }),
  })
  await eventually(() => linesOf('never').length === 1 && linesOf('often').length === 1)
  for (let times = 2; times <= 3; times++) {
    await world.kill()
    await world.start()
    await eventually(() => linesOf('often').length === times, { describe: `call ${times}` })
  }
  await world.kill()
  await world.start()
  const history = await world.ended(reading)
  assert.is(completed(history), 'It said: at last')
  assert.is(history.toolCalls[0]?.attempts, 4)
  assert.is((await world.ended(id)).toolCalls[0]?.status, 'outcome_unknown')
  assert.is(linesOf('never').length, 1)
})

let closing = async (): Promise<void> => undefined
test('a change that is done while the log is away is recorded as done once the log is back', async () => {
  await world.stop()
  const upstream = new URL(world.nats.url)
  const proxy = await startTcpProxy(Number(upstream.port))
  closing = proxy.close
  upstream.port = String(proxy.port)
  await world.start({ NATS_URL: upstream.href })
  const id = await world.open({
    title: 'log away',
    chain: 'working',
    script: calling('hostile__held_change', { path: pathOf('away'), until: pathOf('go on') }),
  })
  await eventually(() => linesOf('away').length === 1, { describe: 'the change has begun' })
  proxy.cut()
  writeFileSync(pathOf('go on'), '')
  await eventually(() => linesOf('away').length === 2, { describe: 'the change is done' })
  // Longer than a delivery may go unreported: it is delivered again while its first worker still holds the result.
  await delay(6_000)
  proxy.heal()
  const history = await world.ended(id)
  assert.is(completed(history), 'It said: changed when told')
  assert.equal(
    history.toolCalls.map(({ status, attempts }) => [status, attempts]),
    [['succeeded', 1]],
  )
  assert.equal(linesOf('away'), ['begun', 'done'])
  assert.is(await world.stop(), 0)
})

test.after(async () => {
  await world.close()
  await closing()
})

test.run()

// The small parts handlers are made of: slots, abortions, waits, stubborn reports, and the bounds of what one commit takes.
import { getEventListeners } from 'node:events'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { createAbortions, sessionOver, shuttingDown, unlessOver } from '../../handlers/abortions.ts'
import { checkProposed } from '../../handlers/check-proposed.ts'
import { fitTools } from '../../handlers/fit-tools.ts'
import { keepTrying } from '../../handlers/keep-trying.ts'
import { releaseTools } from '../../handlers/release-tools.ts'
import { createSlots } from '../../handlers/slots.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { waitUntil } from '../../handlers/wait-until.ts'
import { createMemoryBlobStore } from '../../infra/memory/memory-blob-store.ts'
import { logSequence, sessionId } from '../../schemas/ids.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, neverAborted, org } from '../support/handler-world.ts'
import { quiet } from '../support/servers.ts'
import { execution, session, tools } from '../support/session-samples.ts'

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
const workOn = (id: string, sequence = 1) => ({
  stream: { org, category: 'session' as const, id },
  sequence: logSequence.parse(sequence),
})

test('slots are given to as many as there are, then in the order of asking', async () => {
  const slots = createSlots(2)
  const order: number[] = []
  const [first, second] = await Promise.all([slots.take(), slots.take()])
  const third = slots.take().then((release) => {
    order.push(3)
    return release
  })
  const fourth = slots.take().then((release) => {
    order.push(4)
    return release
  })
  await Promise.resolve()
  assert.equal(order, [])
  first()
  ;(await third)()
  await fourth
  assert.equal(order, [3, 4])
  second()
  ;(await fourth)()
  await Promise.all([slots.take(), slots.take()])
})

test('work of one session is aborted at its end, and forgotten when it is closed', async () => {
  const world = createHandlerWorld()
  await world.open(session)
  const abortions = createAbortions(world.log)
  const [running, closed, foreign] = [
    abortions.open(workOn(session)),
    abortions.open(workOn(session)),
    abortions.open(workOn('ses_FOREIGN')),
  ]
  closed.close()
  await world.send('CancelSession', { sessionId: session, reason: '' })
  assert.is(running.signal.reason, sessionOver)
  assert.not(closed.signal.aborted)
  assert.not(foreign.signal.aborted)
  abortions.abortAll(shuttingDown)
  assert.is(foreign.signal.reason, shuttingDown)
  assert.is(running.signal.reason, sessionOver, 'the first reason stands')
})

test('work that begins just after the end of its session is aborted, too', async () => {
  const world = createHandlerWorld()
  await world.open(session)
  const abortions = createAbortions(world.log)
  await world.send('CancelSession', { sessionId: session, reason: '' })
  assert.is(abortions.open(workOn(session)).signal.reason, sessionOver)
  assert.is(abortions.openFor(workOn(session), execution(1)).signal.reason, sessionOver)
  assert.not(abortions.openFor(workOn(session, 99), execution(1)).signal.aborted, 'asked after the end')
  assert.not(abortions.open(workOn('ses_FOREIGN')).signal.aborted)
  abortions.stop()
  const late = sessionId.parse('ses_LATE0000')
  await world.open(late)
  await world.send('CancelSession', { sessionId: late, reason: '' })
  assert.not(abortions.open(workOn(late)).signal.aborted, 'nobody listens any more')
})

test('the tool servers of an execution are let go when it ends, and a failure to do so harms nobody', async () => {
  const world = createHandlerWorld()
  const released: string[] = []
  const release = (id: string) => {
    released.push(id)
    return Promise.reject(new Error('it does not want to'))
  }
  const warnings: string[] = []
  const log = { ...quiet, warn: (_: object, message: string) => void warnings.push(message) }
  const stop = releaseTools(world.log, { release }, log)
  await world.startSession()
  assert.equal(released, [])
  await world.send('CancelSession', { sessionId: session, reason: '' })
  assert.equal(released, [execution(1)])
  await eventually(() => warnings.length === 1)
  stop()
})

test('only what broke off because the session ended is swallowed', async () => {
  const failing = () => Promise.reject(new Error('broken'))
  await unlessOver(failing(), AbortSignal.abort(sessionOver))
  for (const signal of [neverAborted, AbortSignal.abort(shuttingDown)]) {
    const error = await unlessOver(failing(), signal).catch((thrown: unknown) => thrown)
    assert.instance(error, Error)
  }
})

test('a wait is over at its moment, and ends at once with the reason of its signal', async () => {
  await waitUntil(new Date(Date.now() - 1000).toISOString(), neverAborted)
  const began = Date.now()
  const moment = began + 60
  await waitUntil(new Date(moment).toISOString(), neverAborted)
  assert.ok(Date.now() >= moment - 2, 'not before its moment')
  const controller = new AbortController()
  const waiting = waitUntil(inHours(1), controller.signal).catch((error: unknown) => error)
  controller.abort(sessionOver)
  assert.is(await waiting, sessionOver)
  assert.is(getEventListeners(controller.signal, 'abort').length, 0)
})

test('what has been done is told as soon as the log is back, also when its session is over', async () => {
  for (const signal of [neverAborted, AbortSignal.abort(sessionOver)]) {
    let tries = 0
    const told = await keepTrying(
      () => (++tries < 3 ? Promise.reject(new LogUnavailable('testing')) : Promise.resolve('told')),
      signal,
    )
    assert.is(told, 'told')
    assert.is(tries, 3)
  }
})

test('what will not pass is not told again, nor anything by a process that stops', async () => {
  let tries = 0
  const failing = (error: Error) => () => {
    tries++
    return Promise.reject(error)
  }
  const never = await keepTrying(failing(new Error('for ever')), neverAborted).catch((error: unknown) => error)
  assert.is(never instanceof Error && never.message, 'for ever')
  assert.is(tries, 1)
  const stopping = AbortSignal.abort(shuttingDown)
  const away = await keepTrying(failing(new LogUnavailable('testing')), stopping).catch((error: unknown) => error)
  assert.instance(away, LogUnavailable)
  assert.is(tries, 2)
})

test('a short text stays in its event, a long one goes to the store with its beginning and end left', async () => {
  const blobs = createMemoryBlobStore()
  const store = createStoreText(blobs)
  assert.equal(await store('short'), { text: 'short' })
  const fits = 'x'.repeat(64 * 1024)
  assert.equal(await store(fits), { text: fits })
  const escaped = '"'.repeat(40_000)
  assert.ok((await store(escaped)).blob, 'a text is as long as its event makes it')
  const long = `begin ${'é'.repeat(40_000)} end`
  const stored = await store(long)
  assert.ok(stored.text.length < 33_000)
  assert.match(stored.text, /^begin .*characters left out.* end$/s)
  const kept = await blobs.get(stored.blob?.sha256 ?? '')
  assert.is(new TextDecoder().decode(kept ?? new Uint8Array()), long)
})

test('a text never holds half a character, wherever it was cut', async () => {
  const store = createStoreText(createMemoryBlobStore())
  assert.ok((await store('cut \ud83d')).text.isWellFormed())
  for (const shift of ['', 'x']) {
    const { text } = await store(shift + '😀'.repeat(40_000))
    assert.ok(text.isWellFormed(), `after ${shift.length}`)
  }
})

const bigTool = (name: string, bytes: number) => ({
  name: `big__${name}`,
  server: 'big',
  tool: name,
  description: '',
  inputSchema: { description: 'x'.repeat(bytes) },
  effect: 'read_only' as const,
})

test('tools that fit are all offered; of too many the last are left out and named', () => {
  const listing = { tools, unavailable: [{ server: 'gone', reason: 'gone' }] }
  assert.is(fitTools(listing), listing)
  const large = [bigTool('one', 200_000), bigTool('two', 200_000), bigTool('three', 100_000), bigTool('four', 100_000)]
  const fitted = fitTools({ tools: large, unavailable: [] })
  assert.equal(
    fitted.tools.map(({ tool }) => tool),
    ['one', 'three'],
  )
  assert.is(fitted.unavailable[0]?.server, 'big')
  assert.match(fitted.unavailable[0]?.reason ?? '', /not offered: two, four\. .*mcp_servers\.big\.tools/)
})

const nested = (depth: number): JsonValue => {
  let value: JsonValue = 1
  for (let level = 0; level < depth; level++) value = { deeper: value }
  return value
}

test('tools whose schema nests without end are left out and named', () => {
  const tool = (depth: number) => ({ ...bigTool(`d${depth}`, 1), inputSchema: nested(depth) })
  const fitted = fitTools({ tools: [tool(64), tool(65), tool(5_000)], unavailable: [] })
  assert.equal(
    fitted.tools.map(({ tool: name }) => name),
    ['d64'],
  )
  assert.match(fitted.unavailable[0]?.reason ?? '', /not offered: d65, d5000/)
})

const accepting = () => ({ kind: 'valid' as const, arguments: {} })

test('proposed calls are masked before they are checked', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const own = (await world.state()).executions[execution(1)]
  if (own === undefined) return assert.unreachable()
  const seen: string[] = []
  const [call] = checkProposed(
    own,
    [{ name: 'host__disk', arguments: '{"password":"hunter2-hunter2"}' }],
    (_, written) => {
      seen.push(written)
      return accepting()
    },
  )
  assert.is(call?.parsed.kind, 'valid')
  assert.not.match(JSON.stringify([call, seen]), 'hunter2')
})

test('unknown tools, too many calls, too deep and too long arguments are bounded with a reason', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const own = (await world.state()).executions[execution(1)]
  if (own === undefined) return assert.unreachable()
  const propose = (proposed: Parameters<typeof checkProposed>[1]) => checkProposed(own, proposed, accepting)

  const [unknown] = propose([{ name: 'n'.repeat(500), arguments: '{}' }])
  assert.is(unknown?.parsed.kind, 'invalid')
  assert.is(unknown?.proposed.name.length, 200)

  assert.is(propose(Array.from({ length: 100 }, () => ({ name: 'host__disk', arguments: '{}' }))).length, 64)

  const [deep] = checkProposed(own, [{ name: 'host__disk', arguments: '{}' }], () => ({
    kind: 'valid',
    arguments: nested(1_000),
  }))
  assert.match(deep?.parsed.kind === 'invalid' ? deep.parsed.message : '', /nest deeper than 64 levels/)

  const long = { name: 'host__disk', arguments: JSON.stringify({ text: 'x '.repeat(30_000) }) }
  const kinds = propose([long, long, { name: 'host__disk', arguments: '{}' }])
  assert.equal(
    kinds.map(({ parsed }) => parsed.kind),
    ['valid', 'invalid', 'valid'],
  )
  const [, refused] = kinds
  assert.match(refused?.parsed.kind === 'invalid' ? refused.parsed.message : '', /too long: 60011 bytes/)
  assert.is(refused?.proposed.arguments.length, 1_000)
})

test.run()

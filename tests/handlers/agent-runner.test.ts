// One turn of an agent: asked once, reported once, masked, and given up when there is nobody left to tell.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { eventually } from '../support/eventually.ts'
import {
  createHandlerWorld,
  type HandlerWorld,
  type HandlerWorldOptions,
  hangs,
  modelFails,
} from '../support/handler-world.ts'
import { execution, session } from '../support/session-samples.ts'

const runnerOf = (world: HandlerWorld) => {
  const { abortions, bus, model, dayLedger, toolBox, live, storeText } = world
  return createAgentRunner({
    abortions,
    bus,
    sessions: bus,
    model,
    dayLedger,
    toolBox,
    live,
    storeText,
    checkArguments: createCheckArguments(),
  })
}
const worldWithSession = async (options?: HandlerWorldOptions, changes = {}) => {
  const world = createHandlerWorld(options)
  await world.startSession(changes, false)
  return world
}
const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })
const settled = (world: HandlerWorld, count: number) =>
  until(() => world.source.settled.filter(({ how }) => how === 'done').length === count, `${count} are done`)
const textOf = (world: HandlerWorld): string => JSON.stringify(world.events())

test('at its first turn the tools are listed and pinned, and the model is offered them', async () => {
  const world = await worldWithSession()
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  assert.is(world.listings(), 1)
  assert.equal(
    world.asked[0]?.tools.map(({ name }) => name),
    ['host__disk', 'host__restart', 'host__set'],
  )
  assert.is((await world.state()).status, 'summarizing')
  await running.stop(0)
})

test('a delivery that comes twice asks and records nothing twice', async () => {
  const world = await worldWithSession({ twice: true })
  const running = world.start(runnerOf(world))
  await settled(world, 2)
  assert.is(world.asked.length, 1)
  assert.is(world.dataOf('session.model_replied').length, 1)
  assert.is(world.dataOf('session.tools_offered').length, 1)
  await running.stop(0)
})

test('tools that an agent may not have are neither pinned nor offered', async () => {
  const world = await worldWithSession({}, { disallowedTools: ['host__restart'] })
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  assert.not(world.asked[0]?.tools.some(({ name }) => name === 'host__restart'))
  await running.stop(0)
})

test('a single-shot agent has no tools, and nobody lists any', async () => {
  const world = await worldWithSession({}, { controller: 'single_shot' })
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  assert.is(world.listings(), 0)
  assert.equal(world.asked[0]?.tools, [])
  await running.stop(0)
})

test('what the model says and thinks is masked before it is recorded or shown', async () => {
  const world = await worldWithSession()
  world.scripts.model = () =>
    Promise.resolve({
      text: 'Use password=hunter2-hunter2 now.',
      thinking: 'token: ghp_0123456789012345678901234567890123',
    })
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  const everything = `${textOf(world)} ${JSON.stringify(world.deltas)}`
  assert.match(everything, /__MASKED_PASSWORD__/)
  assert.not.match(everything, /hunter2|ghp_0123/)
  await running.stop(0)
})

test('each class of failure is reported as it is, its words masked', async () => {
  const world = await worldWithSession()
  world.scripts.model = (_, __, number) =>
    number === 1
      ? Promise.reject(modelFails('transient', 'broken; password=hunter2-hunter2', 'so far: secret=hunter3-hunter3'))
      : Promise.reject(modelFails('auth', 'no key'))
  const running = world.start(runnerOf(world))
  await until(() => world.dataOf('session.ended').length === 1, 'the session ends')
  assert.equal(
    world.dataOf('session.model_failed').map(({ class: each, attempt }) => [each, attempt]),
    [
      ['transient', 1],
      ['auth', 2],
    ],
  )
  assert.is((await world.state()).ended?.cause.code, 'model_auth')
  assert.not.match(textOf(world), /hunter2|hunter3/)
  await running.stop(0)
})

test('an attempt that has been replaced is not made any more', async () => {
  const world = await worldWithSession()
  await world.send('RecordModelFailure', {
    sessionId: session,
    executionId: execution(1),
    turn: 1,
    attempt: 1,
    class: 'transient',
    message: 'somebody else saw it fail',
  })
  const running = world.start(runnerOf(world))
  await settled(world, 2)
  assert.is(world.asked.length, 1, 'only the second attempt')
  await running.stop(0)
})

test('a wait between attempts ends with the session', async () => {
  const world = await worldWithSession()
  await world.send('RecordModelFailure', {
    sessionId: session,
    executionId: execution(1),
    turn: 1,
    attempt: 1,
    class: 'rate_limited',
    message: 'not for an hour',
    retryAfterMs: 3_600_000,
  })
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await settled(world, 2)
  assert.is(world.asked.length, 0)
  assert.equal(world.lines, [])
  await running.stop(0)
})

test('a cancellation ends the model call, and nothing more is recorded', async () => {
  const world = await worldWithSession()
  world.scripts.model = (_, signal) => hangs(signal)
  const running = world.start(runnerOf(world))
  await until(() => world.asked.length === 1, 'the model is asked')
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await settled(world, 1)
  assert.is(world.dataOf('session.model_failed').length, 0)
  assert.is((await world.state()).status, 'cancelled')
  await running.stop(0)
})

test('a process that stops gives its turn to the next one', async () => {
  const world = await worldWithSession({ redeliver: false })
  world.scripts.model = (_, signal) => hangs(signal)
  const running = world.start(runnerOf(world))
  await until(() => world.asked.length === 1, 'the model is asked')
  await running.stop(0)
  assert.is(world.dataOf('session.model_failed').length, 0)
  world.scripts.model = () => Promise.resolve({ text: 'The conclusion.' })
  const next = world.start(runnerOf(world))
  await until(() => world.dataOf('session.model_replied').length === 1, 'the next process asks')
  assert.is(world.listings(), 1, 'with the tools the first one had listed')
  await next.stop(0)
})

test('a broken model port is tried again and then ends the session with the reason', async () => {
  const world = await worldWithSession()
  world.scripts.model = () => Promise.reject(new TypeError('undefined is not a function'))
  const running = world.start(runnerOf(world))
  await until(() => world.dataOf('session.ended').length === 1, 'the session ends')
  const { ended } = await world.state()
  assert.is(ended?.cause.code, 'model_other')
  assert.match(ended?.cause.message ?? '', /Casebook could not carry out this turn: undefined is not a function/)
  assert.is(world.asked.length, 5)
  await until(() => world.source.settled.some(({ how }) => how === 'parked'), 'the commit is parked')
  await running.stop(0)
})

test('servers that are away are told to the agent, and what they said is masked', async () => {
  const world = await worldWithSession()
  world.scripts.listing = { tools: [], unavailable: [{ server: 'host', reason: 'died: password=hunter2-hunter2' }] }
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  assert.match(JSON.stringify(world.asked[0]?.messages), /host: died: password=__MASKED_PASSWORD__/)
  assert.not.match(textOf(world), 'hunter2')
  await running.stop(0)
})

test('an agent that calls tools by text is told of them in words, and its words are the call', async () => {
  const world = createHandlerWorld()
  world.scripts.model = ({ tools: native, messages }) => {
    assert.equal(native, [])
    assert.match(messages[0]?.text ?? '', '- host__disk: Tool disk')
    return Promise.resolve({ text: 'Thought: look\nAction: host__disk\nAction Input: {}\nObservation: made up' })
  }
  await world.startSession({ controller: 'react' })
  const running = world.start(runnerOf(world))
  await eventually(() => world.dataOf('session.tool_call_requested').length === 1, { withinMs: 30_000 })
  const [reply] = world.dataOf('session.model_replied')
  assert.equal(reply?.['text'], { text: 'Thought: look' })
  await running.stop(0)
})

test('an agent that may search the web has its provider do it; the pages found are kept, masked', async () => {
  const world = await worldWithSession({}, { webSearch: true })
  const citations = [{ url: 'https://a.example/?token=ghp_0123456789012345678901234567890123', title: 'A page' }]
  world.scripts.model = () => Promise.resolve({ text: 'Known since May.', citations })
  const running = world.start(runnerOf(world))
  await settled(world, 1)
  assert.is(world.asked[0]?.webSearch, true)
  const [kept] = world.dataOf('session.model_replied')
  assert.match(
    JSON.stringify(kept?.['citations']),
    /^\[{"url":"https:\/\/a\.example\/\?token=__MASKED.*","title":"A page"}\]$/,
  )
  assert.not.match(textOf(world), 'ghp_0123')
  await running.stop(0)
})

test.run()

// The executive summary: the last step, which may fail without failing its session.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createSummarizer } from '../../handlers/summarizer.ts'
import { eventually } from '../support/eventually.ts'
import {
  createHandlerWorld,
  type HandlerWorld,
  type HandlerWorldOptions,
  hangs,
  modelFails,
} from '../support/handler-world.ts'
import { plan, reply, session } from '../support/session-samples.ts'

/** A session whose only stage has concluded. */
const worldConcluded = async (options?: HandlerWorldOptions) => {
  const world = createHandlerWorld(options)
  await world.startSession()
  const { data } = reply(1, 'The disk is full.')
  if (!('finishReason' in data)) throw new Error('a reply was expected')
  await world.send('RecordModelReply', data)
  return world
}

const startAll = (world: HandlerWorld) =>
  world.start(createSummarizer({ bus: world.bus, sessions: world.bus, model: world.model }))
const ended = (world: HandlerWorld) =>
  eventually(() => world.dataOf('session.ended')[0], { withinMs: 30_000, describe: 'the session ends' })
const codeOf = async (world: HandlerWorld) => (await world.state()).ended?.cause.code

test('the summary is written from the final analysis and completes the session', async () => {
  const world = await worldConcluded({ twice: true })
  world.scripts.model = () => Promise.resolve({ text: '  Disk full; password=hunter2-hunter2. ' })
  const running = startAll(world)
  await ended(world)
  await eventually(() => world.source.settled.length === 2, { withinMs: 30_000 })
  assert.match(JSON.stringify(world.asked[0]?.messages), /The disk is full\./)
  assert.equal(world.asked[0]?.tools, [])
  assert.is(await codeOf(world), 'completed')
  assert.match((await world.state()).summary ?? '', /^Disk full; password=__MASKED_PASSWORD__/)
  assert.is(world.asked.length, 1, 'the second delivery finds nothing to do')
  await running.stop(0)
})

test('a summary that fails in a way that may pass is asked for again', async () => {
  const world = await worldConcluded()
  world.scripts.model = (_, __, number) =>
    number < 3 ? Promise.reject(modelFails('transient')) : Promise.resolve({ text: 'A summary.' })
  const running = startAll(world)
  await ended(world)
  assert.is(await codeOf(world), 'completed')
  assert.is(world.dataOf('session.summary_failed').length, 2)
  await running.stop(0)
})

test('a model that fails for good gives way to the next of the list, each with its own attempts', async () => {
  const spares = ['second', 'third'].map((provider) => ({ provider, model: `model of ${provider}` }))
  const world = createHandlerWorld()
  const adopted = plan()
  await world.open(session)
  await world.send('AdoptPlan', {
    sessionId: session,
    plan: {
      ...adopted,
      limits: { ...adopted.limits, modelAttempts: 2, modelBackoffMs: 1 },
      summaryAgent: { ...adopted.summaryAgent, fallback: spares },
    },
  })
  const { data } = reply(1, 'The disk is full.')
  if (!('finishReason' in data)) throw new Error('a reply was expected')
  await world.send('RecordModelReply', data)
  world.scripts.model = ({ provider }) =>
    provider === 'third'
      ? Promise.resolve({ text: 'A summary.' })
      : Promise.reject(modelFails(provider === 'second' ? 'transient' : 'auth'))
  const running = startAll(world)
  await ended(world)
  assert.is(await codeOf(world), 'completed')
  assert.equal(
    world.asked.map(({ provider }) => provider),
    ['simulator', 'second', 'second', 'third'],
  )
  assert.equal(
    world.dataOf('session.summary_requested').map(({ attempt, fallback }) => [attempt, fallback]),
    [
      [1, undefined],
      [2, 1],
      [3, 1],
      [4, 2],
    ],
  )
  await running.stop(0)
})

test('a summary that cannot be written leaves the session completed, and says why', async () => {
  for (const script of [
    () => Promise.reject(modelFails('auth', 'The key password=hunter2-hunter2 is wrong.')),
    () => Promise.resolve({ text: ' \n' }),
  ]) {
    const world = await worldConcluded()
    world.scripts.model = script
    const running = startAll(world)
    await ended(world)
    const state = await world.state()
    assert.is(state.status, 'completed')
    assert.is(state.ended?.cause.code, 'completed_without_summary')
    assert.is(state.finalAnalysis?.text, 'The disk is full.')
    assert.not.match(JSON.stringify(world.events()), 'hunter2')
    await running.stop(0)
  }
})

test('a cancellation while it is written ends the call, and is no failure', async () => {
  const world = await worldConcluded()
  world.scripts.model = (_, signal) => hangs(signal)
  const running = startAll(world)
  await eventually(() => world.asked.length === 1, { withinMs: 30_000 })
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await eventually(() => world.source.settled.length === 1, { withinMs: 30_000 })
  assert.is(world.source.settled[0]?.how, 'done')
  assert.equal(world.lines, [])
  await running.stop(0)
})

test('a summary nobody could carry out is given up with the reason', async () => {
  const world = await worldConcluded()
  const summarizer = createSummarizer({ bus: world.bus, sessions: world.bus, model: world.model })
  await summarizer.giveUp?.(world.commitWith('session.summary_requested'), 'it was too much')
  assert.is(await codeOf(world), 'completed_without_summary')
  assert.match((await world.state()).ended?.cause.message ?? '', /Casebook could not write it: it was too much/)
})

test.run()

// What people and agents do to running work, through the handlers: one agent cancelled, a pause, deadlines, helpers.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { helperIdOf } from '../../domain/session/session-ids.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createTimekeeper } from '../../handlers/timekeeper.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { helperLimits } from '../../schemas/built-in-tools.ts'
import { sessionId } from '../../schemas/ids.ts'
import { toolPolicy } from '../../schemas/tool-policy.ts'
import { eventually } from '../support/eventually.ts'
import { answeredWith, createHandlerWorld, type HandlerWorld, hangs, org } from '../support/handler-world.ts'
import { agent, execution, plan, session, tools } from '../support/session-samples.ts'

const runnerOf = ({ abortions, bus, model, dayLedger, toolBox, live, storeText }: HandlerWorld) =>
  createAgentRunner({
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
const executorOf = ({ abortions, bus, toolBox, blobs, storeText, log: feed }: HandlerWorld) =>
  createToolExecutor({ abortions, bus, sessions: bus, toolBox, blobs, storeText, feed, worker: 'w1' })

const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })
const types = (world: HandlerWorld): readonly string[] => world.events().map(({ type }) => type.replace('session.', ''))

test('cancelling one agent aborts the model call it waits for', async () => {
  const world = createHandlerWorld()
  let aborted = false
  world.scripts.model = async (_, signal) => {
    signal.addEventListener('abort', () => {
      aborted = true
    })
    return hangs(signal)
  }
  await world.startSession()
  const running = world.start(runnerOf(world))
  await until(() => world.asked.length === 1, 'the model is asked')
  await world.send('CancelExecution', { sessionId: session, executionId: execution(1), reason: 'enough' })
  await until(() => aborted, 'the call is aborted')
  await running.stop(0)
})

test('a tool call asked for during a pause is run after it, once', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk')
  await world.send('PauseSession', { sessionId: session, reason: '' })
  const running = world.start(executorOf(world))
  await until(() => world.source.settled.length === 1, 'the delivery is settled')
  assert.is(world.called.length, 0)
  await world.send('ResumeSession', { sessionId: session })
  await until(() => types(world).includes('tool_call_recorded'), 'the call is recorded')
  await until(() => world.source.settled.length === 2, 'the second delivery is settled')
  assert.is(world.called.length, 1)
  await running.stop(0)
})

const withPlan = async (world: HandlerWorld, changes: Partial<ReturnType<typeof plan>>, leader = agent()) => {
  await world.open(session)
  await world.send('AdoptPlan', { sessionId: session, plan: { ...plan(leader), ...changes } })
}

test('an approval that nobody gives expires by itself', async () => {
  const world = createHandlerWorld()
  await withPlan(world, { toolPolicy: toolPolicy.parse({ expiry_seconds: 0.3 }) })
  await world.send('OfferTools', { sessionId: session, executionId: execution(1), tools, unavailable: [] })
  await world.propose(1, 'restart')
  const running = world.start(createTimekeeper({ bus: world.bus, sessions: world.bus }))
  await until(() => types(world).includes('input_expired'), 'the input expires')
  assert.equal(types(world).slice(-3), ['input_expired', 'tool_call_refused', 'turn_requested'])
  await running.stop(0)
})

const leader = agent({ name: 'leader', maxIterations: 9, helpers: ['scout'] })
const scout = agent({ name: 'scout', mcpServers: [] })
const toScout = { name: 'casebook__dispatch_helper', arguments: '{"agent":"scout","task":"look at the disk"}' }

test('an agent is offered its helpers, calls on one, and reads its report in its own next turn', async () => {
  const world = createHandlerWorld()
  world.scripts.listing = { tools: [], unavailable: [] }
  world.scripts.tool = () => Promise.resolve(answeredWith('never called'))
  world.scripts.model = ({ messages, tools: offered }) => {
    const text = JSON.stringify(messages)
    if (text.includes('from the agent that called on you')) return Promise.resolve({ text: 'The disk is full.' })
    if (text.includes('The disk is full.')) return Promise.resolve({ text: 'It is the disk.' })
    assert.ok(offered.some(({ name }) => name === 'casebook__dispatch_helper'))
    return Promise.resolve(
      text.includes('is at work') ? { text: 'I wait.' } : { toolCalls: [toScout], finishReason: 'tool_calls' },
    )
  }
  await withPlan(world, { helperAgents: [scout] }, leader)
  const running = [world.start(runnerOf(world)), world.start(executorOf(world))]
  await until(() => types(world).includes('final_analysis_recorded'), 'the session concludes')
  assert.equal(
    world.dataOf('session.execution_ended').map(({ executionId, status }) => [executionId, status]),
    [
      [helperIdOf(session, 1), 'completed'],
      [execution(1), 'completed'],
    ],
  )
  assert.is(world.called.length, 0)
  await Promise.all(running.map((each) => each.stop(0)))
})

test('a helper that does not conclude in time is ended, its call aborted, and its parent told', async () => {
  const world = createHandlerWorld()
  world.scripts.listing = { tools: [], unavailable: [] }
  world.scripts.model = ({ messages }, signal) => {
    const text = JSON.stringify(messages)
    if (text.includes('from the agent that called on you')) return hangs(signal)
    if (text.includes('It had not concluded by')) return Promise.resolve({ text: 'Without the scout, then.' })
    return Promise.resolve(
      text.includes('is at work') ? { text: 'I wait.' } : { toolCalls: [toScout], finishReason: 'tool_calls' },
    )
  }
  await withPlan(world, { helperAgents: [scout], helperLimits: helperLimits.parse({ seconds: 0.5 }) }, leader)
  const running = [world.start(runnerOf(world)), world.start(createTimekeeper({ bus: world.bus, sessions: world.bus }))]
  await until(() => types(world).includes('final_analysis_recorded'), 'the session concludes')
  await until(() => world.source.settled.length >= 4, 'the aborted call is settled')
  await Promise.all(running.map((each) => each.stop(0)))
})

test('a helper of before a fork has all its time again in the fork, and is ended by then', async () => {
  const world = createHandlerWorld()
  world.scripts.listing = { tools: [], unavailable: [] }
  world.scripts.model = ({ messages }, signal) =>
    JSON.stringify(messages).includes('from the agent that called on you')
      ? hangs(signal)
      : Promise.resolve({ toolCalls: [toScout], finishReason: 'tool_calls' })
  await withPlan(world, { helperAgents: [scout], helperLimits: helperLimits.parse({ seconds: 0.5 }) }, leader)
  const before = world.start(runnerOf(world))
  await until(() => types(world).includes('helper_dispatched'), 'the helper is at work')
  await before.stop(0)
  const fork = sessionId.parse('ses_01FORK')
  const { version } = world.commitWith('session.helper_dispatched')
  const [{ deadline: first } = { deadline: '' }] = world.dataOf('session.helper_dispatched')
  await until(() => Date.now() > Date.parse(String(first)), 'its time in the source is over')
  const from = { sessionId: session, at: version }
  assert.is((await world.send('ForkSession', { sessionId: fork, from, kind: 'fork', changes: {} })).kind, 'accepted')
  const state = await world.bus.session(org, fork)
  const deadline = state.status === 'absent' ? '' : state.executions[helperIdOf(fork, 1)]?.helper?.deadline
  assert.is(Date.parse(deadline ?? '') - Date.parse(world.commitWith('session.forked').at), 500)
  const running = world.start(createTimekeeper({ bus: world.bus, sessions: world.bus }))
  const ended = () =>
    world.dataOf('session.execution_ended').find(({ executionId }) => executionId === helperIdOf(fork, 1))
  await until(ended, 'the helper in the fork is ended')
  assert.is(ended()?.status, 'failed')
  assert.is(z.object({ code: z.string() }).parse(ended()?.cause).code, 'timed_out')
  await running.stop(0)
})

test.run()

// Forks and replays of one session in memory: what is shared, what is asked again, what is never called twice.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyOf } from '../../commands/inheritance.ts'
import { valueAt, valuesOf } from '../../domain/persistent-map.ts'
import { replaySession } from '../../domain/replay/replay-session.ts'
import { unknownAtFork } from '../../domain/session/evolve-fork.ts'
import { executionIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createReplayJudge } from '../../handlers/replay-judge.ts'
import { createToolsOf } from '../../handlers/replayed-tools.ts'
import { createSummarizer } from '../../handlers/summarizer.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import type { CommandData } from '../../schemas/commands.ts'
import { type SessionId, sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, org } from '../support/handler-world.ts'
import { execution, plan, session, tools } from '../support/session-samples.ts'

const fork = sessionId.parse('ses_01FORK')
const secondFork = sessionId.parse('ses_01FORK2')

const begin = (world: HandlerWorld, turn: number, index = 1) =>
  world.send('BeginToolCall', {
    sessionId: session,
    toolCallId: toolCallIdOf(execution(1), turn, index),
    attempt: 1,
    worker: 'w1',
  })
const record = (world: HandlerWorld, turn: number, text: string, index = 1) =>
  world.send('RecordToolCall', {
    sessionId: session,
    toolCallId: toolCallIdOf(execution(1), turn, index),
    outcome: 'succeeded',
    content: { text },
    durationMs: 1,
  })

const forkAt = (world: HandlerWorld, at: number, more: Partial<CommandData<'ForkSession'>> = {}) =>
  world.send('ForkSession', {
    sessionId: fork,
    kind: 'fork',
    changes: {},
    ...more,
    from: { sessionId: session, at, ...more.from },
  })

const typesOf = (world: HandlerWorld, id: SessionId): readonly string[] =>
  world
    .commits()
    .filter(({ stream }) => stream.id === id)
    .flatMap(({ events }) => events.map(({ type }) => type.slice('session.'.length)))

const present = async (world: HandlerWorld, id: SessionId) => {
  const state = await world.bus.session(org, id)
  if (state.status === 'absent') throw new Error(`no ${id}`)
  return state
}

const versionAfter = (world: HandlerWorld, type: string): number => world.commitWith(type).version

/** All handlers that carry a session on. */
const runAll = (world: HandlerWorld): (() => Promise<void>) => {
  const { abortions, bus, model, dayLedger, toolBox, live, storeText, blobs } = world
  const toolsOf = createToolsOf({ toolBox, eventLog: world.log, blobs })
  const shared = { abortions, bus, sessions: bus, storeText, toolBox, toolsOf }
  const running = [
    createAgentRunner({ ...shared, model, dayLedger, live, checkArguments: createCheckArguments() }),
    createToolExecutor({ ...shared, blobs, feed: world.log, worker: 'w1' }),
    createSummarizer({ bus, sessions: bus, model }),
    createReplayJudge({ bus, sessions: bus, eventLog: world.log }),
  ].map((reactor) => world.start(reactor))
  return async () => {
    await Promise.all(running.map((reactor) => reactor.stop(1_000)))
  }
}

test('a fork shares the state at the version under its own ids, and the source is not touched', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk')
  await begin(world, 1)
  await record(world, 1, 'disk is 99 % full')
  const at = versionAfter(world, 'session.tool_call_recorded')
  const before = JSON.stringify(world.commits())
  const outcome = await forkAt(world, at)
  assert.is(outcome.kind, 'accepted')
  assert.is(JSON.stringify(world.commits().slice(0, -1)), before)

  assert.equal(typesOf(world, fork), ['forked', 'turn_requested'])
  const state = await present(world, fork)
  const source = await present(world, session)
  const own = executionIdOf(fork, 1, 1)
  assert.equal(Object.keys(state.executions), [own])
  assert.is(valueAt(state.toolCalls, toolCallIdOf(own, 1, 1))?.result?.text, 'disk is 99 % full')
  assert.is(state.executions[own]?.openTurn?.attempt, 2, 'the reply that had not come is asked for again')
  assert.equal(state.used, { tokens: 0, costMicros: 0, toolCalls: 0 })
  assert.equal(state.fork?.inherited, source.used)
  assert.is(source.executions[execution(1)]?.openTurn?.attempt, 1)
})

test('a process that knows nothing yet folds the same state from both streams', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk')
  await forkAt(world, versionAfter(world, 'session.tool_call_requested'))
  const cold = createHandlerWorld({ through: () => world.log })
  assert.equal(await cold.bus.session(org, fork), await world.bus.session(org, fork))
})

test('a substituted result is what the agent is shown, also for a call nobody had answered yet', async () => {
  for (const answered of [true, false]) {
    const world = createHandlerWorld()
    await world.startSession()
    await world.propose(1, 'disk')
    await begin(world, 1)
    if (answered) await record(world, 1, 'disk is 99 % full')
    const toolResults = [
      { toolCallId: toolCallIdOf(execution(1), 1, 1), outcome: 'succeeded' as const, text: 'disk is empty' },
    ]
    await forkAt(world, versionAfter(world, answered ? 'session.tool_call_recorded' : 'session.tool_call_begun'), {
      changes: { toolResults },
    })
    assert.equal(typesOf(world, fork), ['forked', 'turn_requested'])
    const { toolCalls } = await present(world, fork)
    assert.is(valuesOf(toolCalls)[0]?.result?.text, 'disk is empty')
  }
})

test('a call under way is made again where that is safe, and is of unknown outcome where it is not', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk', 'restart', 'set')
  await begin(world, 1, 1)
  await begin(world, 1, 2)
  await forkAt(world, versionAfter(world, 'session.tool_call_begun'))
  assert.equal(typesOf(world, fork), ['forked', 'tool_call_requested', 'tool_call_requested'])
  const calls = valuesOf((await present(world, fork)).toolCalls)
  assert.equal(
    calls.map(({ name, status, attempt }) => [name, status, attempt]),
    [
      ['host__disk', 'requested', 0],
      ['host__restart', 'outcome_unknown', 1],
      ['host__set', 'requested', 0],
    ],
  )
  assert.is(calls[1]?.result?.text, unknownAtFork)
})

test('what waits for a person is asked anew under the id it has in the fork', async () => {
  const world = createHandlerWorld()
  await world.open(session)
  const toolPolicy = { rules: [], otherwise: { read_only: 'ask', idempotent: 'ask', unsafe: 'ask' } } as const
  await world.send('AdoptPlan', {
    sessionId: session,
    plan: { ...plan(), toolPolicy: { ...toolPolicy, rules: [], expiry_seconds: 60 } },
  })
  await world.send('OfferTools', { sessionId: session, executionId: execution(1), tools, unavailable: [] })
  await world.propose(1, 'disk')
  await forkAt(world, versionAfter(world, 'session.input_requested'))
  assert.equal(typesOf(world, fork), ['forked', 'input_requested'])
  const [input] = valuesOf((await present(world, fork)).inputs)
  assert.is(input?.id, 'inp_01FORK_001')
  assert.is(input?.status, 'open')
  const refused = await forkAt(world, versionAfter(world, 'session.input_requested'), {
    sessionId: secondFork,
    kind: 'replay',
    from: { sessionId: session, at: world.commits().findLast(({ stream }) => stream.id === session)?.version ?? 0 },
  })
  assert.is(refused.kind === 'rejected' && refused.rejection.code, 'change_not_possible')
})

test('a fork of a fork goes on from both, and each is decided again to the same events', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk')
  await begin(world, 1)
  await record(world, 1, 'first')
  await forkAt(world, versionAfter(world, 'session.tool_call_recorded'))
  const of = await present(world, fork)
  await world.send('RecordModelReply', {
    sessionId: fork,
    executionId: executionIdOf(fork, 1, 1),
    turn: 2,
    text: { text: `Look at ${executionIdOf(fork, 1, 1)}` },
    toolCalls: [{ proposed: { name: 'host__set', arguments: '{}' }, parsed: { kind: 'valid', arguments: {} } }],
    finishReason: 'tool_calls',
    usage: { inputTokens: 3, outputTokens: 4 },
    by: { provider: 'fake', model: 'fake', simulated: false },
    durationMs: 1,
  })
  assert.is(of.fork?.from.sessionId, session)
  const version = world.commits().at(-1)?.version ?? 0
  await forkAt(world, version, {
    sessionId: secondFork,
    from: { sessionId: fork, at: version },
    changes: { model: { provider: 'other', model: 'larger' }, instructions: 'Doubt everything.' },
  })
  const second = await present(world, secondFork)
  const own = second.executions[executionIdOf(secondFork, 1, 1)]
  assert.equal(
    own?.turns.map(({ text }) => text.text),
    ['', `Look at ${executionIdOf(secondFork, 1, 1)}`],
  )
  assert.is(own?.agent.model, 'larger')
  assert.is(own?.agent.instructions.custom, 'Doubt everything.')
  assert.equal(second.fork?.inherited, { tokens: 7, costMicros: 0, toolCalls: 1 })
  for (const id of [session, fork, secondFork]) {
    const history = await historyOf(world.log, { org, category: 'session', id })
    assert.ok(history)
    const [first, ...rest] = history.own
    assert.ok(first)
    const report = replaySession([{ ...first, inherited: history.inherited }, ...rest])
    assert.is(report.kind, 'same', JSON.stringify(report))
  }
})

test('what cannot be forked is refused, and forking twice is done once', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const codeOf = async (sent: ReturnType<typeof forkAt>): Promise<string> => {
    const outcome = await sent
    return outcome.kind === 'rejected' ? outcome.rejection.code : outcome.kind
  }
  const at = world.commits().at(-1)?.version ?? 0
  assert.is(await codeOf(forkAt(world, at + 1)), 'version_out_of_range')
  assert.is(await codeOf(forkAt(world, 1)), 'version_out_of_range')
  assert.is(await codeOf(forkAt(world, at, { from: { sessionId: secondFork, at } })), 'session_not_found')
  assert.is(await codeOf(forkAt(world, at, { from: { sessionId: session, at, hash: 'other' } })), 'source_changed')
  assert.is(await codeOf(forkAt(world, at, { sessionId: session })), 'session_exists')
  assert.is(await codeOf(forkAt(world, at, { changes: { useAgent: 'nobody' } })), 'change_not_possible')
  assert.is(await codeOf(forkAt(world, at, { changes: { stage: 'stage 1' } })), 'change_not_possible')
  assert.is(await codeOf(forkAt(world, at)), 'accepted')
  assert.is(await codeOf(forkAt(world, at)), 'unchanged')
  assert.is(await codeOf(forkAt(world, at - 1)), 'session_exists')
  await world.send('CancelSession', { sessionId: session, reason: '' })
  const ended = world.commits().at(-1)?.version ?? 0
  assert.is(await codeOf(forkAt(world, ended, { sessionId: secondFork })), 'session_ended')
})

test('a version in the middle of a step is refused with those that can be taken', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, 'disk')
  const within = async (type: string): Promise<readonly [number, Awaited<ReturnType<typeof forkAt>>]> => {
    const { version, events } = world.commitWith(type)
    const at = version - events.length + events.findIndex((event) => event.type === type)
    return [at, await forkAt(world, at)]
  }
  for (const type of ['session.execution_started', 'session.tool_call_requested']) {
    const [at, outcome] = await within(type)
    assert.is(outcome.kind, 'rejected')
    if (outcome.kind !== 'rejected') continue
    assert.is(outcome.rejection.code, 'version_out_of_range')
    assert.is(outcome.rejection.message, `Version ${at} is in the middle of a step; take ${at - 1} or ${at + 1}.`)
  }
})

test('a replay under another prompt calls no tool, says what was not recorded, and ends with its drift', async () => {
  const world = createHandlerWorld()
  const stop = runAll(world)
  world.scripts.model = ({ messages }) => {
    const last = messages.at(-1)?.text ?? ''
    const system = messages[0]?.text ?? ''
    if (messages.some(({ role }) => role === 'tool')) return Promise.resolve({ text: `So: ${last}` })
    const calls = system.includes('Look at both')
      ? [
          { name: 'host__disk', arguments: '{}' },
          { name: 'host__set', arguments: '{"value":1}' },
        ]
      : [{ name: 'host__disk', arguments: '{}' }]
    return Promise.resolve({ toolCalls: calls, finishReason: 'tool_calls' })
  }
  await world.startSession({}, false)
  await eventually(async () => (await present(world, session)).status === 'completed')
  const calledBefore = world.called.length
  const listedBefore = world.listings()
  assert.is(calledBefore, 1)

  await forkAt(world, versionAfter(world, 'session.plan_adopted') - 3, {
    kind: 'replay',
    changes: { instructions: 'Look at both' },
  })
  await eventually(async () => (await present(world, fork)).fork?.drift != null)
  await stop()
  const { fork: replay, status, toolCalls } = await present(world, fork)
  assert.is(status, 'completed')
  assert.is(world.called.length, calledBefore, 'no tool was called')
  assert.is(world.listings(), listedBefore, 'no server was asked for its tools')
  assert.equal(
    valuesOf(toolCalls).map((call) => [call.status, call.result?.text.slice(0, 35)]),
    [
      ['succeeded', 'disk answered'],
      ['failed', 'The call did not run: Not recorded:'],
    ],
  )
  assert.equal(replay?.drift?.calls, { same: 1, missing: 0, added: 1 })
  assert.equal(replay?.drift?.notRecorded, ['host/set {"value":1}'])
  assert.equal(replay?.drift?.turns, { source: 2, replay: 2 })
})

test.run()

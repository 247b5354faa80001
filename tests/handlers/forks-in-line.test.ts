// Forks under limits: they wait for a place as any session does, and begin with what their history had left open.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyOf } from '../../commands/inheritance.ts'
import { replaySession } from '../../domain/replay/replay-session.ts'
import { executionIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { startAdmission } from '../../handlers/admission.ts'
import { createPlanner } from '../../handlers/planner.ts'
import { rebuildQueue } from '../../handlers/rebuild-queue.ts'
import { createMemoryQueueStore } from '../../infra/memory/memory-queue-store.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import type { CommandData } from '../../schemas/commands.ts'
import { commandId, sessionId } from '../../schemas/ids.ts'
import type { QueueSettings } from '../../schemas/queue.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, type HandlerWorldOptions, org } from '../support/handler-world.ts'
import { limits } from '../support/queue-samples.ts'
import { quiet } from '../support/servers.ts'
import { execution, plan, session } from '../support/session-samples.ts'

const fork = sessionId.parse('ses_01FORK')
const one = limits({ max_sessions: 1 })

const settings = (queue: QueueSettings) => {
  const defaults = { provider: 'p', chain: 'c', summary_agent: 'a', queue }
  const parsed = configuration.parse({ defaults, agents: {}, chains: {}, mcp_servers: {}, providers: {} })
  return { current: () => ({ configuration: parsed, hash: '' }) }
}

/** A session with a call that was asked for and one under way, and the version to fork it at. */
const withOpenCalls = async (options: HandlerWorldOptions) => {
  const world = createHandlerWorld(options)
  await world.startSession()
  await world.propose(1, 'disk', 'set')
  await world.send('BeginToolCall', {
    ...{ sessionId: session, toolCallId: toolCallIdOf(execution(1), 1, 1) },
    ...{ attempt: 1, worker: 'w1' },
  })
  return { world, at: world.commitWith('session.tool_call_begun').version }
}
const forkAt = (world: HandlerWorld, at: number, more: Partial<CommandData<'ForkSession'>> = {}) =>
  world.send('ForkSession', { sessionId: fork, kind: 'fork', changes: {}, from: { sessionId: session, at }, ...more })
const admit = (world: HandlerWorld, waitedMs = 0) => world.send('AdmitSession', { sessionId: fork, waitedMs })
const typesOf = (world: HandlerWorld): readonly string[] =>
  world
    .commits()
    .filter(({ stream }) => stream.id === fork)
    .flatMap(({ events }) => events.map(({ type }) => type.slice('session.'.length)))
const present = async (world: HandlerWorld) => {
  const state = await world.bus.session(org, fork)
  if (state.status === 'absent') throw new Error('there is no fork')
  return state
}

test('under a limit a fork waits, and with its place makes again what was open', async () => {
  const { world, at } = await withOpenCalls({ limits: one })
  await forkAt(world, at)
  assert.equal(typesOf(world), ['forked'])
  assert.equal(world.dataOf('session.forked')[0]?.['queue'], { lane: 'normal', chain: 'default' })
  assert.is((await present(world)).status, 'queued')
  await admit(world)
  await admit(world)
  assert.equal(typesOf(world), ['forked', 'admitted', 'tool_call_requested', 'tool_call_requested'])
  assert.is((await present(world)).status, 'running')
  const history = await historyOf(world.log, { org, category: 'session', id: fork })
  const [first, ...rest] = history?.own ?? []
  assert.ok(first)
  assert.is(replaySession([{ ...first, inherited: history?.inherited ?? [] }, ...rest]).kind, 'same')
})

test('a fork of a chain that no limit concerns begins at once', async () => {
  const { world, at } = await withOpenCalls({ limits: limits({ chains: { other: 1 } }) })
  await forkAt(world, at)
  assert.equal(typesOf(world), ['forked', 'tool_call_requested', 'tool_call_requested'])
})

test('a fork has the lane of its source, a replay the lowest', async () => {
  for (const [kind, lane] of [
    ['fork', 'critical'],
    ['replay', 'low'],
  ] as const) {
    const world = createHandlerWorld({ limits: one })
    await world.open(session, { priority: 'critical' })
    await world.startSession()
    await forkAt(world, world.commitWith('session.turn_requested').version, { kind })
    assert.equal(world.dataOf('session.forked')[0]?.['queue'], { lane, chain: 'default' })
  }
})

test('the time in line is none of an agent: wall time and the deadline of a helper begin with the place', async () => {
  const { world, at } = await withOpenCalls({ limits: one })
  await forkAt(world, at)
  const waiting = await present(world)
  await admit(world, 60_000)
  const begun = await present(world)
  const since = (state: typeof begun) => Date.parse(state.executions[executionIdOf(fork, 1, 1)]?.startedAt ?? '')
  assert.is(since(begun) - since(waiting), 60_000)
  assert.is(Date.parse(begun.startedAt ?? '') - Date.parse(waiting.startedAt ?? ''), 60_000)
})

test('a fork that has only its summary to write is admitted to write it', async () => {
  const world = createHandlerWorld({ limits: one })
  await world.startSession()
  await world.send('RecordModelReply', {
    ...{ sessionId: session, executionId: execution(1), turn: 1, text: { text: 'The disk is full.' }, toolCalls: [] },
    ...{ finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 }, durationMs: 1 },
    by: { provider: 'fake', model: 'fake', simulated: false },
  })
  await forkAt(world, world.commitWith('session.summary_requested').version)
  assert.is((await present(world)).status, 'queued')
  await admit(world)
  assert.equal(typesOf(world), ['forked', 'admitted', 'summary_requested'])
  assert.is((await present(world)).status, 'summarizing')
})

test('a fork gets in line, has its place when the one before has ended, and is found in the log when the line is lost', async () => {
  const world = createHandlerWorld({ limits: one })
  await world.open(session)
  await world.send('AdoptPlan', { sessionId: session, plan: { ...plan(), queue: { lane: 'normal' } } })
  await world.send('AdmitSession', { sessionId: session, waitedMs: 0 })
  const at = world.commitWith('session.admitted').version
  const store = createMemoryQueueStore()
  const before = { id: session, org, chain: 'default', lane: 'normal', since: 0 } as const
  await store.write({ running: [before], waiting: [], served: {} }, null)
  const admission = startAdmission({
    ...{ store, bus: world.bus, eventLog: world.log, settings: settings(one), log: quiet, everyMs: 20 },
    ...{ ownCommits: world.log, feed: world.log },
    readWholeLog: async function* () {
      yield* world.commits()
    },
  })
  const planner = world.start(
    createPlanner({ bus: world.bus, sessions: world.bus, settings: settings(one), line: admission }),
  )
  await forkAt(world, at)
  await eventually(async () => (await store.read())?.state.waiting.some(({ id }) => id === fork))
  const found = await rebuildQueue(
    (async function* () {
      yield* world.commits()
    })(),
  )
  assert.equal(
    found.waiting.map(({ id, chain, lane }) => [id, chain, lane]),
    [[fork, 'default', 'normal']],
  )
  assert.equal(typesOf(world), ['forked'])
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await eventually(() => typesOf(world).includes('admitted'))
  await planner.stop(0)
  await admission.stop()
})

test('a fork whose source is gone is cancelled, and keeps no place from the next', async () => {
  const { world, at } = await withOpenCalls({ limits: one })
  await forkAt(world, at)
  const store = createMemoryQueueStore()
  const waits = (id: typeof fork, since: number) => ({ id, org, chain: 'default', lane: 'normal', since }) as const
  const second = sessionId.parse('ses_01FORK2')
  await forkAt(world, at, { sessionId: second })
  await store.write({ running: [], waiting: [waits(fork, 1), waits(second, 2)], served: {} }, null)
  const cold = createHandlerWorld({
    limits: one,
    through: () => ({
      ...world.log,
      // What is read of the source, by the first of them only.
      read: async (stream, after) => {
        const commits = await world.log.read(stream, after)
        return stream.id === fork
          ? commits.map((commit) => ({
              ...commit,
              events: commit.events.map((event) =>
                event.type === 'session.forked'
                  ? { ...event, data: { ...event.data, from: { ...event.data.from, hash: 'another' } } }
                  : event,
              ),
            }))
          : commits
      },
    }),
  })
  const admission = startAdmission({
    ...{ store, bus: cold.bus, eventLog: world.log, settings: settings(one), log: quiet, everyMs: 20 },
    ...{ ownCommits: world.log, feed: world.log },
    readWholeLog: async function* () {
      yield* world.commits()
    },
  })
  await eventually(async () => {
    const state = (await store.read())?.state
    return state?.running.length === 1 && state.running[0]?.id === second && state.waiting.length === 0
  })
  await admission.stop()
  assert.equal(typesOf(world), ['forked', 'ended'])
  const [end] = world.dataOf('session.ended')
  assert.is(end?.['status'], 'cancelled')
  assert.match(
    JSON.stringify(end?.['cause']),
    /Cancelled by admission: What it shares with its source is not there any/,
  )
  const start = world.commitWith('session.forked')
  const again = { org, commandId: commandId.parse('cmd-again'), actor: { kind: 'user', id: 'ada' } } as const
  const cancelled = await cold.bus.send({
    ...{ type: 'CancelSession', data: { sessionId: fork, reason: '' } },
    metadata: { ...again, at: start.at, correlationId: start.correlationId, causationId: 'test' },
  })
  assert.is(cancelled.kind === 'rejected' && cancelled.rejection.code, 'session_ended')
})

test.run()

// Parents and children through their handler: everything delivered twice over a failing log, and cancels that race with starts.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { createChildKeeper } from '../../handlers/child-keeper.ts'
import { type SessionId, sessionId } from '../../schemas/ids.ts'
import type { Overrides } from '../../schemas/overrides.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorldOptions, org } from '../support/handler-world.ts'
import { agent, execution, plan, session } from '../support/session-samples.ts'

const child = sessionId.parse(`${session}_c001`)
const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })

/** A session whose agent has asked for another one, with `await`. */
const worldWithChild = async (options: HandlerWorldOptions = {}, overrides?: Overrides) => {
  const world = createHandlerWorld(options)
  const leader = agent({ childAgents: ['scout'] })
  await world.open(session, { priority: 'high', ...(overrides !== undefined && { overrides }) })
  await world.send('AdoptPlan', { sessionId: session, plan: plan(leader) })
  const own = (await world.state()).executions[execution(1)]
  if (own === undefined) throw new Error('no execution')
  const tools = [...builtInToolsOf(own)]
  await world.send('OfferTools', { sessionId: session, executionId: own.id, tools, unavailable: [] })
  const asked = { agent: 'scout', title: 'Look', task: 'Look at db-3.', why: 'it is slow' }
  await world.send('RecordModelReply', {
    sessionId: session,
    executionId: own.id,
    turn: 1,
    text: { text: '' },
    toolCalls: [
      {
        proposed: { name: 'casebook__start_session', arguments: '{}' },
        parsed: { kind: 'valid', arguments: asked },
      },
    ],
    finishReason: 'tool_calls',
    usage: { inputTokens: 1, outputTokens: 1 },
    by: { provider: 'fake', model: 'fake', simulated: false },
    durationMs: 1,
  })
  const start = () => world.start(createChildKeeper({ bus: world.bus, sessions: world.bus }))
  const statusOf = async (id: SessionId) => (await world.bus.session(org, id)).status
  return { world, start, statusOf }
}

test('the child gets its task, where it comes from, and what its parent is held to', async () => {
  const overrides: Overrides = {
    mcpServers: ['host'],
    tools: ['host__disk'],
    runbook: 'Of the parent.',
    budget: { usd: 1 },
  }
  const { world, start } = await worldWithChild({}, overrides)
  const running = start()
  await until(() => world.dataOf('session.started').length === 2, 'the child is started')
  const [, started] = world.dataOf('session.started')
  const { toolCallId } = world.dataOf('session.child_started')[0] ?? {}
  assert.equal(started, {
    sessionId: child,
    title: 'Look',
    input: { text: 'Look at db-3.' },
    origin: {
      kind: 'child',
      parentSessionId: session,
      relation: 'sub_task',
      why: 'it is slow',
      depth: 1,
      executionId: execution(1),
      toolCallId,
    },
    agent: 'scout',
    priority: 'high',
    labels: {},
    overrides: { mcpServers: ['host'], tools: ['host__disk'], budget: { usd: 1 } },
  })
  await running.stop(0)
})

test('everything delivered twice, over a log that fails every other time: one child, one report, one result', async () => {
  let appends = 0
  const { world, start } = await worldWithChild({
    twice: true,
    through: (log) => ({
      ...log,
      append: async (...args) => {
        appends++
        if (appends % 2 === 1) throw new LogUnavailable('away')
        const outcome = await log.append(...args)
        if (appends % 4 === 0) throw new LogUnavailable('away')
        return outcome
      },
    }),
  })
  const running = start()
  await until(() => world.dataOf('session.started').length === 2, 'the child is started')
  await world.send('CancelSession', { sessionId: child, reason: 'enough' })
  await until(() => world.dataOf('session.child_ended').length === 1, 'its end is told')
  await until(() => running.inFlight() === 0, 'nothing is under way')
  assert.is(world.dataOf('session.started').length, 2)
  assert.is(world.dataOf('session.child_ended').length, 1)
  assert.match(JSON.stringify(world.dataOf('session.tool_call_recorded')), /cancelled:\\nCancelled by test: enough/)
  await running.stop(0)
})

test('a parent cancelled before its child was started: the child is started and cancelled, and the record says so', async () => {
  const { world, start, statusOf } = await worldWithChild()
  await world.send('CancelSession', { sessionId: session, reason: 'enough' })
  const running = start()
  await until(async () => (await statusOf(child)) === 'cancelled', 'the child is cancelled')
  await until(() => world.dataOf('session.child_ended').length === 1, 'its end is told')
  await running.stop(0)
})

test('a parent that is cancelled takes its sub-tasks with it, and leaves follow-ups alone', async () => {
  const { world, start, statusOf } = await worldWithChild()
  const followUp = sessionId.parse('ses_FOLLOWUP')
  const running = start()
  await world.open(followUp, {
    origin: { kind: 'child', parentSessionId: session, relation: 'follow_up', why: 'not clear' },
  })
  await until(() => world.dataOf('session.child_started').length === 2, 'both are known')
  await until(async () => (await statusOf(child)) === 'queued', 'the sub-task is started')
  await world.send('CancelSession', { sessionId: session, reason: 'enough' })
  await until(async () => (await statusOf(child)) === 'cancelled', 'the sub-task is cancelled')
  await until(() => running.inFlight() === 0, 'nothing is under way')
  assert.is(await statusOf(followUp), 'queued')
  await running.stop(0)
})

test.run()

// Parts that meet in one session: chats, places in line, child sessions and the budget of the org's day.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { answerIdOf } from '../../domain/session/session-ids.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createBookkeeper } from '../../handlers/bookkeeper.ts'
import { createChildKeeper } from '../../handlers/child-keeper.ts'
import { dayBudgets } from '../../schemas/budget.ts'
import type { EventData } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { enoughOfTheDay } from '../support/enough-of-the-day.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, org } from '../support/handler-world.ts'
import { agent, plan, session } from '../support/session-samples.ts'

test.before.each(enoughOfTheDay)

const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })
const chatAgent = agent({ name: 'chat', controller: 'chat', childAgents: ['scout'] })
const answer = (number: number) => answerIdOf(session, number)

const open = async (world: HandlerWorld, more: Partial<EventData<'session.plan_adopted'>> = {}): Promise<void> => {
  await world.open(session)
  await world.send('AdoptPlan', { sessionId: session, plan: { ...plan(), chatAgent, ...more } })
}
const ask = (world: HandlerWorld, text: string) => world.send('AskSession', { sessionId: session, text })
const startRunner = (world: HandlerWorld) => {
  const { abortions, bus, model, dayLedger, toolBox, live, storeText } = world
  const checkArguments = createCheckArguments()
  return [
    createAgentRunner({ abortions, bus, sessions: bus, model, dayLedger, toolBox, live, storeText, checkArguments }),
    createBookkeeper({ bus, sessions: bus, ledgers: bus, dayLedger }),
  ].map((reactor) => world.start(reactor))
}
const endOf = (world: HandlerWorld, number: number) =>
  eventually(
    async () => {
      const execution = (await world.state()).executions[answer(number)]
      return execution !== undefined && !['planned', 'running'].includes(execution.status) && execution
    },
    { withinMs: 30_000, describe: `answer ${number} has ended` },
  )

test("a question after the org's day is used up fails with why, asks nobody for money, and the next day's is answered", async () => {
  const world = createHandlerWorld()
  await open(world)
  const running = startRunner(world)
  world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: 2 }, on_reached: 'ask' })
  await until(() => world.dataOf('session.summary_requested').length === 1, 'the investigation is over')
  await world.send('RecordSummary', {
    sessionId: session,
    text: 'In short.',
    usage: { inputTokens: 1, outputTokens: 1 },
    by: { provider: 'fake', model: 'fake', simulated: false },
    durationMs: 1,
  })
  await ask(world, 'Why?')
  const refused = await endOf(world, 1)
  assert.equal([refused.status, refused.cause?.code], ['failed', 'day_budget_used_up'])
  assert.equal(world.dataOf('session.input_requested'), [])
  assert.is((await world.state()).status, 'completed')
  world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: 1_000 } })
  await ask(world, 'And now?')
  assert.is((await endOf(world, 2)).status, 'completed')
  await Promise.all(running.map((each) => each.stop(0)))
})

test('a session cancelled while it waited in line never begins, and can be asked about', async () => {
  const world = createHandlerWorld()
  await open(world, { queue: { lane: 'low' } })
  const running = startRunner(world)
  await world.send('CancelSession', { sessionId: session, reason: 'not needed' })
  // Somebody gave it a place a moment before.
  await world.send('AdmitSession', { sessionId: session, waitedMs: 5 })
  await ask(world, 'What did you want to do?')
  assert.is((await endOf(world, 1)).status, 'completed')
  assert.equal([world.dataOf('session.admitted'), world.dataOf('session.stage_started')], [[], []])
  assert.is((await world.state()).status, 'cancelled')
  await Promise.all(running.map((each) => each.stop(0)))
})

test('a session started to answer a question about a cancelled one is let work', async () => {
  const world = createHandlerWorld()
  await open(world)
  await world.send('CancelSession', { sessionId: session, reason: 'enough' })
  await ask(world, 'Look again?')
  const own = (await world.state()).executions[answer(1)]
  if (own === undefined) throw new Error('nobody answers')
  const tools = [...builtInToolsOf(own)]
  await world.send('OfferTools', { sessionId: session, executionId: own.id, tools, unavailable: [] })
  const asked = { agent: 'scout', title: 'Look', task: 'Look at db-3.', why: 'asked', await: false }
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
  const running = world.start(createChildKeeper({ bus: world.bus, sessions: world.bus }))
  await until(() => world.dataOf('session.started').length === 2, 'the child is started')
  await until(() => running.inFlight() === 0, 'nothing is under way')
  const child = await world.bus.session(org, sessionId.parse(`${session}_c001`))
  assert.is(child.status, 'queued')
  await running.stop(0)
})

test.run()

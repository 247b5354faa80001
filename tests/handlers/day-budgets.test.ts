// Budgets of an org's day, with the handlers that keep them: many sessions at once, held, asked, and let go on by one answer.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { executionIdOf, stageIdOf } from '../../domain/session/session-ids.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createBookkeeper } from '../../handlers/bookkeeper.ts'
import type { RunningReactor } from '../../handlers/reactor.ts'
import { dayBudgets } from '../../schemas/budget.ts'
import { type InputId, inputId, type SessionId, sessionId } from '../../schemas/ids.ts'
import { enoughOfTheDay } from '../support/enough-of-the-day.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, org } from '../support/handler-world.ts'
import { agent, plan } from '../support/session-samples.ts'

test.before.each(enoughOfTheDay)

const today = (): string => new Date().toISOString().slice(0, 10)
const idOf = (number: number): SessionId => sessionId.parse(`ses_01DAY${number}`)
const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })

const start = (world: HandlerWorld): readonly RunningReactor[] => {
  const { abortions, bus, model, dayLedger, toolBox, live, storeText } = world
  const checkArguments = createCheckArguments()
  return [
    createAgentRunner({ abortions, bus, sessions: bus, model, dayLedger, toolBox, live, storeText, checkArguments }),
    createBookkeeper({ bus, sessions: bus, ledgers: bus, dayLedger }),
  ].map((reactor) => world.start(reactor))
}

const startSession = async (world: HandlerWorld, number: number): Promise<SessionId> => {
  const id = idOf(number)
  await world.open(id)
  const stage = stageIdOf(id, 1)
  const agents = [{ executionId: executionIdOf(id, 1, 1), agent: agent({ maxIterations: 100 }) }]
  await world.send('AdoptPlan', {
    sessionId: id,
    plan: { ...plan(), stages: [{ stageId: stage, name: 'looking', agents }] },
  })
  return id
}

const asks = (world: HandlerWorld): readonly InputId[] =>
  world.dataOf('session.input_requested').map((data) => inputId.parse(data['inputId']))
const countOf = (world: HandlerWorld, type: string): number => world.dataOf(type).length
const atRest = (running: readonly RunningReactor[]): boolean => running.every(({ inFlight }) => inFlight() === 0)
const stop = (running: readonly RunningReactor[]) => Promise.all(running.map((each) => each.stop(0)))

/** Uses 100 tokens a turn, and never comes to an end by itself; nor does it repeat itself, which would be noticed. */
const wanders = (number: number) => ({
  toolCalls: [{ name: `nothing${number}`, arguments: '{}' }],
  usage: { inputTokens: 90, outputTokens: 10 },
})

test('two sessions of one org come upon its day: both ask, one answer lets both go on', async () => {
  const world = createHandlerWorld()
  world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: 250 }, on_reached: 'ask' })
  world.scripts.model = (_request, _signal, number) => Promise.resolve(wanders(number))
  const running = start(world)
  const [first] = [await startSession(world, 1), await startSession(world, 2)]
  await until(() => asks(world).length === 2 && atRest(running), 'both sessions ask')
  const calls = world.asked.length
  assert.ok(calls >= 3 && calls <= 4, `${calls} calls of 100 tokens within 250`)
  assert.is((await world.bus.ledger(org, today())).used.tokens, calls * 100)

  world.scripts.model = () => Promise.resolve({ text: 'done' })
  const [asked] = asks(world)
  if (asked === undefined || first === undefined) throw new Error('nobody asks')
  const asking = world.commits().find(({ events }) => events.some(({ type }) => type === 'session.input_requested'))
  await world.send('AnswerInput', {
    sessionId: sessionId.parse(asking?.stream.id),
    inputId: asked,
    answer: { kind: 'raise', by: 1_000 },
  })
  await until(() => countOf(world, 'session.summary_requested') === 2 && atRest(running), 'both sessions go on')
  assert.is(countOf(world, 'ledger.budget_raised'), 1)
  assert.is(countOf(world, 'session.budget_raised'), 1)
  assert.is(countOf(world, 'session.input_withdrawn'), 1)
  await stop(running)
})

test('a session started beyond the budget is told the same way: it ends before a model is asked, or it asks', async () => {
  for (const [action, type] of [
    ['finish', 'session.ended'],
    ['ask', 'session.input_requested'],
  ] as const) {
    const world = createHandlerWorld()
    world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: 100 }, on_reached: action })
    await world.send('BookUsage', {
      day: today(),
      entries: [{ commit: 999, sessionId: idOf(9), tokens: 100, costMicros: 0, unpriced: 1, toolCalls: 0 }],
    })
    const running = start(world)
    await startSession(world, 1)
    await until(() => countOf(world, type) === 1 && atRest(running), type)
    assert.is(world.asked.length, 0)
    await stop(running)
  }
})

test('a budget in dollars does not hold a model without a price: the session says so once', async () => {
  const world = createHandlerWorld()
  world.scripts.dayBudgets = dayBudgets.parse({ each_org: { usd: 0.000001 } })
  world.scripts.model = (_request, _signal, number) => Promise.resolve(number < 3 ? wanders(number) : { text: 'done' })
  const running = start(world)
  await startSession(world, 1)
  await until(() => countOf(world, 'session.summary_requested') === 1 && atRest(running), 'the session concludes')
  assert.equal(
    world.dataOf('session.unpriced_noticed').map(({ provider, model }) => [provider, model]),
    [['fake', 'fake']],
  )
  await stop(running)
})

test('an org without such a budget has no ledger', async () => {
  const world = createHandlerWorld()
  world.scripts.dayBudgets = dayBudgets.parse({ orgs: { other: { tokens: 1 } } })
  const running = start(world)
  await startSession(world, 1)
  await until(() => countOf(world, 'session.summary_requested') === 1 && atRest(running), 'the session concludes')
  assert.is(countOf(world, 'ledger.usage_booked'), 0)
  await stop(running)
})

test('with every delivery coming twice, each commit is booked once', async () => {
  const world = createHandlerWorld({ twice: true })
  world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: 1_000_000 } })
  world.scripts.model = (_request, _signal, number) => Promise.resolve(number < 6 ? wanders(number) : { text: 'done' })
  const running = start(world)
  await startSession(world, 1)
  await until(() => countOf(world, 'session.summary_requested') === 1 && atRest(running), 'the session concludes')
  const replies = world
    .dataOf('session.model_replied')
    .map(({ usage }) => usage as { readonly inputTokens: number; readonly outputTokens: number })
  const spent = replies.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0)
  assert.is((await world.bus.ledger(org, today())).used.tokens, spent)
  await stop(running)
})

test('whatever calls use and however many sessions run, the day is overdrawn by no more than the calls in flight', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.array(fc.integer({ min: 50, max: 400 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('ask' as const, 'finish' as const),
      async (size, limit, costs, action) => {
        const world = createHandlerWorld()
        world.scripts.dayBudgets = dayBudgets.parse({ each_org: { tokens: limit }, on_reached: action })
        world.scripts.model = ({ tools }, _signal, number) => {
          const usage = { inputTokens: costs[number % costs.length] ?? 1, outputTokens: 0 }
          return Promise.resolve(tools.length === 0 ? { text: 'done', usage } : { ...wanders(number), usage })
        }
        const running = start(world)
        for (let number = 1; number <= size; number++) await startSession(world, number)
        const settled = action === 'ask' ? ['session.input_requested'] : ['session.summary_requested', 'session.ended']
        await until(
          () => settled.reduce((sum, type) => sum + countOf(world, type), 0) === size && atRest(running),
          'every session has come upon the budget',
        )
        await stop(running)
        const { used } = await world.bus.ledger(org, today())
        // Each session had one call in flight when it was reached; told to finish, each has one more to conclude.
        const most = limit - 1 + 400 * size * (action === 'ask' ? 1 : 2)
        assert.ok(used.tokens >= limit && used.tokens <= most, `${used.tokens} of ${limit}, ${size} sessions`)
      },
    ),
    { numRuns: 25 },
  )
})

test.run()

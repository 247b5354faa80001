// Budgets: what is used is checked before every turn and call; then agents conclude, or a person is asked.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inputIdOf } from '../../domain/session/session-ids.ts'
import { sessionBudgets } from '../../schemas/budget.ts'
import { type Course, executionId, inShort, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { session, tools, valid } from '../support/session-samples.ts'

const one = executionId(1)

const within = (budgets: unknown, size = 1): Course => {
  const course = underPlan([stageOf(1, { size })], {}, { budgets: sessionBudgets.parse(budgets) })
  return course.send({
    type: 'OfferTools',
    data: { sessionId: session, executionId: one, tools, unavailable: [] },
  })
}

/** A turn of 15 tokens whose one call is refused at once, so that another turn follows. */
const turn = (course: Course, number: number, id = one): Course =>
  course.send(replyTo(id, number, '', [valid('host__nothing')]))

test('the turn after the tokens are used up is the last: the agent concludes without tools', () => {
  const course = turn(within({ session: { tokens: 20 } }), 1)
  assert.is(inShort(course.news).at(-1), 'turn_requested 01_01')
  const reached = turn(course, 2)
  assert.equal(inShort(reached.news).slice(-2), ['budget_reached', 'turn_requested 01_01'])
  assert.equal(reached.news.at(-2)?.data, { budget: 'tokens', used: 30, limit: 20 })
  assert.equal(reached.news.at(-1)?.data, {
    executionId: one,
    turn: 3,
    attempt: 1,
    mode: 'forced_conclusion',
    why: 'budget',
  })
  assert.is(inShort(reached.conclude(one).news).at(-1), 'summary_requested')
})

test('every agent of the session concludes when the session has used up its budget; each agent has its own besides', () => {
  const course = turn(turn(within({ session: { tokens: 40 } }, 2), 1), 2)
  const other = executionId(1, 2)
  const reached = turn(course, 1, other)
  assert.equal(
    reached.news.filter(({ type }) => type === 'session.turn_requested').map(({ data }) => Reflect.get(data, 'why')),
    ['budget'],
  )
  const own = turn(turn(within({ agent: { tokens: 20 } }, 2), 1), 2)
  assert.equal(own.news.at(-2)?.data, { budget: 'tokens', executionId: one, used: 30, limit: 20 })
  assert.is(Reflect.get(turn(own, 1, other).news.at(-1)?.data ?? {}, 'mode'), 'normal')
})

test('a person is asked when the budget says so, and nothing is spent meanwhile', () => {
  const asked = turn(turn(within({ session: { tokens: 20 }, on_reached: 'ask' }), 1), 2)
  assert.equal(inShort(asked.news).slice(-2), ['budget_reached', 'input_requested'])
  const raise = (by: number): Course =>
    asked.send({
      type: 'AnswerInput',
      data: { sessionId: session, inputId: inputIdOf(session, 1), answer: { kind: 'raise', by } },
    })
  assert.is(Reflect.get(raise(100).news.at(-1)?.data ?? {}, 'mode'), 'normal')
  // Too little: the same question again.
  assert.equal(inShort(raise(5).news), ['input_answered', 'budget_reached', 'input_requested'])
  const finished = asked.send({
    type: 'AnswerInput',
    data: { sessionId: session, inputId: inputIdOf(session, 1), answer: { kind: 'finish' } },
  })
  assert.is(Reflect.get(finished.news.at(-1)?.data ?? {}, 'mode'), 'forced_conclusion')
})

test('calls over the budget of tool calls are refused within the same reply', () => {
  const course = within({ session: { tool_calls: 1 } }).send(
    replyTo(one, 1, '', [valid('host__disk'), valid('host__disk')]),
  )
  assert.equal(inShort(course.news), ['model_replied 01_01', 'tool_call_requested 01_01', 'tool_call_refused 01_01'])
  assert.is(Reflect.get(course.news[2]?.data ?? {}, 'code'), 'budget_reached')
})

test('costs are counted in millionths of a dollar; what has no price costs nothing', () => {
  const course = within({ session: { usd: 0.001 } })
  const priced = replyTo(one, 1, '', [valid('host__nothing')])
  if (priced.type !== 'RecordModelReply') throw new Error('not a reply')
  const reached = course.send({ ...priced, data: { ...priced.data, costMicros: 1_000 } })
  assert.equal(reached.news.at(-2)?.data, { budget: 'cost', used: 1_000, limit: 1_000 })
  assert.is(Reflect.get(turn(course, 1).news.at(-1)?.data ?? {}, 'mode'), 'normal')
})

test('a model without a price under a budget in dollars is told of, once for each model', () => {
  const course = turn(within({ agent: { usd: 1 } }), 1)
  assert.is(inShort(course.news)[1], 'unpriced_noticed 01_01')
  assert.not.ok(inShort(turn(course, 2).news).includes('unpriced_noticed 01_01'))
  assert.not.ok(inShort(turn(within({ agent: { tokens: 100 } }), 1).news).includes('unpriced_noticed 01_01'))
})

test.run()

// A session that comes upon a budget of its org's day: its turn is held, people are asked or it concludes; others' answers count too.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { answerIdOf, inputIdOf } from '../../domain/session/session-ids.ts'
import type { SessionCommand } from '../../schemas/commands.ts'
import { type Course, executionId, inShort, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { session, tools, valid } from '../support/session-samples.ts'

const one = executionId(1)
const day = '2026-01-02'

const begun = (size = 1): Course =>
  underPlan([stageOf(1, { size })]).send({
    type: 'OfferTools',
    data: { sessionId: session, executionId: one, tools, unavailable: [] },
  })

const hold = (
  course: Course,
  action: 'ask' | 'finish',
  {
    id = one,
    used = 30,
    limit = 20,
  }: { readonly id?: typeof one; readonly used?: number; readonly limit?: number } = {},
): Course => {
  const open = course.state.status === 'absent' ? null : course.state.executions[id]?.openTurn
  if (open == null) throw new Error(`${id} is not asked for anything`)
  const { turn, attempt } = open
  const reached = { budget: 'tokens', day, used, limit, action } as const
  return course.send({ type: 'HoldTurn', data: { sessionId: session, executionId: id, turn, attempt, ...reached } })
}

const answer = (kind: 'raise' | 'finish', number = 1): SessionCommand => ({
  type: 'AnswerInput',
  data: {
    sessionId: session,
    inputId: inputIdOf(session, number),
    answer: kind === 'raise' ? { kind, by: 100 } : { kind },
  },
})

/** One turn is answered; the next is asked for. */
const underWay = (size = 1): Course => begun(size).send(replyTo(one, 1, '', [valid('host__nothing')]))

test('a held turn is not begun, and a person is asked about the day of the org', () => {
  const held = hold(underWay(), 'ask')
  assert.equal(held.news, [
    { type: 'session.turn_held', data: { executionId: one, turn: 2, attempt: 1 } },
    { type: 'session.budget_reached', data: { budget: 'tokens', day, used: 30, limit: 20, action: 'ask' } },
    {
      type: 'session.input_requested',
      data: {
        inputId: inputIdOf(session, 1),
        question: { kind: 'budget', budget: 'tokens', day, used: 30, limit: 20 },
        expiresAt: '2026-01-02T04:04:05.000Z',
      },
    },
  ])
})

test('granted, the turn is asked for again as it was; told to finish, it is asked for as a conclusion', () => {
  const held = hold(underWay(), 'ask')
  assert.equal(held.send(answer('raise')).news.at(-1), {
    type: 'session.turn_requested',
    data: { executionId: one, turn: 2, attempt: 2, mode: 'normal' },
  })
  assert.equal(held.send(answer('finish')).news.at(-1), {
    type: 'session.turn_requested',
    data: { executionId: one, turn: 2, attempt: 2, mode: 'forced_conclusion', why: 'budget' },
  })
})

test('with finish, its agents conclude at once', () => {
  const held = hold(underWay(), 'finish')
  assert.equal(inShort(held.news), ['turn_held 01_01', 'budget_reached', 'turn_requested 01_01'])
  assert.equal(inShort(held.conclude(one).news).at(-1), 'summary_requested')
})

test('a session in which nothing was found out yet has nothing to conclude from: it ends, and costs nothing', () => {
  const held = hold(begun(), 'finish')
  assert.equal(inShort(held.news), [
    'turn_held 01_01',
    'budget_reached',
    'execution_ended 01_01 cancelled',
    'stage_ended 01 cancelled',
    'ended failed',
  ])
  const last = held.news.at(-1)
  assert.is(last?.type === 'session.ended' && last.data.cause.code, 'day_budget_used_up')
  assert.is(hold(begun(), 'ask').send(answer('finish')).news.at(-1)?.type, 'session.ended')
})

test('with another agent’s call in flight nothing is thrown away: every agent concludes', () => {
  const other = executionId(1, 2)
  const held = hold(begun(2), 'finish')
  assert.is(held.state.status, 'running')
  assert.equal(inShort(held.news), ['turn_held 01_01', 'budget_reached', 'turn_requested 01_01'])
  const replied = held.send(replyTo(other, 1, 'seen'))
  assert.equal(inShort(replied.news), ['model_replied 01_02', 'execution_ended 01_02 completed'])
})

test('several agents come upon it: one question, and every one of them waits and goes on', () => {
  const other = executionId(1, 2)
  const both = hold(hold(underWay(2), 'ask'), 'ask', { id: other })
  assert.equal(inShort(both.news), ['turn_held 01_02'])
  assert.equal(inShort(both.send(answer('raise')).news), [
    'input_answered',
    'turn_requested 01_01',
    'turn_requested 01_02',
  ])
})

test('granted elsewhere, its question is withdrawn and it goes on; a grant it knows of changes nothing', () => {
  const lift = (limit: number): SessionCommand => ({
    type: 'LiftBudget',
    data: { sessionId: session, budget: 'tokens', day, limit },
  })
  const held = hold(underWay(), 'ask')
  assert.equal(held.send(lift(20)).news, [])
  const lifted = held.send(lift(120))
  assert.equal(inShort(lifted.news), ['budget_raised', 'input_withdrawn', 'turn_requested 01_01'])
  assert.equal(lifted.send(lift(220)).news, [])
})

test('a grant that has been used up meanwhile is asked about again; one that has not lets the turn begin', () => {
  const granted = hold(underWay(), 'ask').send(answer('raise'))
  assert.equal(inShort(hold(granted, 'ask', { used: 130, limit: 120 }).news), [
    'turn_held 01_01',
    'budget_reached',
    'input_requested',
  ])
  assert.equal(inShort(hold(granted, 'ask').news), ['turn_held 01_01', 'turn_requested 01_01'])
})

test('a turn that was held takes no attempt from those of a failing model', () => {
  const granted = hold(underWay(), 'ask').send(answer('raise'))
  const failure = { class: 'transient', message: 'cut' } as const
  const fail = (course: Course, attempt: number): Course =>
    course.send({
      type: 'RecordModelFailure',
      data: { sessionId: session, executionId: one, turn: 2, attempt, ...failure },
    })
  const twice = fail(fail(granted, 2), 3)
  assert.is(inShort(twice.news).at(-1), 'turn_requested 01_01')
  assert.is(inShort(fail(twice, 4).news).includes('execution_ended 01_01 failed'), true)
})

test('an attempt that is over, or another one, is not held', () => {
  const course = underWay()
  const reached = { budget: 'tokens', day, used: 30, limit: 20, action: 'ask' } as const
  for (const [turn, attempt] of [
    [1, 1],
    [2, 2],
    [3, 1],
  ] as const) {
    const data = { sessionId: session, executionId: one, turn, attempt, ...reached }
    assert.equal(course.send({ type: 'HoldTurn', data }).news, [])
  }
})

test('a paused session that is held asks at once, and goes on when it is resumed', () => {
  const paused = underWay().send({ type: 'PauseSession', data: { sessionId: session, reason: '' } })
  const held = hold(paused, 'ask')
  assert.equal(inShort(held.news), ['turn_held 01_01', 'budget_reached', 'input_requested'])
  const granted = held.send(answer('raise'))
  assert.equal(inShort(granted.news), ['input_answered'])
  const resumed = granted.send({ type: 'ResumeSession', data: { sessionId: session } })
  assert.equal(inShort(resumed.news), ['resumed', 'turn_requested 01_01'])
})

test('a question about a session that has ended is not asked of a model: it ends, and says why; the session stays as it was', () => {
  const ended = begun()
    .conclude(one)
    .send({
      type: 'RecordSummary',
      data: {
        sessionId: session,
        text: 'In short.',
        usage: { inputTokens: 1, outputTokens: 1 },
        by: { provider: 'p', model: 'm', simulated: false },
        durationMs: 1,
      },
    })
  const asked = ended.send({ type: 'AskSession', data: { sessionId: session, text: 'Why?' } })
  for (const action of ['ask', 'finish'] as const) {
    const held = hold(asked, action, { id: answerIdOf(session, 1) })
    assert.equal(
      held.news.map(({ type }) => type),
      ['session.turn_held', 'session.execution_ended'],
    )
    const [, end] = held.news
    assert.is(end?.type === 'session.execution_ended' && end.data.cause?.code, 'day_budget_used_up')
    assert.is(held.state.status, 'completed')
  }
})

test('tool calls beyond what the day has left are refused within the reply', () => {
  const reply = replyTo(one, 1, '', [valid('host__disk'), valid('host__disk'), valid('host__disk')])
  if (reply.type !== 'RecordModelReply') throw new Error('no reply')
  const course = begun().send({ ...reply, data: { ...reply.data, toolCallsLeft: 2 } })
  assert.equal(inShort(course.news), [
    'model_replied 01_01',
    'tool_call_requested 01_01',
    'tool_call_requested 01_01',
    'tool_call_refused 01_01',
  ])
  assert.is(Reflect.get(course.news.at(-1)?.data ?? {}, 'code'), 'budget_reached')
})

test.run()

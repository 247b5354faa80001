// An agent that goes round in circles is told once and then made to conclude; a model that fails for good gives way to the next.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conversationOf } from '../../domain/prompt/conversation.ts'
import { toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { CommandData } from '../../schemas/commands.ts'
import { type Course, executionId, inShort, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { agent, session, tools, valid } from '../support/session-samples.ts'

const one = executionId(1)

const course = (changes: Parameters<typeof agent>[0] = {}): Course =>
  underPlan([{ ...stageOf(1), agents: [{ executionId: one, agent: agent({ maxIterations: 30, ...changes }) }] }]).send({
    type: 'OfferTools',
    data: { sessionId: session, executionId: one, tools, unavailable: [] },
  })

const turnOf = ({ state }: Course): number =>
  state.status === 'absent' ? 0 : (state.executions[one]?.openTurn?.turn ?? 0)

/** One turn with one call, whose outcome is given. */
const step = (
  from: Course,
  result: string,
  tool = 'host__disk',
  outcome: CommandData<'RecordToolCall'>['outcome'] = 'succeeded',
): Course => {
  const turn = turnOf(from)
  return from.send(replyTo(one, turn, '', [valid(tool)])).send({
    type: 'RecordToolCall',
    data: {
      sessionId: session,
      toolCallId: toolCallIdOf(one, turn, 1),
      outcome,
      content: { text: result },
      durationMs: 1,
    },
  })
}

const times = (count: number, from: Course, next: (each: Course) => Course): Course =>
  Array.from({ length: count }).reduce<Course>((each) => next(each), from)

test('the same call with the same result four times in a row is a circle; the agent is told what it repeats', () => {
  const three = times(3, course(), (each) => step(each, '93 %'))
  assert.equal(inShort(three.news), ['tool_call_recorded 01_01', 'turn_requested 01_01'])
  const four = step(three, '93 %')
  assert.equal(four.news[1]?.data, {
    executionId: one,
    turn: 4,
    pattern: 'same_result',
    evidence: 'host__disk returned the same 4 times in a row',
    trip: 1,
  })
  assert.equal(four.news[2]?.data, { executionId: one, turn: 5, attempt: 1, mode: 'nudge', why: 'loop' })
  const { state } = four
  const execution = state.status === 'absent' ? undefined : state.executions[one]
  if (state.status === 'absent' || execution?.openTurn == null) throw new Error('no turn')
  assert.match(
    JSON.stringify(conversationOf(state, execution, execution.openTurn).at(-1)),
    'going round in circles: host__disk returned the same 4 times in a row',
  )
})

test('a result that changes is no circle: polling something that moves is work', () => {
  let each = course()
  for (let index = 0; index < 12; index++) each = step(each, `${index} %`)
  assert.not(inShort(each.history).includes('loop_detected 01_01'))
})

test('errors make a circle one step sooner', () => {
  const two = times(2, course(), (each) => step(each, 'no such file', 'host__disk', 'tool_error'))
  assert.not(inShort(two.news).includes('loop_detected 01_01'))
  assert.ok(inShort(step(two, 'no such file', 'host__disk', 'tool_error').news).includes('loop_detected 01_01'))
})

test('two calls by turns are a circle after the third round', () => {
  const round = (each: Course): Course => step(step(each, 'a'), 'b', 'host__set')
  const two = times(2, course(), round)
  assert.not(inShort(two.history).includes('loop_detected 01_01'))
  assert.is(Reflect.get(round(two).news[1]?.data ?? {}, 'pattern'), 'alternating')
})

test('the second circle ends in a forced conclusion', () => {
  const again = times(8, course(), (each) => step(each, '93 %'))
  assert.is(Reflect.get(again.news[1]?.data ?? {}, 'trip'), 2)
  assert.equal(again.news[2]?.data, { executionId: one, turn: 9, attempt: 1, mode: 'forced_conclusion', why: 'loop' })
  assert.is(inShort(again.conclude(one).news).at(-1), 'summary_requested')
})

const failure = (from: Course, attempt: number, failed: CommandData<'RecordModelFailure'>['class']): Course =>
  from.send({
    type: 'RecordModelFailure',
    data: { sessionId: session, executionId: one, turn: 1, attempt, class: failed, message: 'no' },
  })

const withFallback = (): Course => course({ fallback: [{ provider: 'second', model: 'spare' }] })

test('a model that fails for good gives way to the next of the list, for the rest of the execution', () => {
  const switched = failure(withFallback(), 1, 'auth')
  assert.equal(inShort(switched.news), ['model_failed 01_01', 'provider_switched 01_01', 'turn_requested 01_01'])
  assert.is(Reflect.get(switched.news[2]?.data ?? {}, 'attempt'), 2)
  const { state } = switched
  const now = state.status === 'absent' ? undefined : state.executions[one]?.agent
  assert.equal([now?.provider, now?.model], ['second', 'spare'])
})

test('each model has its own attempts; after the last one the agent fails', () => {
  const retried = failure(failure(withFallback(), 1, 'transient'), 2, 'transient')
  const switched = failure(retried, 3, 'transient')
  assert.ok(inShort(switched.news).includes('provider_switched 01_01'))
  const second = failure(failure(switched, 4, 'transient'), 5, 'transient')
  assert.equal(inShort(second.news), ['model_failed 01_01', 'turn_requested 01_01'])
  assert.is(inShort(failure(second, 6, 'transient').news).at(-1), 'ended failed')
})

test.run()

// An agent that goes round in circles is told once and then made to conclude; a model that fails for good gives way to the next.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conversationOf } from '../../domain/prompt/conversation.ts'
import { toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { CommandData } from '../../schemas/commands.ts'
import { commandId } from '../../schemas/ids.ts'
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

test('an agent that says the same four times and calls nothing holds a monologue', () => {
  const hears = (each: Course): Course =>
    each
      .send(
        { type: 'SendMessage', data: { sessionId: session, text: 'Is there anything else?' } },
        { commandId: commandId.parse(`cmd_${turnOf(each)}`) },
      )
      .send(replyTo(one, turnOf(each), 'I go on  thinking.\n'))
  const three = times(3, course(), hears)
  assert.not(inShort(three.history).includes('loop_detected 01_01'))
  const four = hears(three)
  assert.equal(Reflect.get(four.news[1]?.data ?? {}, 'pattern'), 'monologue')
  const { mode, why } = Object(four.news[2]?.data)
  assert.equal([mode, why], ['nudge', 'loop'])
})

test('a reply that repeats itself is told of once, then a conclusion is asked for, then its model is given up', () => {
  const first = failure(withFallback(), 1, 'repetition')
  assert.equal(inShort(first.news), ['model_failed 01_01', 'loop_detected 01_01', 'turn_requested 01_01'])
  assert.equal(first.news[1]?.data, { executionId: one, turn: 1, pattern: 'repeated_text', evidence: 'no', trip: 1 })
  assert.equal(first.news[2]?.data, { executionId: one, turn: 1, attempt: 2, mode: 'nudge', why: 'loop' })
  const second = failure(first, 2, 'repetition')
  assert.equal(second.news[2]?.data, { executionId: one, turn: 1, attempt: 3, mode: 'forced_conclusion', why: 'loop' })
  const third = failure(second, 3, 'repetition')
  assert.equal(inShort(third.news), ['model_failed 01_01', 'provider_switched 01_01', 'turn_requested 01_01'])
  assert.is(inShort(failure(third, 4, 'repetition').news).at(-1), 'ended failed')
})

test('what is said of a reply that repeats itself is not said again once the turn is answered', () => {
  const answered = step(failure(course(), 1, 'repetition'), '93 %')
  assert.equal(answered.news.at(-1)?.data, { executionId: one, turn: 2, attempt: 1, mode: 'normal' })
})

test('repeated while it must conclude for another reason, it is still asked for its conclusion, twice at most', () => {
  const last = step(course({ maxIterations: 1 }), '93 %')
  const again = failure(last, 1, 'repetition', 2)
  assert.equal(again.news.at(-1)?.data, { executionId: one, turn: 2, attempt: 2, mode: 'forced_conclusion' })
  const ended = failure(failure(again, 2, 'repetition', 2), 3, 'repetition', 2)
  assert.is(inShort(ended.news).at(-1), 'ended failed')
})

test('the words of a stream that broke off are shown to the model when it is asked again', () => {
  const words = `It began with ${'a leak; '.repeat(1_000)}and then the disk`
  const cut = course().send({
    type: 'RecordModelFailure',
    data: {
      sessionId: session,
      executionId: one,
      turn: 1,
      attempt: 1,
      class: 'transient',
      message: 'the stream broke off',
      partialText: words,
    },
  })
  const said = promptOf(cut).at(-1)
  assert.match(String(said?.text), 'Your last reply broke off before it was complete')
  assert.ok(said?.text.includes(words.slice(-2_000)))
  assert.not(said?.text.includes(words.slice(-2_001)))
  assert.not(JSON.stringify(promptOf(step(cut, '93 %'))).includes('broke off'))
})

const promptOf = ({ state }: Course) => {
  const execution = state.status === 'absent' ? undefined : state.executions[one]
  if (state.status === 'absent' || execution?.openTurn == null) throw new Error('no turn')
  return conversationOf(state, execution, execution.openTurn)
}

const failure = (from: Course, attempt: number, failed: CommandData<'RecordModelFailure'>['class'], turn = 1): Course =>
  from.send({
    type: 'RecordModelFailure',
    data: { sessionId: session, executionId: one, turn, attempt, class: failed, message: 'no' },
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

// Helpers and messages: called on within bounds, reported exactly once, ended with their parent; and plans made by agents.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { valuesOf } from '../../domain/persistent-map.ts'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { helperIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { helperLimits } from '../../schemas/built-in-tools.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { PlannedStage } from '../../schemas/session-plan.ts'
import { metadata } from '../support/decider-spec.ts'
import { type Course, executionId, inShort, replyTo, stageId, stageOf, underPlan } from '../support/plan-samples.ts'
import { agent, session } from '../support/session-samples.ts'

const one = executionId(1)
const helper = (number: number) => helperIdOf(session, number)

const leader = agent({
  name: 'leader',
  maxIterations: 10,
  helpers: ['scout'],
  builtInTools: ['send_message', 'ask_person', 'extend_plan'],
})
const scout = agent({ name: 'scout', maxIterations: 4, helpers: ['scout'] })

const led = (limits: unknown = {}, more: readonly PlannedStage[] = [], maxStages = 20): Course => {
  const first: PlannedStage = { ...stageOf(1), agents: [{ executionId: one, agent: leader }] }
  const course = underPlan(
    [first, ...more],
    { maxStages },
    { helperAgents: [scout], helperLimits: helperLimits.parse(limits) },
  )
  return offer(course, one)
}

/** What the agent runner does at an execution's first turn. */
const offer = (course: Course, id: typeof one): Course => {
  const { state } = course
  const execution = state.status === 'absent' ? undefined : state.executions[id]
  if (execution === undefined) throw new Error(`no ${id}`)
  return course.send({
    type: 'OfferTools',
    data: { sessionId: session, executionId: id, tools: [...builtInToolsOf(execution)], unavailable: [] },
  })
}

const use = (name: string, args: JsonValue) => ({
  proposed: { name: `casebook__${name}`, arguments: JSON.stringify(args) },
  parsed: { kind: 'valid' as const, arguments: args },
})
const dispatch = (task = 'look at the disk') => use('dispatch_helper', { agent: 'scout', task })

const refusals = (course: Course): readonly string[] =>
  course.news.flatMap((event) => (event.type === 'session.tool_call_refused' ? [event.data.message] : []))

test('an agent is offered what its definition grants: helpers bring four tools, the rest is granted by name', () => {
  const names = (changes: object) => {
    const course = underPlan([{ ...stageOf(1), agents: [{ executionId: one, agent: agent(changes) }] }])
    const execution = course.state.status === 'absent' ? undefined : course.state.executions[one]
    return execution === undefined ? [] : builtInToolsOf(execution).map(({ tool }) => tool)
  }
  assert.equal(names({}), [])
  assert.equal(names({ builtInTools: ['ask_person'] }), ['ask_person'])
  assert.equal(names({ helpers: ['scout'] }), ['dispatch_helper', 'await_helpers', 'list_helpers', 'cancel_helper'])
})

test('two helpers called on in one reply start at once, and the parent goes on', () => {
  const course = led().send(replyTo(one, 1, '', [dispatch(), dispatch('look at the network')]))
  assert.equal(inShort(course.news), [
    'model_replied 01_01',
    'tool_call_requested 01_01',
    'helper_dispatched h001',
    'execution_started h001',
    'tool_call_recorded 01_01',
    'tool_call_requested 01_01',
    'helper_dispatched h002',
    'execution_started h002',
    'tool_call_recorded 01_01',
    'turn_requested 01_01',
    'turn_requested h001',
    'turn_requested h002',
  ])
})

test('a report nobody awaits is a message, and the parent does not end before it has heard it', () => {
  const busy = led().send(replyTo(one, 1, '', [dispatch()]))
  const idle = busy.conclude(one, 'I wait for the scout.')
  assert.equal(inShort(idle.news), ['model_replied 01_01'])
  const told = idle.conclude(helper(1), 'The disk is full.')
  assert.equal(inShort(told.news), [
    'model_replied h001',
    'execution_ended h001 completed',
    'message_sent',
    'helper_reported h001',
    'turn_requested 01_01',
  ])
  assert.match(JSON.stringify(told.news[2]), 'Helper scout (exe_01TEST_h001) completed:\\nThe disk is full.')
  assert.is(inShort(told.conclude(one).news).at(-1), 'summary_requested')
})

test('awaiting returns every report when the last helper is done, however it ended', () => {
  const busy = led().send(replyTo(one, 1, '', [dispatch(), dispatch('b'), use('await_helpers', {})]))
  assert.not(inShort(busy.news).includes('turn_requested 01_01'))
  const half = busy.conclude(helper(2), 'b is fine')
  assert.equal(inShort(half.news), ['model_replied h002', 'execution_ended h002 completed'])
  const all = half.fail(helper(1))
  assert.equal(inShort(all.news), [
    'model_failed h001',
    'execution_ended h001 failed',
    'tool_call_recorded 01_01',
    'helper_reported h001',
    'helper_reported h002',
    'turn_requested 01_01',
  ])
  const text = JSON.stringify(all.news[2])
  assert.match(text, 'scout (exe_01TEST_h001) failed')
  assert.match(text, 'b is fine')
})

test('bounds hold: how many at once, how many in all, how deep, and which', () => {
  const three = [dispatch(), dispatch(), dispatch()]
  assert.match(
    refusals(led({ concurrent: 2 }).send(replyTo(one, 1, '', three)))[0] ?? '',
    '2 helpers are at work already',
  )
  assert.match(refusals(led({ total: 2 }).send(replyTo(one, 1, '', three)))[0] ?? '', 'used its 2 helpers')
  const deeper = offer(led({ depth: 1 }).send(replyTo(one, 1, '', [dispatch()])), helper(1))
  assert.match(refusals(deeper.send(replyTo(helper(1), 1, '', [dispatch()])))[0] ?? '', 'not go deeper than 1')
  const stranger = led().send(replyTo(one, 1, '', [use('dispatch_helper', { agent: 'leader', task: 'x' })]))
  assert.equal(refusals(stranger), ['There is no helper "leader". Helpers: scout.'])
})

test('a helper gets no more turns than its parent has left', () => {
  const { state } = led().send(replyTo(one, 1, '', [dispatch()]))
  assert.is(state.status !== 'absent' && state.executions[helper(1)]?.agent.maxIterations, 4)
  let course = led()
  for (let turn = 1; turn <= 8; turn++)
    course = course.send(replyTo(one, turn, '', [use('send_message', { to: 'leader', text: `note ${turn}` })]))
  const late = course.send(replyTo(one, 9, '', [dispatch()])).state
  assert.is(late.status !== 'absent' && late.executions[helper(1)]?.agent.maxIterations, 1)
})

test('a helper ends with its parent, with the session, at its deadline, or when it is told to', () => {
  const busy = led({ seconds: 60 }).send(replyTo(one, 1, '', [dispatch()]))
  const orphaned = busy.send({ type: 'CancelExecution', data: { sessionId: session, executionId: one, reason: '' } })
  assert.ok(inShort(orphaned.news).includes('execution_ended h001 cancelled'))
  const told = busy.send(replyTo(one, 2, '', [use('cancel_helper', { helper: helper(1), reason: 'enough' })]))
  assert.equal(inShort(told.news).slice(2), [
    'execution_ended h001 cancelled',
    'helper_reported h001',
    'tool_call_recorded 01_01',
    'turn_requested 01_01',
  ])
  const expire = (at: string) =>
    sessionDecider.decide(
      { type: 'ExpireExecution', data: { sessionId: session, executionId: helper(1) } },
      busy.state,
      {
        ...metadata,
        at,
      },
    )
  assert.equal(expire('2026-01-02T03:05:04.999Z'), { kind: 'accept', events: [] })
  const late = expire('2026-01-02T03:05:05.000Z')
  assert.ok(late.kind === 'accept' && inShort(late.events).includes('execution_ended h001 failed'))
})

test("a helper has no say in its stage, and its parent's end does not wait for it when it must conclude", () => {
  const course = led().send(replyTo(one, 1, '', [dispatch()]))
  assert.not(inShort(course.fail(helper(1)).news).includes('stage_ended 01 failed'))
})

test('a message to an agent of a later stage is heard when that agent speaks', () => {
  const later: PlannedStage = {
    ...stageOf(2),
    agents: [{ executionId: executionId(2), agent: agent({ name: 'writer' }) }],
  }
  const course = led({}, [later]).send(replyTo(one, 1, '', [use('send_message', { to: 'writer', text: 'Be brief.' })]))
  const next = course.conclude(one)
  assert.equal(Reflect.get(next.news.at(-1)?.data ?? {}, 'delivers'), ['msg_01TEST_001'])
  assert.is(Reflect.get(next.news.at(-1)?.data ?? {}, 'executionId'), executionId(2))
  const nobody = led().send(replyTo(one, 1, '', [use('send_message', { to: 'nobody', text: 'x' })]))
  assert.equal(refusals(nobody), ['Nobody here is called "nobody". Agents of this session: leader.'])
})

test('a question to people waits for the answer, which is the result of the call', () => {
  const asked = led().send(replyTo(one, 1, '', [use('ask_person', { question: 'Is db-1 in use?' })]))
  assert.equal(inShort(asked.news).slice(1), ['tool_call_requested 01_01', 'input_requested'])
  const answered = asked.send({
    type: 'AnswerInput',
    data: {
      sessionId: session,
      inputId: asked.state.status === 'absent' ? ('' as never) : (valuesOf(asked.state.inputs)[0]?.id ?? ('' as never)),
      answer: { kind: 'reply', text: 'Yes, by billing.' },
    },
  })
  assert.equal(answered.news[1]?.data, {
    toolCallId: toolCallIdOf(one, 1, 1),
    executionId: one,
    outcome: 'succeeded',
    content: { text: 'Yes, by billing.' },
    durationMs: 0,
  })
  assert.is(inShort(answered.news).at(-1), 'turn_requested 01_01')
})

const part = (name: string, depends_on: readonly string[] = []) => ({
  name,
  agent: 'scout',
  task: `do ${name}`,
  depends_on: [...depends_on],
})

test('a planner breaks its task down; what was planned after it waits for every part', () => {
  const stages = [part('a'), part('b'), part('c', ['a'])]
  const planned = led({}, [stageOf(2)]).send(
    replyTo(one, 1, '', [use('extend_plan', { rationale: 'three parts', stages })]),
  )
  const split = planned.conclude(one)
  assert.equal(
    inShort(split.news).filter((line) => line.startsWith('stage_started')),
    ['stage_started 03', 'stage_started 04'],
  )
  const ab = split.conclude(executionId(3)).conclude(executionId(4))
  assert.not(inShort(ab.news).includes('stage_started 02'))
  assert.ok(inShort(ab.conclude(executionId(5)).news).includes('stage_started 02'))
  const reason = planned.news.find(({ type }) => type === 'session.plan_extended')?.data
  assert.equal(Reflect.get(reason ?? {}, 'reason'), {
    kind: 'decomposition',
    stageId: stageId(1),
    executionId: one,
    rationale: 'three parts',
  })
})

test('a plan with circles, strangers or too many stages is refused with what to mend', () => {
  const propose = (stages: readonly JsonValue[], maxStages = 20): readonly string[] =>
    refusals(
      led({}, [], maxStages).send(replyTo(one, 1, '', [use('extend_plan', { rationale: 'r', stages: [...stages] })])),
    )
  assert.match(propose([part('a', ['b']), part('b')])[0] ?? '', 'name stages in their order')
  assert.match(propose([part('a', ['x'])])[0] ?? '', 'waits for "x", which is not in your list')
  assert.match(propose([{ ...part('a'), agent: 'root' }])[0] ?? '', 'names agent "root"')
  assert.match(propose([part('a'), part('b')], 2)[0] ?? '', 'over the limit of 2')
})

test.run()

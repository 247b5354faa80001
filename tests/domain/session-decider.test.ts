// The session's rules, one by one: what was decided before, what is asked, exactly what follows.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { completed } from '../../domain/session/causes.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { CommandData } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { spec } from '../support/decider-spec.ts'
import {
  agent,
  at,
  begin,
  begun,
  call,
  execution,
  offered,
  plan,
  planned,
  record,
  recorded,
  replied,
  reply,
  requested,
  session,
  stage,
  started,
  tools,
  turnRequested,
  valid,
} from '../support/session-samples.ts'

const given = (...history: readonly SessionEvent[]) => spec(sessionDecider).given(...history)

const startData = started.type === 'session.started' ? started.data : (undefined as never)

test('starting a session records what it was asked', () =>
  given().when({ type: 'StartSession', data: startData }).thenEvents(started))

test('starting the same session again changes nothing', () =>
  given(started).when({ type: 'StartSession', data: startData }).thenNothing())

test('the id of a session cannot be used for another one', () =>
  given(started)
    .when({ type: 'StartSession', data: { ...startData, title: 'Another' } })
    .thenRejects('session_exists'))

test('every other command needs a session', () =>
  given()
    .when({ type: 'CancelSession', data: { sessionId: session, reason: '' } })
    .thenRejects('session_not_found'))

test('a plan starts its first stage, its agent and the first turn in one commit', () =>
  given(started)
    .when({ type: 'AdoptPlan', data: { sessionId: session, plan: plan() } })
    .thenEvents(...planned().slice(1)))

test('a second plan is not adopted', () =>
  given(...planned())
    .when({ type: 'AdoptPlan', data: { sessionId: session, plan: plan(agent(), agent()) } })
    .thenNothing())

test('a session that cannot be planned ends and says why', () =>
  given(started)
    .when({ type: 'RejectPlan', data: { sessionId: session, code: 'chain_not_found', message: 'm', nextStep: 'n' } })
    .thenEvents({
      type: 'session.ended',
      data: { status: 'failed', cause: { code: 'chain_not_found', message: 'm', nextStep: 'n' } },
    }))

test('the tools offered are pinned once', () => {
  const data = { sessionId: session, executionId: execution(1), tools, unavailable: [] }
  given(...planned())
    .when({ type: 'OfferTools', data })
    .thenEvents(offered)
  given(...planned(), offered)
    .when({ type: 'OfferTools', data: { ...data, tools: [] } })
    .thenNothing()
})

test('a reply with tool calls requests each of them', () =>
  given(...planned(), offered)
    .when(reply(1, 'let me look', [valid('host__disk'), valid('host__restart')]))
    .thenEvents(
      replied(1, 'let me look', [
        { name: 'host__disk', arguments: '{}' },
        { name: 'host__restart', arguments: '{}' },
      ]),
      requested(1, 1, 'disk', 'read_only'),
      requested(1, 2, 'restart', 'unsafe'),
    ))

test('a tool that was not offered is refused, and the model may try again', () =>
  given(...planned(), offered)
    .when(reply(1, '', [valid('host__format')]))
    .thenEvents(
      replied(1, '', [{ name: 'host__format', arguments: '{}' }]),
      {
        type: 'session.tool_call_refused',
        data: {
          toolCallId: call(1, 1),
          executionId: execution(1),
          turn: 1,
          name: 'host__format',
          code: 'unknown_tool',
          message: 'There is no tool "host__format". Tools offered: host__disk, host__restart, host__set.',
        },
      },
      turnRequested(2),
    ))

test('arguments that do not fit are refused with the reason', () => {
  const bad: CommandData<'RecordModelReply'>['toolCalls'][number] = {
    proposed: { name: 'host__disk', arguments: '{' },
    parsed: { kind: 'invalid', message: 'not JSON' },
  }
  const events = given(...planned(), offered)
    .when(reply(1, '', [bad]))
    .events()
  assert.is(events[1]?.type, 'session.tool_call_refused')
  assert.equal(events[2], turnRequested(2))
})

test('the same turn is answered once', () =>
  given(
    ...planned(),
    offered,
    replied(1, '', [{ name: 'host__disk', arguments: '{}' }]),
    requested(1, 1, 'disk', 'read_only'),
  )
    .when(reply(1, 'another answer'))
    .thenNothing())

test('a turn that was never asked for cannot be answered', () =>
  given(...planned(), offered)
    .when(reply(2, 'too early'))
    .thenRejects('turn_not_open'))

const oneCall = (effect: 'read_only' | 'unsafe' | 'idempotent' = 'read_only'): readonly SessionEvent[] => {
  const name = { read_only: 'disk', unsafe: 'restart', idempotent: 'set' }[effect]
  return [
    ...planned(),
    offered,
    replied(1, '', [{ name: `host__${name}`, arguments: '{}' }]),
    requested(1, 1, name, effect),
  ]
}

test('a tool call is begun before it runs', () =>
  given(...oneCall())
    .when(begin(1, 1))
    .thenEvents(begun(1, 1)))

test('the same attempt is begun by one worker only', () =>
  given(...oneCall(), begun(1, 1))
    .when(begin(1, 1))
    .thenNothing())

test('a read-only call may be begun again after a crash', () =>
  given(...oneCall(), begun(1, 1))
    .when(begin(1, 1, 2))
    .thenEvents(begun(1, 1, 2)))

test('a call that is neither read-only nor idempotent is never begun twice', () =>
  given(...oneCall('unsafe'), begun(1, 1))
    .when(begin(1, 1, 2))
    .thenRejects('tool_call_not_repeatable'))

test('the last result of a turn asks for the next turn', () =>
  given(...oneCall(), begun(1, 1))
    .when(record(1, 1))
    .thenEvents(recorded(1, 1), turnRequested(2)))

test('a result is recorded once', () =>
  given(...oneCall(), begun(1, 1), recorded(1, 1), turnRequested(2))
    .when(record(1, 1, 'failed'))
    .thenNothing())

test('the next turn waits for every call of the turn', () => {
  const history = [
    ...planned(),
    offered,
    replied(1, '', [
      { name: 'host__disk', arguments: '{}' },
      { name: 'host__set', arguments: '{}' },
    ]),
    requested(1, 1, 'disk', 'read_only'),
    requested(1, 2, 'set', 'idempotent'),
    begun(1, 1),
    begun(1, 2),
  ]
  given(...history)
    .when(record(1, 1))
    .thenEvents(recorded(1, 1))
  given(...history, recorded(1, 1))
    .when(record(1, 2))
    .thenEvents(recorded(1, 2), turnRequested(2))
})

test('a real result corrects an unknown outcome without going on twice', () =>
  given(...oneCall('unsafe'), begun(1, 1), recorded(1, 1, 'outcome_unknown'), turnRequested(2))
    .when(record(1, 1))
    .thenEvents({
      type: 'session.tool_call_recorded',
      data: {
        toolCallId: call(1, 1),
        executionId: execution(1),
        outcome: 'succeeded',
        content: { text: 'result 1.1' },
        durationMs: 3,
        late: true,
      },
    }))

const concluding: readonly SessionEvent[] = [
  replied(1, 'the disk is full'),
  {
    type: 'session.execution_ended',
    data: {
      executionId: execution(1),
      stageId: stage(1),
      status: 'completed',
      conclusion: { text: 'the disk is full' },
    },
  },
  { type: 'session.stage_ended', data: { stageId: stage(1), status: 'completed' } },
]

test('a reply without calls concludes the agent, its stage and the investigation', () =>
  given(...planned(), offered)
    .when(reply(1, 'the disk is full'))
    .thenEvents(
      ...concluding,
      {
        type: 'session.final_analysis_recorded',
        data: { text: { text: 'the disk is full' }, executionId: execution(1) },
      },
      { type: 'session.summary_requested', data: { attempt: 1 } },
    ))

test('the end of a stage starts the next one in the same commit', () =>
  given(...planned(agent(), agent({ name: 'analyst', controller: 'single_shot' })), offered)
    .when(reply(1, 'the disk is full'))
    .thenEvents(
      ...concluding,
      { type: 'session.stage_started', data: { stageId: stage(2), name: 'stage 2', index: 1, total: 2 } },
      {
        type: 'session.execution_started',
        data: {
          executionId: execution(2),
          stageId: stage(2),
          agent: 'analyst',
          controller: 'single_shot',
          at,
        },
      },
      {
        type: 'session.turn_requested',
        data: { executionId: execution(2), turn: 1, attempt: 1, mode: 'normal' },
      },
    ))

test('the turn after the last allowed one must conclude', () => {
  const last = [...oneCall(), begun(1, 1)].map((event) =>
    event.type === 'session.plan_adopted' ? { ...event, data: plan(agent({ maxIterations: 1 })) } : event,
  )
  given(...last)
    .when(record(1, 1))
    .thenEvents(recorded(1, 1), turnRequested(2, 'forced_conclusion'))
})

test('calls in a forced conclusion are refused and its text stands', () => {
  const events = given(...planned(), offered, turnRequested(4, 'forced_conclusion'))
    .when(reply(4, 'so far: full', [valid('host__disk')]))
    .events()
  assert.equal(
    events.map(({ type }) => type),
    [
      'session.model_replied',
      'session.tool_call_refused',
      'session.execution_ended',
      'session.stage_ended',
      'session.final_analysis_recorded',
      'session.summary_requested',
    ],
  )
  const end = events[2]
  assert.ok(end?.type === 'session.execution_ended' && end.data.forced === true)
})

test('an empty reply is nudged twice, then the agent fails and the session says why', () => {
  given(...planned(), offered)
    .when(reply(1, ' '))
    .thenEvents(replied(1, ' '), turnRequested(2, 'nudge'))
  given(...planned(), offered, replied(1, ''), turnRequested(2, 'nudge'))
    .when(reply(2, ''))
    .thenEvents(replied(2, ''), turnRequested(3, 'nudge'))
  const events = given(
    ...planned(),
    offered,
    replied(1, ''),
    turnRequested(2, 'nudge'),
    replied(2, ''),
    turnRequested(3, 'nudge'),
  )
    .when(reply(3, ''))
    .events()
  const end = events.at(-1)
  assert.ok(end?.type === 'session.ended' && end.data.status === 'failed')
  assert.ok(end.data.cause.code === 'no_conclusion' && end.data.cause.eventId === 'cmd_test.0')
})

const failure = (
  attempt: number,
  failureClass: CommandData<'RecordModelFailure'>['class'],
  retryAfterMs?: number,
): CommandData<'RecordModelFailure'> => ({
  sessionId: session,
  executionId: execution(1),
  turn: 1,
  attempt,
  class: failureClass,
  message: 'no answer',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
})

test('a passing failure is tried again after a back-off that the log names', () =>
  given(...planned(), offered)
    .when({ type: 'RecordModelFailure', data: failure(1, 'transient') })
    .thenEvents(
      {
        type: 'session.model_failed',
        data: { executionId: execution(1), turn: 1, attempt: 1, class: 'transient', message: 'no answer' },
      },
      {
        type: 'session.turn_requested',
        data: {
          executionId: execution(1),
          turn: 1,
          attempt: 2,
          mode: 'normal',
          notBefore: '2026-01-02T03:04:06.000Z',
        },
      },
    ))

test('a rate limit is waited out for as long as the endpoint asks', () => {
  const [, again] = given(...planned(), offered)
    .when({ type: 'RecordModelFailure', data: failure(1, 'rate_limited', 30_000) })
    .events()
  assert.ok(again?.type === 'session.turn_requested' && again.data.notBefore === '2026-01-02T03:04:35.000Z')
})

for (const [failureClass, attempt] of [
  ['auth', 1],
  ['invalid_request', 1],
  ['transient', 3],
] as const) {
  test(`a model failure of class ${failureClass} at attempt ${attempt} of 3 ends the session with that cause`, () => {
    const events = given(...planned(), offered, turnRequested(1, 'normal', attempt))
      .when({ type: 'RecordModelFailure', data: failure(attempt, failureClass) })
      .events()
    const end = events.at(-1)
    assert.ok(end?.type === 'session.ended' && end.data.cause.code === `model_${failureClass}`)
  })
}

test('a failure of an attempt that was replaced changes nothing', () =>
  given(...planned(), offered, turnRequested(1, 'normal', 2))
    .when({ type: 'RecordModelFailure', data: failure(1, 'transient') })
    .thenNothing())

const summarizing: readonly SessionEvent[] = [
  ...planned(),
  offered,
  ...concluding,
  { type: 'session.final_analysis_recorded', data: { text: { text: 'full' }, executionId: execution(1) } },
  { type: 'session.summary_requested', data: { attempt: 1 } },
]

test('the summary completes the session', () => {
  const by = { provider: 'p', model: 'm', simulated: true }
  const data = { text: 'Full.', usage: { inputTokens: 1, outputTokens: 1 }, by, durationMs: 1 }
  given(...summarizing)
    .when({ type: 'RecordSummary', data: { sessionId: session, ...data } })
    .thenEvents(
      { type: 'session.summary_recorded', data },
      { type: 'session.ended', data: { status: 'completed', cause: completed } },
    )
})

test('a summary that cannot be written does not fail the session', () => {
  const events = given(...summarizing)
    .when({ type: 'RecordSummaryFailure', data: { sessionId: session, attempt: 1, class: 'auth', message: 'no key' } })
    .events()
  const end = events.at(-1)
  assert.ok(end?.type === 'session.ended' && end.data.status === 'completed')
  assert.ok(end.data.cause.code === 'completed_without_summary')
})

test('cancelling ends what runs and names who and why', () =>
  given(...planned(), offered)
    .when({ type: 'CancelSession', data: { sessionId: session, reason: 'false alarm' } })
    .thenEvents(
      {
        type: 'session.execution_ended',
        data: { executionId: execution(1), stageId: stage(1), status: 'cancelled', cause: cancelCause },
      },
      { type: 'session.stage_ended', data: { stageId: stage(1), status: 'cancelled' } },
      { type: 'session.ended', data: { status: 'cancelled', cause: cancelCause } },
    ))

const cancelCause = {
  code: 'cancelled',
  message: 'Cancelled by tester: false alarm',
  nextStep: 'Start a new session if the question still stands.',
}
const cancelled: readonly SessionEvent[] = [
  {
    type: 'session.execution_ended',
    data: { executionId: execution(1), stageId: stage(1), status: 'cancelled', cause: cancelCause },
  },
  { type: 'session.ended', data: { status: 'cancelled', cause: cancelCause } },
]

test('a finished session takes no more replies, and cannot be cancelled unless it was', () => {
  given(...planned(), offered, ...cancelled)
    .when(reply(1, 'too late'))
    .thenRejects('session_ended')
  given(...planned(), offered, ...cancelled)
    .when({ type: 'CancelSession', data: { sessionId: session, reason: 'again' } })
    .thenNothing()
  given(started, { type: 'session.ended', data: { status: 'completed', cause: completed } })
    .when({ type: 'CancelSession', data: { sessionId: session, reason: '' } })
    .thenRejects('session_ended')
})

test('the result of a call that outlived its session is kept as late', () => {
  const [event] = given(...oneCall('unsafe'), begun(1, 1), ...cancelled)
    .when(record(1, 1))
    .events()
  assert.ok(event?.type === 'session.tool_call_recorded' && event.data.late === true)
})

test('an event of a newer build does not break the fold', () => {
  const future = { type: 'session.teleported', data: {} } as unknown as SessionEvent
  const { state } = given(...planned(), future)
  assert.is(state.status, 'running')
})

test.run()

// A long tool result is summed up before its agent goes on: asked for once, waited for, and never lost when no model can do it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conversationOf } from '../../domain/prompt/conversation.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { SessionState } from '../../domain/session/session-state.ts'
import type { CommandData, SessionCommand } from '../../schemas/commands.ts'
import type { EventData, SessionEvent } from '../../schemas/events.ts'
import { spec } from '../support/decider-spec.ts'
import {
  agent,
  begun,
  call,
  execution,
  offered,
  plan,
  planned,
  record,
  replied,
  requested,
  session,
  turnRequested,
} from '../support/session-samples.ts'

const settings = { overTokens: 200, toTokens: 50, provider: 'simulator', model: 'small' }
const blob = { sha256: 'a'.repeat(64), bytes: 90_000, mediaType: 'text/plain' }
const long = { text: 'b'.repeat(1_600), blob }
const id = call(1, 1)

const { given } = spec(sessionDecider)
const asked = (...calls: readonly string[]): readonly SessionEvent[] => [
  ...planned(agent({ summarizeResults: settings })),
  offered,
  replied(
    1,
    'I look.',
    calls.map((name) => ({ name: `host__${name}`, arguments: '{}' })),
  ),
  ...calls.flatMap((name, index) => [requested(1, index + 1, name, 'read_only'), begun(1, index + 1)]),
]
const recordedLong: SessionEvent = {
  type: 'session.tool_call_recorded',
  data: { toolCallId: id, executionId: execution(1), outcome: 'succeeded', content: long, durationMs: 3 },
}
const recordLong: SessionCommand = {
  type: 'RecordToolCall',
  data: { sessionId: session, toolCallId: id, outcome: 'succeeded', content: long, durationMs: 3 },
}
const summaryRequested = (attempt = 1, notBefore?: string): SessionEvent => ({
  type: 'session.result_summary_requested',
  data: { toolCallId: id, executionId: execution(1), attempt, ...(notBefore !== undefined && { notBefore }) },
})
const by = { provider: 'simulator', model: 'small', simulated: true }
const summary = {
  toolCallId: id,
  text: { text: 'Two errors.' },
  usage: { inputTokens: 40, outputTokens: 2 },
  by,
  durationMs: 9,
  costMicros: 7,
}
const recordSummary: SessionCommand = { type: 'RecordResultSummary', data: { sessionId: session, ...summary } }
const summarized: SessionEvent = {
  type: 'session.result_summarized',
  data: { ...summary, executionId: execution(1), how: 'summary', original: blob },
}
const failure = (changes: Partial<CommandData<'RecordResultSummaryFailure'>> = {}): SessionCommand => ({
  type: 'RecordResultSummaryFailure',
  data: { sessionId: session, toolCallId: id, attempt: 1, class: 'transient', message: 'away', ...changes },
})
const failed = (data: Partial<EventData<'session.result_summary_failed'>> = {}): SessionEvent => ({
  type: 'session.result_summary_failed',
  data: { toolCallId: id, attempt: 1, class: 'transient', message: 'away', executionId: execution(1), ...data },
})

test('a result over the threshold asks for a summary, and the next turn waits for it', () => {
  given(...asked('disk'))
    .when(recordLong)
    .thenEvents(recordedLong, summaryRequested())
  given(...asked('disk'), recordedLong, summaryRequested())
    .when(recordSummary)
    .thenEvents(summarized, turnRequested(2))
})

test('a shorter one, one of an agent without the setting, and one of Casebook itself are shown as they are', () => {
  const short = record(1, 1)
  assert.equal(
    given(...asked('disk'))
      .when(short)
      .events()
      .map(({ type }) => type),
    ['session.tool_call_recorded', 'session.turn_requested'],
  )
  const [, , ...rest] = asked('disk')
  const [first, adopted] = planned()
  if (first === undefined || adopted === undefined) throw new Error('no plan')
  given(first, adopted, ...rest)
    .when(recordLong)
    .thenEvents(recordedLong, turnRequested(2))
})

test('with several calls each long one is asked for at once; the turn waits for all', () => {
  const other = record(1, 2)
  given(...asked('disk', 'set'))
    .when(recordLong)
    .thenEvents(recordedLong, summaryRequested())
  const events = given(...asked('disk', 'set'), recordedLong, summaryRequested())
    .when(other)
    .events()
  assert.equal(
    events.map(({ type }) => type),
    ['session.tool_call_recorded'],
  )
})

test('the agent is shown the summary, told that it is one, and how large the whole is', () => {
  const shown = (...more: readonly SessionEvent[]): string => {
    const { state } = given(...asked('disk'), recordedLong, summaryRequested(), ...more, turnRequested(2))
    return toolTextOf(state)
  }
  const text = shown(summarized)
  assert.match(
    text,
    /^\[call \d+\]\n\[This is a summary of the result, written by a model; the result itself has 90000 bytes/,
  )
  assert.match(text, blob.sha256)
  assert.match(text, /\nTwo errors\.$/)
})

const toolTextOf = (state: SessionState): string => {
  const agentOf = state.status === 'absent' ? undefined : state.executions[execution(1)]
  if (state.status === 'absent' || agentOf?.openTurn == null) throw new Error('no turn')
  return conversationOf(state, agentOf, agentOf.openTurn).find(({ role }) => role === 'tool')?.text ?? ''
}

test('what the summary cost counts for the agent and the session', () => {
  const { state } = given(...asked('disk'), recordedLong, summaryRequested(), summarized)
  if (state.status === 'absent') throw new Error('no session')
  assert.equal(state.used, { tokens: 15 + 42, costMicros: 7, toolCalls: 1 })
  assert.equal(state.executions[execution(1)]?.used, state.used)
})

test('a failure that may pass is tried again later; the last one leaves an excerpt that says what it is', () => {
  const history = [...asked('disk'), recordedLong, summaryRequested()]
  given(...history)
    .when(failure())
    .thenEvents(failed(), summaryRequested(2, '2026-01-02T03:04:06.000Z'))
  for (const [attempt, changes] of [
    [3, {}],
    [1, { class: 'auth' }],
  ] as const) {
    const [, cut, turn] = given(...history, ...(attempt === 3 ? [summaryRequested(3)] : []))
      .when(failure({ attempt, ...changes }))
      .events()
    assert.is(turn?.type, 'session.turn_requested')
    if (cut?.type !== 'session.result_summarized') throw new Error('no excerpt')
    assert.is(cut.data.how, 'excerpt')
    assert.equal(cut.data.original, blob)
    assert.is(cut.data.text.text, `${'b'.repeat(600)}\n… left out …\n${'b'.repeat(200)}`)
    assert.is(cut.data.reason, 'no summary could be written: away')
    const { state } = given(...history, cut, turnRequested(2))
    assert.match(toolTextOf(state), /only the beginning and the end of a result of 90000 bytes/)
  }
})

test('a model that fails for good gives way to those the agent may fall back on, each with its own attempts', () => {
  const second = { provider: 'second', model: 'spare' }
  const spared = agent({ summarizeResults: settings, fallback: [{ provider: 'simulator', model: 'small' }, second] })
  const history: readonly SessionEvent[] = [
    ...asked('disk').map(
      (event): SessionEvent =>
        event.type === 'session.plan_adopted'
          ? { ...event, data: { ...event.data, stages: plan(spared).stages } }
          : event,
    ),
    recordedLong,
    summaryRequested(),
  ]
  const switched: SessionEvent = {
    type: 'session.result_summary_requested',
    data: { toolCallId: id, executionId: execution(1), attempt: 2, by: second },
  }
  given(...history)
    .when(failure({ class: 'auth' }))
    .thenEvents(failed({ class: 'auth' }), switched)
  const later = given(...history, failed({ class: 'auth' }), switched)
  const [, again] = later.when(failure({ attempt: 2 })).events()
  assert.equal(again?.data, {
    ...switched.data,
    attempt: 3,
    notBefore: '2026-01-02T03:04:06.000Z',
  })
  const [, cut] = later.when(failure({ attempt: 2, class: 'auth' })).events()
  assert.is(cut?.type === 'session.result_summarized' && cut.data.how, 'excerpt')
})

test('reported twice, too late, or for another attempt, it changes nothing', () => {
  const history = [...asked('disk'), recordedLong, summaryRequested()]
  given(...history, summarized, turnRequested(2))
    .when(recordSummary)
    .thenNothing()
  given(...history, summarized, turnRequested(2))
    .when(failure())
    .thenNothing()
  given(...history, summaryRequested(2))
    .when(failure())
    .thenNothing()
  given(...history)
    .when({ ...recordLong })
    .thenNothing()
  given(...asked('disk'))
    .when(recordSummary)
    .thenNothing()
})

test('a pause asks nothing new; what was missed is asked for when the session goes on', () => {
  const paused: SessionEvent = {
    type: 'session.paused',
    data: { by: { kind: 'user', id: 'jo' }, reason: '' },
  }
  const resumed: SessionEvent = { type: 'session.resumed', data: { by: { kind: 'user', id: 'tester' } } }
  const resume: SessionCommand = { type: 'ResumeSession', data: { sessionId: session } }
  given(...asked('disk'), paused)
    .when(recordLong)
    .thenEvents(recordedLong)
  given(...asked('disk'), paused, recordedLong)
    .when(resume)
    .thenEvents(resumed, summaryRequested())
  const failing = [...asked('disk'), recordedLong, summaryRequested(), paused]
  given(...failing)
    .when(failure())
    .thenEvents(failed())
  given(...failing, failed())
    .when(resume)
    .thenEvents(resumed, summaryRequested(2))
})

test('where the budget is used up no model is asked: the agent is shown an excerpt', () => {
  const budgets = { session: { tokens: 10 }, agent: {}, on_reached: 'finish' } as const
  const history = asked('disk').map(
    (event): SessionEvent =>
      event.type === 'session.plan_adopted' ? { ...event, data: { ...event.data, budgets } } : event,
  )
  const [, cut] = given(...history)
    .when(recordLong)
    .events()
  if (cut?.type !== 'session.result_summarized') throw new Error('no excerpt')
  assert.is(cut.data.reason, 'the budget is used up')
  assert.is(cut.data.usage, undefined)
})

test.run()

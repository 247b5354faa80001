// The bars of a session: what was queued, at work and waiting for a person, and the same whether folded at once or gone on with.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inputIdOf } from '../../domain/session/session-ids.ts'
import { createWaterfall } from '../../projections/waterfall.ts'
import { waterfall } from '../../projections/waterfall-view.ts'
import type { RecordedEvent } from '../../schemas/commit.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { streamVersion } from '../../schemas/ids.ts'
import {
  begun,
  call,
  execution,
  offered,
  planned,
  replied,
  requested,
  session,
  stage,
} from '../support/session-samples.ts'

const base = Date.parse('2026-01-02T03:00:00.000Z')
const at = (second: number): string => new Date(base + second * 1_000).toISOString()

/** Each event a second after the one before. */
const numbered = (events: readonly SessionEvent[]): readonly (readonly [RecordedEvent, string])[] =>
  events.map((event, index) => [{ ...event, id: `e${index}`, version: streamVersion.parse(index + 1) }, at(index)])

const fold = (events: readonly SessionEvent[], from = 0, into = createWaterfall()) => {
  for (const [event, time] of numbered(events).slice(from)) into.take(event, time, event.version)
  return into.read()
}

const input = inputIdOf(session, 1)
const asksFor: SessionEvent = {
  type: 'session.input_requested',
  data: {
    inputId: input,
    expiresAt: at(9_999),
    question: {
      kind: 'tool_approval',
      toolCallId: call(1, 1),
      executionId: execution(1),
      turn: 1,
      name: 'host__restart',
      server: 'host',
      tool: 'restart',
      arguments: {},
      effect: 'unsafe',
      reason: 'unsafe',
    },
  },
}
const recorded: SessionEvent = {
  type: 'session.tool_call_recorded',
  data: {
    toolCallId: call(1, 1),
    executionId: execution(1),
    outcome: 'succeeded',
    content: { text: 'done' },
    durationMs: 900,
  },
}
const approved: SessionEvent = {
  type: 'session.input_answered',
  data: { inputId: input, answer: { kind: 'approve', scope: 'once' }, by: { kind: 'user', id: 'jo' } },
}
const proposal = replied(1, '', [{ name: 'host__restart', arguments: '{}' }])
const approvedCall = [
  ...planned(),
  offered,
  proposal,
  asksFor,
  approved,
  requested(1, 1, 'restart', 'unsafe'),
  begun(1, 1),
  recorded,
]

test('a call that a person had to allow shows when it waited, was queued and ran', () => {
  const shown = waterfall.parse(fold(approvedCall))
  const bar = shown.bars.find(({ id }) => id === call(1, 1))
  // started, plan, stage, execution, turn, tools, reply, then: asked 7, answered 8, requested 9, begun 10, recorded 11.
  assert.equal(
    { ...bar, usage: undefined },
    {
      id: call(1, 1),
      kind: 'tool',
      parent: execution(1),
      name: 'host__restart',
      turn: 1,
      status: 'succeeded',
      askedAt: at(7),
      startedAt: at(10),
      endedAt: at(11),
      waits: [{ from: at(7), to: at(8), inputId: input }],
      usage: undefined,
      costMicros: 0,
      version: 8,
    },
  )
  assert.equal(
    shown.bars.map(({ kind, parent }) => [kind, parent]),
    [
      ['session', null],
      ['stage', session],
      ['agent', stage(1)],
      ['model', execution(1)],
      ['tool', execution(1)],
    ],
  )
})

test('a model call was queued until as long before its reply as it took, and its tokens count for all above it', () => {
  const bars = fold([...planned(), offered, replied(1, 'It was the disk.')])?.bars ?? []
  const model = bars.find(({ kind }) => kind === 'model')
  assert.is(model?.startedAt, new Date(Date.parse(at(6)) - 7).toISOString())
  assert.is(model?.endedAt, at(6))
  assert.equal(
    bars.map(({ usage }) => usage.inputTokens),
    [10, 10, 10, 10],
  )
})

test('what is asked of a person shows as waiting until somebody answers, and so does a pause', () => {
  const waiting = [...planned(), offered, proposal, asksFor]
  assert.is(fold(waiting)?.bars.at(-1)?.status, 'waiting')
  assert.is(fold([...waiting, approved])?.bars.at(-1)?.status, 'queued')
  const paused: SessionEvent = { type: 'session.paused', data: { by: { kind: 'user', id: 'jo' }, reason: '' } }
  assert.is(fold([...planned(), paused])?.bars[0]?.status, 'waiting')
  const resumed: SessionEvent = { type: 'session.resumed', data: { by: { kind: 'user', id: 'jo' } } }
  assert.is(fold([...planned(), paused, resumed])?.bars[0]?.status, 'running')
})

test('the end of a session ends whatever was open', () => {
  const cause = { code: 'cancelled', message: 'm', nextStep: 'n' } as const
  const ended = { type: 'session.ended', data: { status: 'cancelled', cause } } as unknown as SessionEvent
  const bars = fold([...planned(), ended])?.bars ?? []
  assert.ok(bars.length > 3)
  assert.ok(bars.every(({ endedAt, status }) => endedAt !== null && status === 'cancelled'))
})

test('gone on with from any point, the bars are those of the whole', () => {
  const whole = fold(approvedCall)
  for (let point = 1; point < approvedCall.length; point++) {
    const before = fold(approvedCall.slice(0, point)) ?? undefined
    assert.equal(fold(approvedCall, point, createWaterfall(before)), whole, `gone on with after ${point}`)
  }
})

test('before a session has started there is nothing to show', () => {
  assert.is(createWaterfall().read(), null)
})

test.run()

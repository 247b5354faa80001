// A late joiner hears each character once, and nothing of a turn that is on the log.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evolveSession } from '../../domain/session/evolve-session.ts'
import { absentSession, type SessionState } from '../../domain/session/session-state.ts'
import { createLiveText } from '../../gateways/http/live-text.ts'
import type { RecordedEvent } from '../../schemas/commit.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import {
  call,
  execution,
  offered,
  planned,
  recorded,
  replied,
  requested,
  session,
  stage,
  turnRequested,
} from '../support/session-samples.ts'

const delta = (offset: number, text: string, changes: Partial<LiveDelta> = {}): LiveDelta => ({
  sessionId: session,
  executionId: execution(1),
  turn: 1,
  attempt: 1,
  kind: 'text',
  offset,
  text,
  ...changes,
})

const event = (type: string, data: object): RecordedEvent => ({ type, data, id: 'e', version: 1 }) as never

const listen = () => {
  const heard: LiveDelta[] = []
  const live = createLiveText((each) => heard.push(each))
  return { live, heard, text: () => heard.map(({ text }) => text).join('') }
}

test('the text so far comes as one delta, and what overlaps with it is told once', () => {
  const { live, heard, text } = listen()
  live.takeSofar([delta(0, 'The disk '), delta(9, 'is full'), delta(9, 'is full')])
  assert.is(heard.length, 1)
  live.take(delta(9, 'is full'))
  live.take(delta(12, 'full because'))
  live.take(delta(24, ' of logs'))
  assert.is(text(), 'The disk is full because of logs')
  assert.equal(
    heard.map(({ offset }) => offset),
    [0, 16, 24],
  )
})

test('a gap keeps its offset, so that the client can tell', () => {
  const { live, heard } = listen()
  live.take(delta(0, 'abc'))
  live.take(delta(10, 'xyz'))
  assert.equal(
    heard.map(({ offset }) => offset),
    [0, 10],
  )
})

test('kinds, tools and attempts are texts of their own', () => {
  const { live, heard } = listen()
  live.takeSofar([
    delta(0, 'a'),
    delta(0, 'b', { kind: 'thinking' }),
    delta(0, '', { kind: 'tool_arguments', toolIndex: 0, toolName: 'disk' }),
    delta(0, '{', { kind: 'tool_arguments', toolIndex: 0 }),
    delta(0, '{', { kind: 'tool_arguments', toolIndex: 1 }),
  ])
  assert.equal(
    heard.map(({ kind, text, toolName }) => [kind, text, toolName]),
    [
      ['text', 'a', undefined],
      ['thinking', 'b', undefined],
      ['tool_arguments', '{', 'disk'],
      ['tool_arguments', '{', undefined],
    ],
  )
})

test('a recorded reply, a failed attempt and an ended execution silence what came before them', () => {
  const { live, text } = listen()
  live.observe(event('session.model_replied', { executionId: execution(1), turn: 1 }))
  live.take(delta(0, 'old'))
  live.observe(event('session.turn_requested', { executionId: execution(1), turn: 2, attempt: 1 }))
  live.take(delta(0, 'first', { turn: 2 }))
  live.observe(event('session.model_failed', { executionId: execution(1), turn: 2, attempt: 1 }))
  live.take(delta(5, 'late', { turn: 2 }))
  live.take(delta(0, '|second', { turn: 2, attempt: 2 }))
  live.observe(event('session.execution_ended', { executionId: execution(1) }))
  live.take(delta(7, 'never', { turn: 2, attempt: 2 }))
  assert.is(text(), 'first|second')
})

test('how far a call is, is told after the reply that asked for it, until the call is on the log', () => {
  const { live, text } = listen()
  const progress = (offset: number, line: string, number = 1): LiveDelta =>
    delta(offset, line, { kind: 'tool_progress', toolCallId: call(1, number) })
  live.observe(event('session.model_replied', { executionId: execution(1), turn: 1 }))
  live.take(progress(0, '1/2\n'))
  live.take(progress(0, 'a\n', 2))
  live.take(progress(4, '2/2\n'))
  live.observe(event('session.tool_call_recorded', { executionId: execution(1), toolCallId: call(1, 1) }))
  live.take(progress(8, 'late\n'))
  live.take(progress(2, 'b\n', 2))
  assert.is(text(), '1/2\na\n2/2\nb\n')
  live.observe(event('session.execution_ended', { executionId: execution(1) }))
  live.take(progress(4, 'late\n', 2))
  assert.is(text(), '1/2\na\n2/2\nb\n')
})

test('who joins late is not told how far calls were that may be over', () => {
  const { live, text } = listen()
  live.takeSofar([delta(0, '1/2\n', { kind: 'tool_progress', toolCallId: call(1, 1) }), delta(0, 'Text')])
  assert.is(text(), 'Text')
})

test('what a session has come to before anybody listens silences the same as having heard it', () => {
  const heardOf = (...history: readonly SessionEvent[]): string => {
    const { live, text } = listen()
    live.begin([...planned(), offered, ...history].reduce<SessionState>(evolveSession, absentSession))
    for (const turn of [1, 2]) {
      for (const attempt of [1, 2]) live.take(delta(0, `${turn}.${attempt} `, { turn, attempt }))
    }
    live.take(delta(0, 'progress', { kind: 'tool_progress', toolCallId: call(1, 1) }))
    return text()
  }
  const disk = [{ name: 'host__disk', arguments: '{}' }]
  assert.is(heardOf(), '1.1 1.2 2.1 2.2 progress')
  assert.is(heardOf(turnRequested(1, 'normal', 2)), '1.2 2.1 2.2 progress')
  assert.is(heardOf(replied(1, 'Look.', disk), requested(1, 1, 'disk', 'read_only')), '2.1 2.2 progress')
  assert.is(heardOf(replied(1, 'Look.', disk), recorded(1, 1), turnRequested(2)), '2.1 2.2 ')
  const end = { executionId: execution(1), stageId: stage(1), status: 'completed' } as const
  assert.is(heardOf({ type: 'session.execution_ended', data: end }), '')
})

test.run()

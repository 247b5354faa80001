// Text put together from pieces that come late, twice or with a gap: nothing lost, nothing doubled.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DeltaFrame } from '../../dashboard/src/api/live-frames.ts'
import { noLiveText, put, withDelta, withoutSettled } from '../../dashboard/src/pages/session/live-text.ts'
import { executionId, streamVersion } from '../../schemas/ids.ts'

const execution = executionId.parse('exe_TEST01_01_01')
const piece = (offset: number, text: string, more: Partial<DeltaFrame> = {}): DeltaFrame => ({
  ...{ executionId: execution, turn: 1, attempt: 1, kind: 'text', offset, text },
  ...more,
})

test('a text is the same however often what was told comes again after a break', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 200 }),
      fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 30 }),
      (whole, breaks) => {
        let known = put({ from: 0, text: '' }, 0, '')
        for (const [from, to] of breaks) {
          // A stream begins again somewhere in what is known, and goes on from there.
          const begin = Math.min(from, known.text.length)
          const end = Math.min(Math.max(begin, to), whole.length)
          known = put(known, begin, whole.slice(begin, end))
          assert.is(known.text, whole.slice(0, known.text.length))
        }
        known = put(known, known.text.length, whole.slice(known.text.length))
        assert.equal(known, { from: 0, text: whole })
      },
    ),
  )
})

test('a piece behind a gap begins anew and knows where, and what was missed puts itself before it', () => {
  const gap = put({ from: 0, text: 'abc' }, 10, 'xyz')
  assert.equal(gap, { from: 10, text: 'xyz' })
  assert.equal(put(gap, 13, '!'), { from: 10, text: 'xyz!' })
  assert.equal(put(gap, 0, 'abcdefghijxyz'), { from: 0, text: 'abcdefghijxyz' })
})

test('turns, thinking, arguments of calls and progress of tools stand apart', () => {
  const live = [
    piece(0, 'hello'),
    piece(0, 'hm', { kind: 'thinking' }),
    piece(0, '{"a', { kind: 'tool_arguments', toolIndex: 1, toolName: 'disk' }),
    piece(3, '":1}', { kind: 'tool_arguments', toolIndex: 1 }),
    piece(0, 'half way\n', { kind: 'tool_progress', toolCallId: 'call_1' }),
    piece(0, 'other', { turn: 2 }),
  ].reduce(withDelta, noLiveText)
  assert.equal(
    live.turns.map(({ turn, text, thinking }) => [turn, text.text, thinking.text]),
    [
      [1, 'hello', 'hm'],
      [2, 'other', ''],
    ],
  )
  assert.equal(
    live.turns[0]?.calls.map(({ tool, written }) => [tool, written.text]),
    [
      ['', ''],
      ['disk', '{"a":1}'],
    ],
  )
  assert.is(live.progress['call_1']?.text, 'half way\n')
})

test('a recorded end of a turn ends its text, and no other', () => {
  const live = [piece(0, 'one'), piece(0, 'two', { turn: 2 })].reduce(withDelta, noLiveText)
  const numbered = { id: 'e', version: streamVersion.parse(9) }
  const failed = withoutSettled(live, {
    ...numbered,
    type: 'session.model_failed',
    data: { executionId: execution, turn: 1, attempt: 1, class: 'timeout', message: '' },
  })
  assert.equal(
    failed.turns.map(({ turn }) => turn),
    [2],
  )
  const ended = withoutSettled(live, {
    ...numbered,
    type: 'session.execution_ended',
    data: { executionId: execution, stageId: 'stg_TEST01_01' as never, status: 'cancelled' },
  })
  assert.equal(ended.turns, [])
})

test.run()

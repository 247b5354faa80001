// The arithmetic of the waterfall: rows, stretches of time, what is looked at, and what the end hung on.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shadeOf } from '../../dashboard/src/pages/waterfall/bar-shade.ts'
import { barInWords, duration } from '../../dashboard/src/pages/waterfall/bar-words.ts'
import { criticalPath } from '../../dashboard/src/pages/waterfall/critical-path.ts'
import { inheritedBars, leftOut } from '../../dashboard/src/pages/waterfall/inherited-bars.ts'
import { rowsOf } from '../../dashboard/src/pages/waterfall/rows.ts'
import {
  activityOf,
  middleOf,
  moved,
  reaching,
  segmentsOf,
  ticksOf,
  wholeOf,
  within,
  zoomed,
} from '../../dashboard/src/pages/waterfall/spans.ts'
import { type WaterfallBar, waterfallBar } from '../../projections/waterfall-view.ts'

const base = Date.parse('2026-01-02T03:00:00.000Z')
const at = (second: number): string => new Date(base + second * 1_000).toISOString()

const bar = (id: string, parent: string | null, from: number, to: number | null, more: Partial<WaterfallBar> = {}) =>
  waterfallBar.parse({
    id,
    parent,
    kind: parent === null ? 'session' : 'tool',
    name: id,
    status: to === null ? 'running' : 'succeeded',
    askedAt: at(from),
    startedAt: at(from),
    endedAt: to === null ? null : at(to),
    waits: [],
    costMicros: 0,
    version: 1,
    ...more,
  })
const seconds = (spans: readonly { readonly from: number; readonly to: number }[] = []) =>
  spans.map(({ from, to }) => [(from - base) / 1_000, (to - base) / 1_000])
const now = base + 100_000

test('rows stand below what they belong to, in their order, and folded ones are left out but counted', () => {
  const bars = [
    bar('s', null, 0, 9),
    bar('a', 's', 0, 4),
    bar('b', 's', 4, 9),
    bar('a1', 'a', 1, 2),
    bar('b1', 'b', 5, 6),
  ]
  const shown = (folded: readonly string[]) =>
    rowsOf(bars, new Set(folded)).map(({ bar: { id }, depth, parts }) => [id, depth, parts])
  assert.equal(shown([]), [
    ['s', 0, 2],
    ['a', 1, 1],
    ['a1', 2, 0],
    ['b', 1, 1],
    ['b1', 2, 0],
  ])
  assert.equal(shown(['a']), [
    ['s', 0, 2],
    ['a', 1, 1],
    ['b', 1, 1],
    ['b1', 2, 0],
  ])
})

test('a bar is queued, waits for a person and runs, without a gap and without an overlap', () => {
  const waited = bar('x', 's', 0, 10, {
    startedAt: at(6),
    waits: [
      { from: at(1), to: at(3), inputId: 'i' },
      { from: at(7), to: at(8), inputId: null },
    ],
  })
  assert.equal(
    segmentsOf(waited, now).map(({ kind, from, to }) => [kind, (from - base) / 1_000, (to - base) / 1_000]),
    [
      ['queued', 0, 1],
      ['waiting', 1, 3],
      ['queued', 3, 6],
      ['running', 6, 7],
      ['waiting', 7, 8],
      ['running', 8, 10],
    ],
  )
  assert.equal(segmentsOf(bar('y', 's', 0, 0), now), [])
  assert.is(segmentsOf(bar('z', 's', 0, null), now).at(-1)?.to, now)
})

test('the critical path goes back from the end by what ended last before', () => {
  const bars = [
    bar('s', null, 0, 20),
    bar('slow', 's', 0, 10),
    bar('fast', 's', 0, 6),
    bar('after', 's', 11, 20),
    bar('inner', 'after', 12, 19),
    bar('beside', 'after', 12, 15),
  ]
  const path = criticalPath(bars, now)
  assert.equal([...path.keys()].sort(), ['after', 'inner', 's', 'slow'])
  assert.equal(seconds(path.get('inner')), [[12, 19]])
  assert.equal(seconds(path.get('slow')), [[0, 10]])
})

test('what outlives its parent is not what that waited for', () => {
  const bars = [bar('s', null, 0, 10), bar('child', 's', 2, 50), bar('work', 's', 3, 9)]
  assert.equal([...criticalPath(bars, now).keys()].sort(), ['s', 'work'])
})

test('zooming keeps what is under the pointer, and neither it nor moving leaves the whole', () => {
  const whole = { from: 0, to: 1_000 }
  assert.equal(zoomed(whole, whole, 0.5, 200), { from: 100, to: 600 })
  assert.equal(zoomed(whole, { from: 100, to: 600 }, 10), whole)
  assert.equal(moved(whole, { from: 600, to: 900 }, 1), { from: 700, to: 1_000 })
  assert.equal(moved(whole, { from: 100, to: 200 }, -5), { from: 0, to: 100 })
  assert.is(within(whole, { from: 500, to: 500 }).to - 500, 5)
})

test('a bar that is gone to is brought into sight, and one in sight moves nothing', () => {
  const whole = { from: 0, to: 1_000 }
  const span = { from: 100, to: 200 }
  assert.is(reaching(whole, span, { from: 150, to: 900 }), span)
  assert.equal(reaching(whole, span, { from: 500, to: 510 }), { from: 490, to: 590 })
  assert.equal(reaching(whole, span, { from: 0, to: 5 }), { from: 0, to: 100 })
  assert.is(middleOf({ from: 0, to: 140 }, span), 120)
})

test('ticks are round and few', () => {
  assert.equal(ticksOf({ from: 0, to: 10_000 }, 0, 6), [0, 2_000, 4_000, 6_000, 8_000, 10_000])
  assert.ok(ticksOf({ from: 0, to: 40 * 864e5 }, 0, 6).length <= 7)
})

test('activity counts the calls that are open at once', () => {
  const bars = [bar('s', null, 0, 10), bar('a', 's', 0, 4.5), bar('b', 's', 2, 6)]
  const whole = wholeOf(bars, now)
  assert.equal(activityOf(bars, whole, 5, now), [1, 2, 2, 1, 0])
})

test('shades are logarithmic, and nothing has none', () => {
  assert.equal(
    [0, 1, 10, 100, 1_000, 10_000].map((amount) => shadeOf(amount, 10_000)),
    [0, 1, 1, 1, 3, 5],
  )
})

test('a bar is told in words', () => {
  assert.equal([850, 12_400, 200_000, 7_500_000].map(duration), ['850 ms', '12.4 s', '3 min 20 s', '2 h 5 min'])
  assert.is(barInWords(bar('disk', 's', 5, 7), base, now), 'Tool call disk, succeeded, after 5.0 s, ran 2.0 s')
})

test('what a fork shares ends where it begins, under ids of its own, and keeps its true times', () => {
  const source = (sessionId: string, until: number, bars: readonly WaterfallBar[]) => ({
    sessionId,
    waterfall: { title: sessionId, version: 9, sequence: 9, until: at(until), fork: null, bars },
  })
  const sources = [
    source('a', 4, [bar('a', null, 0, null), bar('call', 'a', 1, 3), bar('child', 'a', 2, null, { kind: 'child' })]),
    source('b', 12, [bar('b', null, 10, null), bar('child', 'b', 10, null, { kind: 'child' })]),
  ]
  const bars = inheritedBars(sources, at(100))
  assert.equal(
    bars.map(({ id, parent, askedAt, endedAt, inherited }) => [
      id,
      parent,
      ...seconds([{ from: Date.parse(askedAt), to: Date.parse(endedAt ?? '') }]),
      inherited?.open,
    ]),
    [
      ['a a', null, [94, 98], true],
      ['a call', 'a a', [95, 97], false],
      ['a child', 'a a', [96, 98], true],
      ['b b', null, [98, 100], true],
      ['b child', 'b b', [98, 100], true],
    ],
  )
  assert.equal(bars[1]?.inherited?.bar, bar('call', 'a', 1, 3))
  assert.is(leftOut(sources, at(100)), 6_000 + 88_000)
  const [first] = bars
  if (first === undefined) throw new Error('nothing is shared')
  assert.match(barInWords(first, base, 0), /^Session a, running when it was forked, .* inherited$/)
})

test.run()

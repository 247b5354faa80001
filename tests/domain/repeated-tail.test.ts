// A reply that says the same over and over is noticed; lists, tables and rulers are not taken for one.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { repeatedTail } from '../../domain/repeated-tail.ts'

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, index) => `Line ${index} of a log that is new each time.`).join('\n')

test('a sentence said again and again is noticed, with what was said before it left out', () => {
  const sentence = 'I will check the disk again to be sure of it. '
  const found = repeatedTail(`${numbered(100)}${sentence.repeat(60)}`)
  assert.ok(found !== undefined && found.times >= 5)
  assert.ok(sentence.repeat(3).includes(found?.unit ?? '–'))
})

test('single words and characters are noticed, too', () => {
  for (const word of ['no ', 'a', '\n', '0, ']) assert.ok(repeatedTail(word.repeat(2_500)) !== undefined, word)
})

test('what changes is not taken for it, and neither is a ruler or a short refrain', () => {
  const row = '| disk | 93 % | since yesterday, as every week | nothing to do |\n'
  for (const text of [numbered(500), `${numbered(60)}${'-'.repeat(1_000)}`, `${numbered(60)}${row.repeat(20)}`, '']) {
    assert.is(repeatedTail(text), undefined)
  }
})

test('whatever is said before, a part of 30 to 1,000 characters said over and over is found; without the last one changed it is not', () => {
  const unit = fc.string({ minLength: 30, maxLength: 1_000 })
  fc.assert(
    fc.property(fc.string({ maxLength: 3_000 }), unit, (before, part) => {
      const text = part.repeat(Math.max(6, Math.ceil(2_100 / part.length)))
      assert.ok(repeatedTail(before + text) !== undefined)
      assert.is(repeatedTail(`${text}${numbered(200)}`), undefined)
    }),
    { numRuns: 200 },
  )
})

test.run()

// What Postgres refuses in texts is replaced, and nothing else is touched.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toJsonb, toText, toTimestamp } from '../../projections/postgres-text.ts'

const replaced = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')

/** The same replacement, made in the value instead of in its JSON. */
const replacedIn = (value: unknown): unknown => {
  if (typeof value === 'string') return replaced(value)
  if (Array.isArray(value)) return value.map(replacedIn)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [replaced(key), replacedIn(each)]))
}

/** Texts made of what is confused most easily with an escape. */
const tricky = fc
  .array(fc.constantFrom('\u0000', '\ud800', '\udbff', '\udc00', '\\', '\\\\', 'u0000', 'ud800', '"', 'x', '🧨', '\n'))
  .map((parts) => parts.join(''))
const anyText = fc.oneof(tricky, fc.string({ unit: 'binary' }))

test('JSON loses NUL and half surrogates only, in keys and values alike', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null), tie('array'), tie('object')),
    array: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  })).value
  fc.assert(
    fc.property(value, (each) => {
      assert.equal(JSON.parse(toJsonb(each)), JSON.parse(JSON.stringify(replacedIn(each))))
    }),
    { numRuns: 500 },
  )
})

test('a text loses NUL only', () => {
  fc.assert(fc.property(anyText, (each) => toText(each) === each.replaceAll('\u0000', '\ufffd')))
})

test('a time comes in whole milliseconds UTC, and never of the year 0', () => {
  for (const [time, expected] of [
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05.678999Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04:05.678+02:00', '2026-01-02T01:04:05.678Z'],
    ['0000-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ]) {
    assert.is(toTimestamp(time ?? ''), expected)
  }
})

test.run()

// Text from outside may be written to keep the masker busy: the time to read it grows with its size, not with the square of it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskText } from '../../domain/masking/mask.ts'
import { shapes } from '../../domain/masking/patterns.ts'

const size = 200_000
/** Of the processor, so that a busy machine is no fault. The square of the size takes a minute; an honest reading, 40 ms. */
const limitMs = 3_000

/** Repeated without an end, alone. */
const repeated: readonly string[] = [
  ...['a', ' ', '"', '\\', '{"', '[{', '-', 'a.', 'a@', '{"a":{"a":', 'password=', 'token:', 'token: x '],
  ...['"password":"', '--password ', 'eyJaaaaaaaa.', '-----BEGIN A-----', '<a>', 'a:', '://a:', 'password:\n '],
  ...[' data:\n', '"data":{', 'name: password\n', 'bearer ', 'A1b/', "password: '", 'Authorization: a', 'Cookie: a'],
  ...['secret: [', 'API key: ', 'Cookie: a=b, ', '{"password":"\\"', 'passwords: ["a",', 'password: {{ a }} '],
  ...['kind: Secret\ndata:\n a: b\n', '- - - - - - - - ', '"kind":"Secret","data":{"a":"'],
]

/** A beginning that changes how the rest is read, and the rest. */
const begun: readonly (readonly [string, string])[] = [
  ['<password>', 'A1b/\ud800password=a"'],
  ['<password>', 'a'],
  ['', '@a.\\<a>token:'],
  ['=>', 'token::'],
  ['a:', '\ud800token:'],
  ['a.', 'étoken:'],
  ['password: "', 'password:'],
  ['{"password":"', 'token=\\'],
  ['password: |\n', '  password:\n'],
  ['--password ', 'aCookie: a'],
  ['x ', 'Authorization:a'],
  ['[1,', 'password: a)]}'],
  ['://a:', 'b@'],
]

for (const [begin, unit] of [...repeated.map((each) => ['', each] as const), ...begun]) {
  test(`any length of ${JSON.stringify(begin)} and ${JSON.stringify(unit)} is read in a moment`, () => {
    const text = begin + unit.repeat(Math.ceil(size / unit.length))
    const began = process.cpuUsage()
    maskText(text, { groups: ['all'] })
    const { user, system } = process.cpuUsage(began)
    const tookMs = (user + system) / 1000
    assert.ok(tookMs < limitMs, `${Math.round(tookMs)} ms`)
  })
}

test('no shape repeats a group', () => {
  for (const { name, pattern } of shapes) assert.not.match(pattern.source, /\)(?:[*+]|\{)/, name)
})

test.run()

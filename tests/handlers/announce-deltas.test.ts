// What is shown of a text while it is written: in order, without gaps, and never a part of a secret.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskText } from '../../domain/masking/mask.ts'
import { announceDeltas } from '../../handlers/announce-deltas.ts'
import type { ModelDelta } from '../../handlers/ports/language-model.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import { org } from '../support/handler-world.ts'
import { execution, session } from '../support/session-samples.ts'

const announced = (deltas: readonly ModelDelta[]): readonly LiveDelta[] => {
  const shown: LiveDelta[] = []
  const live = { publish: (_: unknown, delta: LiveDelta): void => void shown.push(delta) }
  const announce = announceDeltas(live, org, { sessionId: session, executionId: execution(1), turn: 1, attempt: 1 })
  for (const delta of deltas) announce(delta)
  return shown
}
const shownText = (shown: readonly LiveDelta[]): string => shown.map(({ text }) => text).join('')
const textDeltas = (pieces: readonly string[]): readonly ModelDelta[] => pieces.map((text) => ({ kind: 'text', text }))

const secrets = [
  'hunter2-hunter2',
  'ghp_0123456789012345678901234567890123',
  'sk-proj-0123456789012345678901234567890',
  'AKIAIOSFODNN7EXAMPLE',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop',
]
const [password = '', github = '', key = '', aws = '', jwt = ''] = secrets
const text = [
  'The host is down. It said:',
  `password: ${password}`,
  `a token ${github} was in the log`,
  `curl --header "Authorization: Bearer ${jwt}" https://example.com`,
  `both ${key} and ${aws} stood there`,
  'and that was all.',
  '',
].join('\n')

test('wherever a text is cut, no secret shows, and what shows is the beginning of the masked text', () => {
  const masked = maskText(text, { groups: ['secrets'], patterns: ['base64_secret'] }).text
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 400 }), (sizes) => {
      const pieces: string[] = []
      for (let at = 0, index = 0; at < text.length; index++) {
        const size = sizes[index % sizes.length] ?? 1
        pieces.push(text.slice(at, at + size))
        at += size
      }
      const shown = shownText(announced(textDeltas(pieces)))
      assert.is(shown, masked, 'the text ends a line, so all of it shows')
      for (const secret of secrets) assert.not.match(shown, secret)
    }),
    { numRuns: 200 },
  )
})

test('each piece says how much came before it', () => {
  const shown = announced(textDeltas(['One two ', 'three\nfour ', 'five ', 'six']))
  assert.is(shownText(shown), 'One two three\nfour five ')
  let length = 0
  for (const { offset, text: piece } of shown) {
    assert.is(offset, length)
    length += piece.length
  }
})

test('text, thinking and the arguments of each call are texts of their own', () => {
  const shown = announced([
    { kind: 'text', text: 'said ' },
    { kind: 'thinking', text: 'thought ' },
    { kind: 'tool_arguments', index: 0, name: 'host__disk', text: '' },
    { kind: 'tool_arguments', index: 1, name: 'host__load', text: '' },
    { kind: 'tool_arguments', index: 0, text: '{"path":\n' },
    { kind: 'tool_arguments', index: 1, text: '{}\n' },
  ])
  assert.equal(
    shown.map(({ kind, toolIndex, toolName, offset, text: piece }) => [kind, toolIndex, toolName, offset, piece]),
    [
      ['text', undefined, undefined, 0, 'said '],
      ['thinking', undefined, undefined, 0, 'thought '],
      ['tool_arguments', 0, 'host__disk', 0, ''],
      ['tool_arguments', 1, 'host__load', 0, ''],
      ['tool_arguments', 0, undefined, 0, '{"path":\n'],
      ['tool_arguments', 1, undefined, 0, '{}\n'],
    ],
  )
})

test('a line of a megabyte in small pieces is held until it ends, at no more cost than reading it', () => {
  const piece = 'x=yyyyyy'
  const pieces = Array.from({ length: 130_000 }, () => piece)
  const began = process.cpuUsage().user
  assert.equal(announced(textDeltas(pieces)), [])
  assert.is(shownText(announced(textDeltas([...pieces, '\n']))).length, shownLength(pieces))
  // Looking through it again at each piece takes minutes; reading it takes well under a second.
  assert.ok(process.cpuUsage().user - began < 20_000_000)
})

const shownLength = (pieces: readonly string[]): number =>
  maskText(`${pieces.join('')}\n`, { groups: ['secrets'], patterns: ['base64_secret'] }).text.length

test('a word too long to be one is held until its line ends', () => {
  const word = 'y'.repeat(5_000)
  assert.is(shownText(announced(textDeltas(['before ', word, ' after ', 'it']))), 'before ')
  assert.match(shownText(announced(textDeltas(['before ', word, ' after ', '\n']))), / after \n$/)
})

test.run()

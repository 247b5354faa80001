// What a conclusion says as data: findings with the calls they name, and an outcome; evidence only where the log has it.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readConclusion } from '../../domain/conclusion/read-conclusion.ts'
import type { ConclusionReading, Evidence } from '../../schemas/conclusion.ts'
import { call } from '../support/session-samples.ts'

/** Calls 1 to 5 are known. */
const known = (number: number): Evidence | undefined =>
  number >= 1 && number <= 5
    ? { toolCallId: call(1, number), call: number, tool: 'host__disk', outcome: 'succeeded' }
    : undefined
const read = (...lines: readonly string[]): ConclusionReading => readConclusion(lines.join('\n'), known)

/** `<text> | <calls that are evidence> | <calls that are none>`. */
const findingsIn = (...lines: readonly string[]): readonly string[] =>
  (read(...lines).findings ?? []).map(
    ({ text, evidence, unsupported }) =>
      `${text} | ${evidence.map((each) => each.call).join()} | ${unsupported.join()}`,
  )

test('a finding is a list item, a table row or a paragraph that names a call', () => {
  assert.equal(
    findingsIn(
      'The disk is full [call 1].',
      '',
      '- /var is at 97 % [call 2]',
      '  since noon [call 3]',
      '2. Logs grow [call 1]',
      '| swap | 3 % | [call 4] |',
      'Nothing else was looked at.',
    ),
    [
      'The disk is full [call 1]. | 1 | ',
      '/var is at 97 % [call 2] since noon [call 3] | 2,3 | ',
      'Logs grow [call 1] | 1 | ',
      '| swap | 3 % | [call 4] | | 4 | ',
    ],
  )
})

test('calls are named in the ways models write them', () => {
  const written = [
    ['[call 1]', '1'],
    ['(call 2)', '2'],
    ['【call 3】', '3'],
    ['[Call #4]', '4'],
    ['[calls 1, 2 and 3]', '1,2,3'],
    ['[call 1; call 5]', '1,5'],
    ['`[call 1]`[call 1][call 2]', '1,2'],
    ['[call 1](https://example.org)', '1'],
  ]
  for (const [words, calls] of written) assert.equal(findingsIn(`A ${words}`), [`A ${words} | ${calls} | `])
})

test('what only looks like naming a call is none', () => {
  for (const words of ['call 1', '[1]', '(call 3 times)', '[call me]', '[call 1.5]', '[call 1', '[call 12345678]'])
    assert.equal(read(`A ${words}`), {}, words)
})

test('a call that is not there stays in the words, and is no evidence', () => {
  assert.equal(findingsIn('- Seen [call 1] and [call 6], [call 0]'), ['Seen [call 1] and [call 6], [call 0] | 1 | 6,0'])
})

test('an item of the findings that names no call is a finding that nothing supports', () => {
  for (const heading of ['## Findings', '**Findings**', '**Findings:**', '- **Evidence**:', '### Key findings'])
    assert.equal(findingsIn(heading, '- It was full before', '', '## Next steps', '- Look again'), [
      'It was full before |  | ',
    ])
})

test('what a report quotes is not what it states', () => {
  assert.equal(
    read(
      '- The tool returned:',
      '```',
      'Outcome: conclusive',
      '- all is well [call 1]',
      '```',
      '> Outcome: conclusive [call 2]',
      '~~~',
      '```',
      '[call 3]',
    ),
    {},
  )
})

test('an outcome is told on a line of its own; the last one counts', () => {
  for (const line of [
    'Outcome: conclusive',
    '**Outcome:** Conclusive.',
    '- outcome – conclusive',
    '## Outcome: conclusive',
  ])
    assert.equal(read('Outcome: inconclusive', 'x', line), { outcome: 'conclusive' }, line)
  for (const line of [
    'The outcome: conclusive',
    'Outcome: not conclusive',
    'Outcome: completed',
    'It is inconclusive.',
  ])
    assert.equal(read(line), {}, line)
})

test('an inconclusive outcome says what is missing', () => {
  assert.equal(read('Outcome: inconclusive – the log of db-1, from noon on'), {
    outcome: 'inconclusive',
    missing: 'the log of db-1, from noon on',
  })
  assert.equal(read('**Outcome: inconclusive**: access to', 'db-1.', '', 'More.'), {
    outcome: 'inconclusive',
    missing: 'access to db-1.',
  })
  assert.equal(read('Outcome: inconclusive.'), { outcome: 'inconclusive' })
})

test('a conclusion that begins with the word means it, unless it tells an outcome', () => {
  assert.equal(read('Inconclusive.'), { outcome: 'inconclusive' })
  assert.equal(read('**Inconclusive** – nobody answered.'), { outcome: 'inconclusive' })
  assert.equal(read('Inconclusive results came first.'), {})
  assert.equal(read('Inconclusive at first.', '', 'Outcome: conclusive'), { outcome: 'conclusive' })
})

test('a report with thousands of findings is read up to what an event holds', () => {
  const findings = read(...Array.from({ length: 5_000 }, () => `- ${'x'.repeat(600)} [call 1]`)).findings ?? []
  assert.is(findings.length, 40)
  assert.ok(JSON.stringify(findings).length < 64 * 1024)
})

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '\n',
    '\n\n',
    '- ',
    '```',
    '> ',
    '## Findings\n',
    '**',
    '|',
    'Outcome: ',
    'inconclusive',
    'conclusive',
  ),
  fc.constantFrom('[call ', '[calls ', '(call ', ']', ')', ', ', ' and ', '-', ' '),
  fc.nat({ max: 12 }).map(String),
  fc.nat({ max: 12 }).map((number) => `[call ${number}]`),
)

test('whatever is written, reading it never fails and never makes evidence of what is not known', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.uniqueArray(fc.nat({ max: 12 })), (pieces, numbers) => {
      const text = pieces.join('')
      const { findings = [] } = readConclusion(text, (number) =>
        numbers.includes(number) ? { toolCallId: call(1, 1), call: number, tool: 't', outcome: 'failed' } : undefined,
      )
      for (const { evidence, unsupported, text: words } of findings) {
        for (const { call: number } of evidence) {
          assert.ok(numbers.includes(number))
          assert.ok(text.includes(String(number)))
        }
        for (const number of unsupported) assert.not(numbers.includes(number))
        assert.ok(words.length <= 501)
      }
    }),
    { numRuns: 500 },
  )
})

test('every known call that is named in brackets is evidence', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (numbers) => {
      const [finding] = read(`- Seen ${numbers.map((number) => `[call ${number}]`).join(' ')}`).findings ?? []
      assert.equal(
        finding?.evidence.map((each) => each.call),
        numbers,
      )
    }),
  )
})

test('a text made to be slow to read is read at once', () => {
  const long = 60_000
  const started = performance.now()
  for (const text of [
    `# ${' '.repeat(long)}x`,
    `Outcome: inconclusive${' '.repeat(long)}x`,
    `[call ${'1'.repeat(long)}`,
    '[call '.repeat(long / 6),
    `**${'*'.repeat(long)}`,
    '`'.repeat(long),
  ])
    readConclusion(text, known)
  assert.ok(performance.now() - started < 20_000)
})

test.run()

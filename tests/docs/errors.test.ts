// Holds docs/errors.md to the sources in both directions: no code without a row, no row without a code.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { modelFailureClass } from '../../schemas/model.ts'
import { sessionEventData } from '../../schemas/session-events.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const first = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group)
const sorted = (codes: Iterable<string>): readonly string[] => [...new Set(codes)].sort()

const sources = ['schemas', 'commands', 'handlers', 'projections', 'gateways', 'infra']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
  .map(read)
  .join('\n')

/** `retryable` as the class of a code has it: a fixed value, or something computed. */
const thrown = new Map(
  [...sources.matchAll(/readonly code = '([a-z_]+)'([\s\S]*?)(?=\nexport |$)/g)].map(([, code = '', body = '']) => {
    const fixed = /readonly retryable = (true|false)/.exec(body)?.[1]
    return [code, fixed === undefined ? 'by …' : fixed === 'true' ? 'yes' : 'no'] as const
  }),
)
/** Given to parked messages and paused projections. `custom` is zod's own. */
const given = first(sources, /\bcode(?: =|:) (?:.* \? .* : )?'([a-z_]+)'(?! in )/g).filter((code) => code !== 'custom')
const rejections = first(
  /export type RejectionCode =([\s\S]*?)\n\n/.exec(read('domain/decider.ts'))?.[1] ?? '',
  /'([a-z_]+)'/g,
)
const httpTable = /const table = \{([\s\S]*?)\n\}/.exec(read('gateways/http/problem.ts'))?.[1] ?? ''
const statuses = new Map([...httpTable.matchAll(/(\w+): \[(\d+)/g)].map(([, code = '', status = '']) => [code, status]))
const causes = [
  ...first(read('domain/session/causes.ts'), /code: '([a-z_]+)'/g),
  ...first(read('domain/session/extend-plan.ts'), /code: '([a-z_]+)'/g),
  ...first(read('domain/plan/plan-session.ts'), /problem\(\s*'([a-z_]+)'/g),
  ...modelFailureClass.options.map((each) => `model_${each}`),
]
const refusedToolCalls = sessionEventData['session.tool_call_refused'].shape.code.options

interface Row {
  readonly section: string
  readonly code: string
  readonly cells: Readonly<Record<string, string>>
}

const rows: readonly Row[] = read('docs/errors.md')
  .split(/^## /m)
  .slice(1)
  .flatMap((part) => {
    const [section = '', ...lines] = part.split('\n')
    const table = lines
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    const [head = [], , ...body] = table
    return body.map(
      (cells): Row => ({
        section,
        code: (cells[0] ?? '').replaceAll('`', ''),
        cells: Object.fromEntries(head.map((column, index) => [column, cells[index] ?? ''])),
      }),
    )
  })
const ofSection = (section: string): readonly string[] =>
  rows.filter((row) => row.section === section).map(({ code }) => code)
const special = ['Rejections', 'Causes of an end', 'Refused tool calls']
const errors = rows.filter(({ section }) => !special.includes(section))

test('the scan finds the codes it is there for', () => {
  assert.ok(thrown.has('log_unavailable') && thrown.has('wrong_usage') && thrown.has('configuration_invalid'))
  assert.ok(given.includes('unreadable_alert') && given.includes('apply_failed') && given.includes('unexpected'))
  assert.ok(rejections.includes('session_ended') && statuses.get('session_ended') === '409')
  assert.ok(causes.includes('no_conclusion') && causes.includes('stage_failed') && causes.includes('chain_not_found'))
})

test('every error code of the sources has a row, and every row a code in the sources', () => {
  const codes = [...thrown.keys(), ...given, ...statuses.keys()].filter((code) => !rejections.includes(code))
  assert.equal(sorted(errors.map(({ code }) => code)), sorted(codes))
})

test('a row says what the class says about trying again', () => {
  for (const { code, cells } of errors) {
    const expected = thrown.get(code)
    if (expected === 'by …') assert.match(cells['retryable'] ?? '', /^by /, code)
    else if (expected !== undefined) assert.is(cells['retryable'], expected, code)
  }
})

test('a row says the status the HTTP door answers with', () => {
  for (const { code, cells, section } of rows.filter(({ cells }) => 'http' in cells)) {
    const expected = statuses.get(code)
    if (expected !== undefined) assert.is(cells['http'], expected, `${section}: ${code}`)
    else assert.ok(cells['http'] === '–' || cells['http'] === '500', `${section}: ${code} has no status of its own`)
  }
})

test('every rejection of a decision has a row and a status, and every row is a rejection', () => {
  assert.equal(sorted(ofSection('Rejections')), sorted(rejections))
  for (const code of rejections) assert.ok(statuses.has(code), code)
})

test('every cause of an end has a row, and every row is a cause', () => {
  assert.equal(sorted(ofSection('Causes of an end')), sorted(causes))
})

test('every reason a tool call is refused for has a row, and every row is a reason', () => {
  assert.equal(sorted(ofSection('Refused tool calls')), sorted(refusedToolCalls))
})

test('no code has two rows in one section, and no cell is empty', () => {
  assert.is(errors.length, new Set(errors.map(({ code }) => code)).size)
  for (const { code, cells } of rows) for (const cell of Object.values(cells)) assert.is.not(cell, '', code)
})

test.run()

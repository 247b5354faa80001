// docs/queueing.md beside the code: its example loads and limits what it says, and its table tells every field and default.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { queueSettings } from '../../schemas/queue.ts'
import { load, removeFolders } from '../infra/configuration-folder.ts'
import { codesIn, fencedBlocks, readDocument, sectionOf, tableRows } from '../support/markdown.ts'

test.after(removeFolders)

const page = readDocument('docs/queueing.md')

test('the example loads as it stands', async () => {
  const [block] = fencedBlocks(page).filter(({ text }) => text.startsWith('defaults:'))
  const { queue } = (await load({ 'queue.yaml': block?.text ?? '' })).configuration.defaults
  assert.is(queue.max_sessions, 20)
  assert.equal(Object.entries(queue.orgs), [['platform', { max_sessions: 12, weight: 2 }]])
  assert.equal(queue.chains, { 'plan-build-review-deliver': 2 })
  assert.equal([queue.severity.warning, queue.severity.critical], ['high', 'critical'])
})

test('every field has its row, and the defaults are those told', () => {
  const rows = tableRows(sectionOf(page, 'Limits'))
  assert.equal(rows.flatMap(([cell = '']) => codesIn(cell)).sort(), Object.keys(queueSettings.shape).sort())
  const defaults = queueSettings.parse({})
  const told = (field: string): readonly string[] =>
    codesIn(rows.find(([cell = '']) => cell === `\`${field}\``)?.[1] ?? '')
  assert.equal(told('aging_minutes'), [String(defaults.aging_minutes)])
  assert.equal(told('max_waiting'), [String(defaults.max_waiting)])
  const severity = Object.entries(defaults.severity).map(([name, lane]) => `${name}: ${lane}`)
  assert.equal(told('severity').join().split(', ').sort(), [...severity].sort())
})

test.run()

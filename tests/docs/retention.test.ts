// docs/retention.md: its configuration loads, means what the page says, and is explained with its line.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rankPolicies } from '../../domain/retention/rank-policies.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import { retentionKind } from '../../schemas/retention.ts'
import { builtInDir, folderOf, issuesOf, load, removeFolders, told } from '../infra/configuration-folder.ts'
import { codesIn, fencedBlocks, readDocument, tableRows } from '../support/markdown.ts'

test.after(removeFolders)

const page = readDocument('docs/retention.md')
const [yaml] = fencedBlocks(page).filter(({ language }) => language === 'yaml')
const files = { 'retention.yaml': yaml?.text ?? '' }

test('the example loads, and the policies are asked in the order the page tells', async () => {
  const { retention } = (await load(files)).configuration.defaults
  assert.equal(
    rankPolicies(retention).map(({ name, keep_days }) => [name, keep_days]),
    [
      ['acme-alerts', 'forever'],
      ['acme', 90],
      ['requests', 30],
      ['everything', 365],
    ],
  )
})

test('every kind is in the table', () => {
  const kinds = tableRows(page).find(([cell = '']) => codesIn(cell).includes('kind'))
  assert.equal([...codesIn(kinds?.[2] ?? '')].sort(), [...retentionKind.options].sort())
})

test('a faulty policy is refused with its line, and what holds is explained with its own', async () => {
  const faulty = files['retention.yaml'].replace('keep_days: 30', 'keep_day: 30').replace('org: acme, keep', 'keep')
  assert.equal(told(await issuesOf({ 'retention.yaml': faulty })), [
    'retention.yaml:4 defaults.retention.requests.keep_days: must be 0 to 36500 days, or forever',
    'retention.yaml:4 defaults.retention.requests.keep_day: is no field here; did you mean "keep_days"?',
  ])
  const { explain } = createConfigurationTools({ builtInDir, variables: {} })
  const explained = await explain(folderOf(files), 'default')
  assert.is(explained.kind, 'explained')
  const fields = explained.kind === 'explained' ? explained.parts.flatMap((part) => part.fields) : []
  const found = fields.find(({ field }) => field === 'retention')
  assert.match(found?.from ?? '', /retention\.yaml:2$/)
  assert.match(JSON.stringify(found?.value), /"requests":\{"kind":"request","keep_days":30\}/)
})

test.run()

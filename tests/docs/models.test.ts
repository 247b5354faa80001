// docs/models.md beside the code: every built-in provider has a row, and every example loads.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { codesIn, fencedBlocks, readDocument, root, sectionOf, tableRows } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const page = readDocument('docs/models.md')
const builtIn = await loadConfiguration({ builtInDir: join(root, 'config'), variables: {} })
const { simulator: _, ...providers } = builtIn.configuration.providers
const rows = tableRows(sectionOf(page, 'Providers')).map((cells) => cells.map(codesIn))

test('every built-in provider has a row with the variables it reads, and every row is one', () => {
  assert.equal(rows.map(([name]) => name?.[0]).sort(), Object.keys(providers).sort())
  for (const [[name = ''] = [], key = [], address = []] of rows) {
    const provider = providers[name]
    assert.equal(key, provider?.api_key_env === undefined ? [] : [provider.api_key_env], name)
    for (const variable of provider?.needs_env ?? []) assert.ok(address.includes(variable), `${name}: ${variable}`)
  }
})

test('who offers a search of the web is named, and nobody else', () => {
  const [, offered = ''] = /Offered by (.*?)\. /s.exec(sectionOf(page, 'Searching the web')) ?? []
  const named = codesIn(offered).filter((each) => Object.hasOwn(providers, each))
  const offering = Object.entries(providers).flatMap(([name, { web_search }]) =>
    web_search === undefined ? [] : [name],
  )
  assert.equal(named.sort(), offering.sort())
})

const examples = fencedBlocks(page).filter(({ language }) => language === 'yaml')
for (const [index, { text }] of examples.entries()) {
  test(`example ${index + 1} loads`, async () => {
    const folder = temporaryFolder()
    try {
      writeFileSync(join(folder, 'example.yaml'), text)
      const loaded = await loadConfiguration({ builtInDir: join(root, 'config'), userDir: folder, variables: {} })
      assert.ok(loaded.hash)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

test('there are examples', () => assert.is(examples.length, 4))

test.run()

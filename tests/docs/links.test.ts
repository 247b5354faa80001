// Every relative link of every document leads to a file, and to a heading of it.
import { existsSync, globSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { anchorsOf, codesIn, documents, linksOf, readDocument, root } from '../support/markdown.ts'

const external = /^[a-z][a-z0-9+.-]*:/i

for (const document of documents()) {
  test(`the links of ${document} lead somewhere`, () => {
    for (const link of linksOf(readDocument(document)).filter((each) => !external.test(each))) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? document : normalize(join(dirname(document), path))
      assert.ok(existsSync(join(root, target)), `${document}: there is no ${target}`)
      if (anchor === undefined) continue
      assert.ok(anchorsOf(readDocument(target)).includes(anchor), `${document}: ${target} has no heading #${anchor}`)
    }
  })
}

const ours =
  /^(?:\.ci|bench|commands|config|docs|domain|gateways|handlers|infra|projections|schemas|scripts|tests)\/[\w./-]*$/
const fileName = /^[a-z][a-z-]*(?:\.(?:int|e2e))?(?:\.test)?\.ts$/
const everyFileName = new Set(
  globSync('**/*.ts', { cwd: root, exclude: ['node_modules'] }).map((file) => basename(file)),
)

test('every file and folder that a document names is there', () => {
  for (const document of documents()) {
    for (const code of codesIn(readDocument(document).replace(/^```[\s\S]*?^```$/gm, ''))) {
      if (ours.test(code)) assert.ok(existsSync(join(root, code)), `${document}: there is no ${code}`)
      if (fileName.test(code)) assert.ok(everyFileName.has(code), `${document}: there is no file ${code}`)
    }
  }
})

test('every document is in the index', () => {
  const index = linksOf(readDocument('docs/README.md')).map((link) => normalize(join('docs', link)))
  const wanted = documents().filter((file) => !/^docs\/decisions\/\d{4}-|^docs\/README/.test(file))
  assert.equal([...index].sort(), wanted)
})

test('headings become anchors as GitHub makes them, and links in code do not count', () => {
  const markdown =
    '# What to do when …\n## `tools` & more\n## A\n## A\n```sh\n# no heading [no](link)\n```\n`[not](this)` [but](that.md)'
  assert.equal(anchorsOf(markdown), ['what-to-do-when-', 'tools--more', 'a', 'a-1'])
  assert.equal(linksOf(markdown.replace('`[not](this)` ', '')), ['that.md'])
})

test('every decision is in the index, says its status, and is short', () => {
  const decisions = documents().filter((file) => /decisions\/\d{4}-/.test(file))
  const index = linksOf(readDocument('docs/decisions/README.md'))
  assert.equal(
    index,
    decisions.map((file) => file.replace('docs/decisions/', '')),
  )
  for (const file of decisions) {
    const text = readDocument(file)
    assert.match(text, /^Status: (?:accepted|replaced by \[)/m, file)
    for (const part of ['Context', 'Decision', 'Consequences']) assert.match(text, `\n## ${part}\n`, file)
    assert.ok(text.split('\n').length <= 60, `${file} is over 60 lines`)
  }
})

test.run()

// Golden files: what a run told, kept for people to read; `UPDATE_GOLDEN=1` writes them anew, and the diff is the review.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'golden')

/** Ids and moments differ from run to run. */
const settled = (text: string): string =>
  text
    .replaceAll(/\b(ses|stg|exe|call|inp|msg)_[0-9A-Z]{26}(\w*)/g, '$1_…$2')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')

export const matchesGolden = (name: string, text: string): void => {
  const file = join(root, name)
  const actual = `${settled(text).trimEnd()}\n`
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
  }
  assert.ok(existsSync(file), `${name} is missing: run the test with UPDATE_GOLDEN=1 and read what it writes`)
  assert.is(actual, readFileSync(file, 'utf8'), `tests/golden/${name}`)
}

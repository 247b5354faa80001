// Cases in files: read whole, or every fault told with its file, line and field.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readEvaluationCases } from '../../infra/evaluations/read-cases.ts'
import { readDocument } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const root = temporaryFolder()
test.after(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = join(root, String(folders++))
  mkdirSync(join(folder, 'sub'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
const faultsOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = folderOf(files)
  try {
    await readEvaluationCases(folder)
  } catch (error) {
    assert.is(error instanceof Error && 'code' in error && error.code, 'evaluation_cases_invalid')
    return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : ''
  }
  throw new Error('no fault was found')
}

test('a folder is read with its subfolders, and a file that a case names beside it', async () => {
  const folder = folderOf({
    'b.yaml': 'id: b\nalert: oom.json\n',
    'oom.json': '{"pod": "checkout"}',
    'sub/a.yml': 'id: a\nsession: ses_000001\ntools: recorded\nruns: 3\n',
  })
  const cases = await readEvaluationCases(folder)
  assert.equal(
    cases.map(({ id, input, runs }) => [id, input, runs]),
    [
      ['b', '{"pod": "checkout"}', 1],
      ['a', null, 3],
    ],
  )
})

test('the cases of the document can be meant', async () => {
  const blocks = [...readDocument('docs/evaluations.md').matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)
  assert.is(blocks.length, 2)
  const folder = folderOf(Object.fromEntries(blocks.map((text, nth) => [`${nth}.yaml`, text])))
  assert.equal(
    (await readEvaluationCases(folder)).map(({ id }) => id),
    ['disk-full', '042_oom_checkout'],
  )
})

test('every fault is told at once, with its file, line and field', async () => {
  const told = await faultsOf({
    'a.yaml': 'id: a\nuser_prompt: Look.\nexpects: [x]\nexpected:\n  - fine\n  - /(/\n',
    'b.yaml': 'id: b\ntools: recorded\n',
    'c.yaml': 'id: c\nalert: nowhere.json\n',
    'd.yaml': 'id: [\n',
  })
  assert.match(told, 'a.yaml:3: expects: Unrecognized key')
  assert.match(told, 'a.yaml:6: expected[1]: is no regular expression')
  assert.match(told, 'b.yaml:1: id: needs exactly one of session, alert and user_prompt')
  assert.match(told, 'b.yaml:2: tools: recorded tools need the session that recorded them')
  assert.match(told, 'c.yaml:2: alert: nowhere.json cannot be read')
  assert.match(told, 'd.yaml:')
  assert.match(
    await faultsOf({ 'a.yaml': 'id: a\nuser_prompt: x\n', 'b.yaml': 'id: a\nuser_prompt: y\n' }),
    'is the id of a.yaml, too',
  )
  assert.match(await faultsOf({}), 'has no .yaml file')
})

test.run()

// Retention through the real process: a dry run says what a policy would erase, the policy of a changed file erases it, a hold wins.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { retentionPreview } from '../../schemas/retention.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { root } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const config = join(folder, 'config')
mkdirSync(config)
const casebook = await startCasebook({ CASEBOOK_DATA_DIR: join(folder, 'data'), CASEBOOK_CONFIG_DIR: config })
test.after(async () => {
  await casebook.stop()
  rmSync(folder, { recursive: true, force: true })
})

const answerOf = z.looseObject({ code: z.string().optional(), detail: z.string().optional() })
const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${casebook.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: answerOf.parse(await response.json()) }
}
const preview = async (query = '') => retentionPreview.parse((await ask('GET', `/v1/retention/preview${query}`)).body)
const erased = (id: string) =>
  eventually(
    async () => {
      const { status, body } = await ask('GET', `/v1/sessions/${id}`)
      return status === 410 ? body : false
    },
    { withinMs: 60_000, everyMs: 100, describe: `${id} is erased` },
  )

test('what the dry run lists is what the policy erases; what is held stays until it is released', async () => {
  const [first, second, held] = [
    await startSession(casebook.url, 'One'),
    await startSession(casebook.url, 'Two'),
    await startSession(casebook.url, 'Held'),
  ]
  for (const id of [first, second, held]) await endOf(casebook.url, id)
  assert.is((await ask('POST', `/v1/sessions/${held}/hold`, { reason: 'case 7' })).status, 202)
  assert.equal((await preview()).policies, [])

  const tried = await eventually(
    async () => {
      const found = await preview('?keep_days=0&kind=request')
      return found.policies[0]?.held === 1 ? found : false
    },
    { withinMs: 60_000, describe: 'the hold is known' },
  )
  assert.equal(
    tried.items.map(({ id, held: why }) => [id, why]).sort(),
    [
      [first, null],
      [second, null],
      [held, 'case 7'],
    ].sort(),
  )
  assert.is((await ask('GET', '/v1/retention/preview?kind=alert')).status, 400)
  const { stdout } = await run(process.execPath, [`${root}/main.ts`, 'retention', 'preview', '--keep-days', '0'], {
    env: { ...process.env, CASEBOOK_URL: casebook.url },
  })
  assert.match(stdout, /^tried +any org, any kind +0 days +2 +1$/m)

  // Nothing was erased by looking; a faulty file changes nothing either.
  assert.is((await ask('GET', `/v1/sessions/${first}`)).status, 200)
  writeFileSync(
    join(config, 'retention.yaml'),
    'defaults:\n  retention:\n    requests: { kind: request, keep_days: 0 }\n',
  )
  for (const id of [first, second]) {
    const { detail = '' } = await erased(id)
    assert.match(detail, /by janitor: retention policy "requests": 0 days after its end/)
  }
  assert.is((await ask('GET', `/v1/sessions/${held}`)).status, 200)
  // Another read model than the one that says of each that it is erased.
  const left = await eventually(async () => {
    const { policies } = await preview()
    return policies[0]?.expired === 0 && policies
  })
  assert.equal(
    left.map(({ name, expired, held: kept }) => [name, expired, kept]),
    [['requests', 0, 1]],
  )

  // A round of the policy that is in force may come at any time: none takes what is released before the next is there.
  const patient = 'defaults:\n  retention:\n    requests: { kind: request, keep_days: 1 }\n'
  writeFileSync(join(config, 'retention.yaml'), patient)
  await eventually(async () => (await preview()).policies[0]?.keepDays === 1, { describe: 'the policy is patient' })
  assert.is((await ask('POST', `/v1/sessions/${held}/release`, {})).status, 202)
  await eventually(async () => (await preview('?keep_days=0&kind=request')).policies[0]?.expired === 1, {
    withinMs: 60_000,
    describe: 'the release is known',
  })
  // A policy by another name is a changed configuration, which is looked after at once.
  writeFileSync(join(config, 'retention.yaml'), 'defaults:\n  retention:\n    all: { keep_days: 0 }\n')
  assert.match((await erased(held)).detail ?? '', /retention policy "all"/)
  const audit = z.looseObject({ ok: z.boolean() }).parse((await ask('GET', '/v1/audit/verify')).body)
  assert.ok(audit.ok)
})

test.run()

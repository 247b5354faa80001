// A backup of a running Casebook, restored into another data folder: the same sessions, hashes and answers; a faulty file writes nothing.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { type CasebookProcess, startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/servers.ts'

const test = suite('backup and restore')
const folder = temporaryFolder()
const [here, there] = [join(folder, 'here'), join(folder, 'there')]
const file = join(folder, 'backup.ndjson.gz')
const started: CasebookProcess[] = []
test.after(async () => {
  await Promise.all(started.map((each) => each.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const serve = async (CASEBOOK_DATA_DIR: string): Promise<CasebookProcess> => {
  const casebook = await startCasebook({ CASEBOOK_DATA_DIR })
  started.push(casebook)
  return casebook
}
const run = async (args: readonly string[], environment: Readonly<Record<string, string>>) => {
  const { exited, output } = startCommand(args, environment)
  return { code: await exited, output: output() }
}
const page = z.object({ items: z.array(z.unknown()) })
/** As a client reads: a read model that is behind is asked again. */
const get = (url: string, path: string): Promise<unknown> =>
  eventually(
    async () => {
      const response = await fetch(`${url}${path}`)
      const said = await response.text()
      if (!response.ok) throw new Error(said)
      return JSON.parse(said)
    },
    { describe: `${path} is answered` },
  )
const eventsOf = async (url: string, id: string) =>
  page.parse(await get(url, `/v1/sessions/${id}/events?limit=200&after=${(await endOf(url, id)).sequence}`)).items
const long = 'One line of a long runbook. '.repeat(5_000)
const request = (url: string) =>
  fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'the-long-one' },
    body: JSON.stringify({ title: 'With a long text', input: long }),
  })

const before = { id: '', events: [] as readonly unknown[], session: null as unknown }

test('it is taken while Casebook runs, and sessions start and end', async () => {
  const casebook = await serve(here)
  before.id = z.object({ id: z.string() }).parse(await (await request(casebook.url)).json()).id
  await endOf(casebook.url, before.id)
  const others = Array.from({ length: 5 }, (_, nth) => startSession(casebook.url, `Meanwhile ${nth}`))
  const [taken, ...ids] = await Promise.all([run(['backup', file], { CASEBOOK_URL: casebook.url }), ...others])
  assert.is(taken.code, 0, taken.output)
  assert.match(taken.output, /backup\.ndjson\.gz: \d+ commits up to \d+, [1-9]\d* long texts?; [0-9a-f]{64}\n$/)
  for (const id of ids) await endOf(casebook.url, id)
  before.events = await eventsOf(casebook.url, before.id)
  before.session = await get(casebook.url, `/v1/sessions/${before.id}`)
  assert.is(await casebook.stop(), 0)
})

test('a file that was cut is refused before there is anything', async () => {
  const cut = join(folder, 'cut.gz')
  writeFileSync(cut, readFileSync(file).subarray(0, -100))
  const { code, output } = await run(['restore', cut], { CASEBOOK_DATA_DIR: there })
  assert.is(code, 1)
  assert.match(output, /casebook: \S+cut\.gz is no whole backup: .*\. Nothing was written/)
  assert.is(existsSync(there), false)
})

test('restored, it is the Casebook it was', async () => {
  const restored = await run(['restore', file], { CASEBOOK_DATA_DIR: there })
  assert.is(restored.code, 0, restored.output)
  const casebook = await serve(there)
  await eventually(async () =>
    z
      .object({ items: z.array(z.looseObject({ lag: z.int(), state: z.string() })) })
      .parse(await get(casebook.url, '/v1/projections'))
      .items.every(({ lag, state }) => lag === 0 && state === 'live'),
  )
  assert.equal(await eventsOf(casebook.url, before.id), before.events)
  assert.equal(await get(casebook.url, `/v1/sessions/${before.id}`), before.session)
  const named = JSON.stringify(before.events).match(/"sha256":"([0-9a-f]{64})"/)?.[1]
  assert.ok(named)
  const blob = await fetch(`${casebook.url}/v1/sessions/${before.id}/blobs/${named}`)
  assert.is(await blob.text(), long)
  const verified = await run(['audit', 'verify'], { CASEBOOK_URL: casebook.url })
  assert.is(verified.code, 0, verified.output)
  // The key of a request means what it meant.
  assert.is(z.object({ id: z.string() }).parse(await (await request(casebook.url)).json()).id, before.id)
  // What was under way goes on.
  const sessions = page.parse(await get(casebook.url, '/v1/sessions?limit=50')).items
  for (const each of sessions) await endOf(casebook.url, z.looseObject({ id: z.string() }).parse(each).id)
  await endOf(casebook.url, await startSession(casebook.url, 'And now?'))
  assert.is(await casebook.stop(), 0)
  const later = await run(['restore', file], { CASEBOOK_DATA_DIR: there })
  assert.is(later.code, 1)
  assert.match(later.output, /was used already|ends at/)
})

test.run()

// A session exported from one Casebook and imported into another is the same to the byte and to the hash, and nothing runs again.
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { endOf, startSession } from '../support/ask-casebook.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('export and import')
const folder = temporaryFolder()
const [natsHere, natsThere, postgres] = await Promise.all([startNats(), startNats(), startPostgres()])
const [databaseHere, databaseThere] = [await postgres.createDatabase(), await postgres.createDatabase()]
const [here, there] = await Promise.all([
  startCasebook({ NATS_URL: natsHere.url, DATABASE_URL: databaseHere }),
  startCasebook({ NATS_URL: natsThere.url, DATABASE_URL: databaseThere }),
])
const connection = await connectNats(natsThere.url, 'test', quiet)
const manager = await jetstreamManager(connection)
test.after(async () => {
  await connection.close()
  await Promise.all([here.stop(), there.stop()])
  await Promise.all([natsHere.stop(), natsThere.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const run = async (url: string, ...args: readonly string[]) => {
  const { exited, output } = startCommand(args, { CASEBOOK_URL: url })
  return { code: await exited, output: output() }
}
const head = async (): Promise<number> => (await manager.streams.info(eventsStream)).state.last_seq
const importText = async (text: string) => {
  const response = await fetch(`${there.url}/v1/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: text,
  })
  return { status: response.status, body: z.looseObject({}).parse(await response.json()) }
}
const long = 'One line of a long runbook. '.repeat(5_000)
const startLong = async (): Promise<string> => {
  const response = await fetch(`${here.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ title: 'With a long text', input: long }),
  })
  return z.object({ id: z.string() }).parse(await response.json()).id
}

const story = { id: '', text: '' }

test('a session goes out as it is stored', async () => {
  story.id = await startLong()
  await endOf(here.url, story.id)
  const file = join(folder, 'session.jsonl')
  const { code, output } = await run(here.url, 'export', '--session', story.id, '--out', file)
  assert.is(code, 0, output)
  story.text = readFileSync(file, 'utf8')
  const lines = story.text.trimEnd().split('\n')
  const types = lines.map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)).type)
  assert.is(types[0], 'casebook.blob.v1')
  assert.is(types[1], 'casebook.session.started.v1')
  assert.is(types.at(-1), 'casebook.session.ended.v1')
  assert.is((await run(here.url, 'export', '--session', 'ses_NOBODY')).code, 1)
})

test('imported elsewhere it is the same, text and hash, and no handler touches it', async () => {
  const before = await head()
  const file = join(folder, 'session.jsonl')
  const { code, output } = await run(there.url, 'import', file)
  assert.is(code, 0, output)
  assert.match(output, /^1 stream, (\d+) commits: \1 written, 0 were here; [1-9]\d* long texts?\.\n$/)
  const written = Number(/(\d+) commits/.exec(output)?.[1])
  await endOf(there.url, story.id)
  const back = await (await fetch(`${there.url}/v1/sessions/${story.id}/export`)).text()
  assert.is(back, story.text)
  const again = await importText(story.text)
  assert.equal([again.status, again.body['written']], [200, 0])
  await eventually(async () => {
    const consumers = []
    for await (const each of manager.consumers.list(eventsStream)) consumers.push(each)
    return consumers.every((each) => each.num_pending === 0 && each.num_ack_pending === 0)
  })
  assert.is(await head(), before + written)
  const verified = await run(there.url, 'audit', 'verify')
  assert.is(verified.code, 0, verified.output)
})

test('what was changed, cut out, swapped or still runs is refused, and nothing of it is written', async () => {
  const before = await head()
  const lines = story.text.trimEnd().split('\n')
  const faults: Readonly<Record<string, string>> = {
    changed: story.text.replaceAll('With a long text', 'With a lang text'),
    removed: lines.toSpliced(3, 1).join('\n'),
    swapped: lines
      .with(2, lines[3] ?? '')
      .with(3, lines[2] ?? '')
      .join('\n'),
    'no end': lines.slice(0, 2).join('\n'),
    'another blob': story.text.replace('"data_base64":"', '"data_base64":"AAAA'),
    'no export': '{"hello":1}\n',
  }
  for (const [fault, text] of Object.entries(faults)) {
    const { status, body } = await importText(text)
    assert.is(status === 409 || status === 422, true, `${fault}: ${status} ${JSON.stringify(body)}`)
    assert.match(String(body['detail']), /^Nothing was imported: /, fault)
  }
  assert.is(await head(), before)
  const own = await startSession(there.url, 'Its own')
  await endOf(there.url, own)
  const whole = (await (await fetch(`${there.url}/v1/sessions/${own}/export`)).text()).split('\n')
  const hash = /"commithash":"\w+"/.exec(whole[0] ?? '')?.[0] ?? 'none'
  const firstCommit = whole.filter((line) => line.includes(hash)).join('\n')
  assert.is((await importText(firstCommit)).status, 409, 'the session goes on after what the file has')
})

test('an org goes out with its alerts, and comes in again', async () => {
  const alert = await fetch(`${here.url}/v1/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Disk full', severity: 'high' }),
  })
  assert.is(alert.status, 202, await alert.clone().text())
  await eventually(
    async () => {
      const { items } = z
        .object({ items: z.array(z.looseObject({ endedAt: z.string().nullable() })) })
        .parse(await (await fetch(`${here.url}/v1/sessions?limit=10`)).json())
      return items.length === 2 && items.every(({ endedAt }) => endedAt !== null)
    },
    { withinMs: 60_000 },
  )
  const text = (await run(here.url, 'export', '--org')).output
  assert.match(text, /"type":"casebook\.alert\.fired\.v1"/)
  writeFileSync(join(folder, 'org.jsonl'), text)
  const { code, output } = await run(there.url, 'import', join(folder, 'org.jsonl'))
  assert.is(code, 0, output)
  assert.match(output, /^3 streams, /)
})

test.run()

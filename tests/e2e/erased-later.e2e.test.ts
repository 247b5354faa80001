// What is erased and forgotten after copies were made stays so: dead letters go, an import leaves it out, a restored backup erases it again.
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { type CasebookProcess, startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/servers.ts'

const folder = temporaryFolder()
const [here, there] = [join(folder, 'here'), join(folder, 'there')]
const [backup, later, keys, exported] = ['old.gz', 'new.gz', 'keys.jsonl', 'session.jsonl'].map((each) =>
  join(folder, each),
)
const token = 'a-token-of-enough-letters'
const environment = { CASEBOOK_TOKEN: token, CASEBOOK_PERSONAL_FIELDS: 'sealed' }
let casebook: CasebookProcess = await startCasebook({ ...environment, CASEBOOK_DATA_DIR: here })
test.after(async () => {
  await casebook.stop()
  rmSync(folder, { recursive: true, force: true })
})

const patient = { withinMs: 60_000, everyMs: 100 }
const ask = async (method: string, path: string, body?: object, actor = 'jane@example.org') => {
  const response = await fetch(`${casebook.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-casebook-actor': actor,
      'idempotency-key': randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}
const run = async (...args: readonly (string | undefined)[]): Promise<string> => {
  const command = startCommand(
    args.map((each) => each ?? ''),
    { CASEBOOK_URL: casebook.url, CASEBOOK_TOKEN: token, CASEBOOK_DATA_DIR: there },
  )
  assert.is(await command.exited, 0, command.output())
  return command.output()
}
const ended = async (title: string): Promise<string> => {
  const started = await ask('POST', '/v1/sessions', { title, input: title })
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(started.text))
  // Of the session itself: its stages and agents have ended before it.
  const session = z.object({ endedAt: z.string().nullable() })
  await eventually(
    async () => session.parse(JSON.parse((await ask('GET', `/v1/sessions/${id}`)).text)).endedAt !== null,
    { ...patient, describe: `${title} ends` },
  )
  return id
}
const gone = (id: string) =>
  eventually(async () => (await ask('GET', `/v1/sessions/${id}`)).status === 410, { ...patient, describe: 'erased' })
const lettersOf = async (id: string): Promise<number> =>
  z
    .object({ items: z.array(z.unknown()) })
    .parse(JSON.parse((await ask('GET', '/v1/dead-letters?status=all')).text))
    .items.filter((each) => JSON.stringify(each).includes(id)).length
const parkFor = async (id: string): Promise<void> => {
  const { username, host } = new URL(readFileSync(join(here, 'nats.url'), 'utf8').trim())
  const connection = await connect({ servers: host, token: username })
  await jetstream(connection).publish(
    'casebook.commands.default.SendMessage',
    JSON.stringify({ sessionId: id, text: 'Late.' }),
  )
  await connection.close()
  await eventually(async () => (await lettersOf(id)) === 1, { ...patient, describe: 'a letter is parked' })
}

test('an erasure takes the dead letters of its session with it; an import and a restore of older copies erase it again', async () => {
  const [session, other] = [await ended('To be erased'), await ended('To be kept')]
  for (const actor of ['jane@example.org', 'bob@example.org'])
    assert.is(
      (await ask('POST', `/v1/sessions/${other}/chat`, { text: `Asked by ${actor.slice(0, 4)}` }, actor)).status,
      202,
    )
  await eventually(
    async () => (await ask('GET', `/v1/sessions/${other}/chat`)).text.split('"status":"answered"').length === 3,
    { ...patient, describe: 'both are answered' },
  )
  await parkFor(session)
  await parkFor(other)
  await run('export', '--session', session, '--out', exported)
  await run('backup', backup)

  assert.is((await ask('DELETE', `/v1/sessions/${session}`, { reason: 'asked to' }, 'bob@example.org')).status, 202)
  await gone(session)
  await run('forget', 'person', 'jane@example.org', '--reason', 'asked to')
  await eventually(async () => (await lettersOf(session)) === 0, { ...patient, describe: 'its letters are gone' })
  assert.is(await lettersOf(other), 1)
  const known = () => ask('POST', '/v1/people/forget', { person: 'jane@example.org', reason: '-' }, 'service:test')
  await eventually(async () => (await known()).status === 404, { ...patient, describe: 'the key is destroyed' })
  assert.match(await run('import', exported), /^0 streams, 0 commits: 0 written.*\n1 session left out: erased here\.$/m)
  assert.is((await ask('GET', `/v1/sessions/${session}`)).status, 410)
  assert.match(await run('backup', later, '--keys', keys), /keys\.jsonl: keys and tombstones; keep only the newest\.$/m)
  const kept = readFileSync(keys ?? '', 'utf8')
  assert.ok(kept.includes('bob@example.org') && !kept.includes('jane@example.org'))
  await run('backup', join(folder, 'third.gz'), '--keys', keys)
  await casebook.stop()

  await run('restore', backup, '--keys', keys)
  casebook = await startCasebook({ ...environment, CASEBOOK_DATA_DIR: there })
  await gone(session)
  const chat = await eventually(
    async () => {
      const { status, text } = await ask('GET', `/v1/sessions/${other}/chat`, undefined, 'bob@example.org')
      return status === 200 && text.includes('Asked by bob@') ? text : false
    },
    { ...patient, describe: 'the chat is there' },
  )
  assert.match(chat, /"text":"forgotten"/)
  await eventually(async () => (await lettersOf(session)) === 0, { ...patient, describe: 'its letters are gone again' })
  const audit = await ask('GET', '/v1/audit/verify')
  assert.is(z.looseObject({ ok: z.boolean() }).parse(JSON.parse(audit.text)).ok, true, audit.text)
})

test.run()

// Personal fields through the real process: nothing stored says who or what they wrote, answers do until the person is forgotten, and everything still fits.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { messagesOf } from '../../infra/jetstream/messages-of.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { fencedBlocks, readDocument, root } from '../support/markdown.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const run = promisify(execFile)
const token = 'a-token-of-enough-letters'
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const folder = temporaryFolder()
// What a model writes is its own: one that quotes nobody shows what Casebook itself stores.
const model = await startChatServer({
  model: 'scripted',
  respond: (exchange) => sendReply(exchange, { text: 'The conclusion.' }, 'scripted', { tokenDelayMs: 0 }),
})
const environment = {
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'sk-none',
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
  CASEBOOK_TOKEN: token,
  CASEBOOK_PERSONAL_FIELDS: 'sealed',
  LOG_LEVEL: 'info',
}
let casebook = await startCasebook(environment)
const connection = await connectNats(nats.url, 'test', quiet)
const database = createDatabase(postgres.url)
test.after(async () => {
  await casebook.stop()
  await database.close()
  await connection.close()
  await model.close()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const jane = 'jane@example.org'
const question = 'Was it the marmalade?'
const asking = (actor: string) => ({ authorization: `Bearer ${token}`, 'x-casebook-actor': actor })

const ask = async (method: string, path: string, body?: object, actor = jane, key: string = randomUUID()) => {
  const response = await fetch(`${casebook.url}${path}`, {
    method,
    headers: {
      ...asking(actor),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'idempotency-key': key,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}
const json = (text: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))
const okay = async (method: string, path: string, body?: object, actor?: string): Promise<string> => {
  const { status, text } = await ask(method, path, body, actor)
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
  return text
}

const stored = async (): Promise<string> => {
  let all = ''
  for await (const { headers, payload } of messagesOf(connection, 'casebook.events.>')) {
    all += `${JSON.stringify(headers)} ${payload}\n`
  }
  const tables = await database.query(
    `SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'casebook')`,
  )
  for (const { schemaname, tablename } of tables) {
    const rows = await database.query(`SELECT row::text AS row FROM ${schemaname}.${tablename} AS row`)
    all += rows.map(({ row }) => String(row)).join('\n')
  }
  return all
}
const frameOf = async (session: string): Promise<string> => {
  const leaving = new AbortController()
  const response = await fetch(`${casebook.url}/v1/sessions/${session}/stream?after=0`, {
    headers: asking(jane),
    signal: leaving.signal,
  })
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('question_asked')) {
    const { done, value = '' } = await reader.read()
    if (done) break
    text += value
  }
  leaving.abort()
  return text
}
const answers = async (session: string, cancelled: string): Promise<string> =>
  (
    await Promise.all([
      ...['', '/chat', '/timeline', '/events', '/state'].map((rest) => okay('GET', `/v1/sessions/${session}${rest}`)),
      ...['', '/timeline', '/state'].map((rest) => okay('GET', `/v1/sessions/${cancelled}${rest}`)),
      okay('GET', '/v1/sessions'),
      frameOf(session),
    ])
  ).join('\n')
const settled = (session: string) =>
  eventually(async () => json(await okay('GET', `/v1/sessions/${session}`))['endedAt'] !== null, {
    withinMs: 60_000,
    everyMs: 50,
    describe: `${session} ends`,
  })
const blocks = fencedBlocks(readDocument('docs/personal-data.md'))
const printed = blocks.find(({ language }) => language === 'json')
/** Runs the example of the page that begins so, as it stands. */
const example = async (beginning: string): Promise<string> => {
  const block = blocks.find(({ language, text }) => language === 'sh' && text.startsWith(beginning))
  assert.ok(block, beginning)
  const { stdout } = await run('bash', ['-c', (block?.text ?? '').replaceAll('http://127.0.0.1:8080', casebook.url)], {
    cwd: root,
    env: { ...process.env, CASEBOOK_URL: casebook.url, CASEBOOK_TOKEN: token },
  })
  return stdout
}
const readModel = z.looseObject({
  name: z.string(),
  generation: z.int(),
  lag: z.int().optional(),
  verification: z.looseObject({ generation: z.int(), ok: z.boolean() }).nullable(),
})
const readModels = async () =>
  z.object({ items: z.array(readModel) }).parse(json(await okay('GET', '/v1/projections'))).items
const caughtUp = () =>
  eventually(async () => (await readModels()).every(({ lag }) => lag === 0), {
    describe: 'the read models are caught up',
  })
/** Asks for a rebuild or a verification. @returns its generation. */
const build = async (name: string, verb: 'rebuild' | 'verify'): Promise<number> =>
  z.int().parse(json(await okay('POST', `/v1/projections/${name}/${verb}`))['generation'])
const everythingFits = async (...sessions: readonly string[]): Promise<void> => {
  assert.is(json(await okay('GET', '/v1/audit/verify'))['ok'], true)
  for (const name of ['sessions', 'timeline', 'chat', 'inputs']) {
    const generation = await build(name, 'verify')
    const report = await eventually(
      async () => {
        const found = (await readModels()).find((each) => each.name === name)?.verification ?? null
        return found !== null && found.generation >= generation && found
      },
      { withinMs: 120_000, describe: `${name} is verified` },
    )
    assert.ok(report.ok, JSON.stringify(report))
  }
  for (const session of sessions) {
    const replayed = await okay('POST', `/v1/sessions/${session}/replay`)
    assert.is(json(replayed)['kind'], 'same', replayed)
  }
}

test('nothing that is stored names a person, answers do, and once forgotten nothing does', async () => {
  const started = json(await okay('POST', '/v1/sessions', { title: 'Sticky keys', input: 'Look.' }))
  const session = z.string().parse(started['id'])
  await settled(session)
  await okay('POST', `/v1/sessions/${session}/chat`, { text: question })
  await okay('POST', `/v1/sessions/${session}/chat`, { text: 'And who else?' }, 'bob@example.org')
  const other = z.string().parse(json(await okay('POST', '/v1/sessions', { title: 'Paused', input: 'Look.' }))['id'])
  await ask('POST', `/v1/sessions/${other}/pause`, { reason: 'lunch with marmalade' })
  const cancelled = await ask('POST', `/v1/sessions/${other}/cancel`, { reason: 'no more marmalade' })
  assert.ok(cancelled.status === 202 || cancelled.status === 409, cancelled.text)
  await settled(other)
  await eventually(async () => (await okay('GET', `/v1/sessions/${session}/chat`)).split('"endedAt":"').length > 2, {
    withinMs: 60_000,
    describe: 'both questions are answered',
  })
  await caughtUp()

  const said = await answers(session, other)
  for (const word of [jane, question, 'And who else?', 'bob@example.org']) assert.ok(said.includes(word), word)
  assert.not.match(said, /sealed:1:/)
  const before = await stored()
  assert.match(before, /sealed:1:per_/)
  for (const word of [jane, 'bob@example.org', 'marmalade', 'And who else?'])
    assert.not.ok(before.includes(word), `${word} is stored: ${before.slice(before.indexOf(word) - 300).slice(0, 400)}`)
  await everythingFits(session, other)
  const letters = await createDeadLetters(connection)
  await letters.park({
    ...{ consumer: 'planner', subject: 'casebook.events.default.session.ses_none', attempts: 5, headers: {} },
    ...{ payload: 'nothing personal', error: { code: 'unexpected', message: 'no plan' } },
  })
  const [letter] = await letters.list(1)
  const shown = await okay('POST', `/v1/dead-letters/${letter?.id}/drop`, { reason: 'marmalade again' })
  assert.ok(shown.includes(jane) && shown.includes('marmalade again'))
  const again = await ask('POST', `/v1/dead-letters/${letter?.id}/retry`, undefined, 'bob@example.org')
  assert.is(again.status, 409)
  const kept = JSON.stringify(await letters.list(1, { status: 'all' }))
  for (const [what, text] of Object.entries({ kept, again: again.text })) {
    for (const word of [jane, 'bob@example.org', 'marmalade']) assert.not.ok(text.includes(word), `${what}: ${word}`)
  }
  assert.match(casebook.output(), /"actor":"user"/)
  const exported = await okay('GET', `/v1/sessions/${session}/export`)
  assert.not.ok(exported.includes('marmalade'))

  const unknown = await ask('POST', '/v1/people/forget', { person: 'nobody@example.org', reason: 'asked to' })
  assert.equal([unknown.status, json(unknown.text)['code']], [404, 'person_not_found'])
  assert.is((await ask('POST', '/v1/people/forget', { person: jane })).status, 400)
  assert.match(await example('npx casebook forget'), /^per_\S+ is being forgotten\.$/m)
  await eventually(
    async () => {
      const found = await ask('POST', '/v1/people/forget', { person: jane, reason: 'again' }, 'bob@example.org')
      return found.status === 404
    },
    { withinMs: 60_000, describe: 'the key is destroyed' },
  )
  await eventually(async () => !(await answers(session, other)).includes(jane), {
    describe: 'the process reads nothing of her any more',
  })
  await caughtUp()
  const left = await answers(session, other)
  for (const word of [jane, 'marmalade', 'sealed:1:']) assert.not.ok(left.includes(word), word)
  assert.ok(left.includes('And who else?') && left.includes('"forgotten"'))
  await everythingFits(session, other)
  const rebuilt = await build('chat', 'rebuild')
  await eventually(
    async () => (await readModels()).some(({ name, generation }) => name === 'chat' && generation === rebuilt),
    { withinMs: 120_000, describe: 'the chats are rebuilt' },
  )
  await caughtUp()

  // Nothing of it lives in a process alone; and she may come back as somebody new.
  await casebook.stop()
  for (const word of [jane, 'bob@example.org', 'marmalade']) assert.not.ok(casebook.output().includes(word), word)
  casebook = await startCasebook(environment)
  assert.not.match(await answers(session, other), /marmalade|jane|sealed:1:/)
  await okay('POST', `/v1/sessions/${session}/chat`, { text: 'It is me again.' })
  await caughtUp()
  assert.match(await okay('GET', `/v1/sessions/${session}/chat`), /It is me again/)
  await everythingFits(session)
  const answer = json(await example('curl -s'))
  assert.equal(Object.keys(answer).sort(), Object.keys(json(printed?.text ?? '')).sort())
})

test.run()

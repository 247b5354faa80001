// Files changed under the running process: new sessions take the new version, running ones keep theirs, faults change nothing.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { beforeFirst } from '../../commands/event-log.ts'
import { type ChatExchange, sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { sessionView } from '../../projections/session-view.ts'
import type { EventData } from '../../schemas/events.ts'
import { orgId } from '../../schemas/ids.ts'
import { type CasebookProcess, startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('configuration reload')
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const folder = temporaryFolder()
const configFolder = join(folder, 'config')

/** What each turn was told, and the turns that are held back until the test lets them go. */
const asked: { readonly title: string; readonly system: string; readonly tools: readonly string[] }[] = []
const held = new Map<string, () => void>()

const respond = async (exchange: ChatExchange): Promise<void> => {
  const { messages, tools } = exchange.request
  const text = messages.map(({ content }) => content).join('\n')
  const title = /^Session: (.+)$/m.exec(text)?.[1] ?? ''
  const system = messages.flatMap(({ role, content }) => (role === 'system' ? [content ?? ''] : [])).join('\n')
  asked.push({ title, system, tools: tools.map(({ function: { name } }) => name) })
  if (title.startsWith('held') && !held.has(title)) await new Promise<void>((resolve) => held.set(title, resolve))
  await sendReply(exchange, { text: 'The conclusion.' }, 'scripted', { tokenDelayMs: 0 })
}
const model = await startChatServer({ model: 'scripted', respond })

/** Whole at once: the process looks at the files whenever it likes. */
const place = (file: string, text: string): void => {
  writeFileSync(join(folder, 'unfinished'), text)
  renameSync(join(folder, 'unfinished'), join(configFolder, file))
}
const writeTeller = (words: string): void => place('agents/teller.md', `---\ncontroller: single_shot\n---\n${words}\n`)
const writeChain = (more = ''): void =>
  place(
    'chain.yaml',
    `chains:\n  two:\n    stages:\n      - { name: first, agent: teller }\n      - { name: second, agent: teller }\n${more}`,
  )
mkdirSync(join(configFolder, 'agents'), { recursive: true })
writeTeller('The words are ONE.')
writeChain()

const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
  CASEBOOK_CONFIG_DIR: configFolder,
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'sk-planted-in-the-environment-0123456789',
  LOG_LEVEL: 'info',
}

let casebook: CasebookProcess = await startCasebook(environment)
const connection = await connectNats(nats.url, 'config-reload', quiet)
const log = await createJetStreamEventLog(connection)
const stream = { org: orgId.parse('default'), category: 'definition', id: 'configuration' } as const

/** Every version on the log, oldest first. */
const recorded = async (): Promise<readonly EventData<'configuration.loaded'>[]> =>
  (await log.read(stream, beforeFirst)).flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'configuration.loaded' ? [event.data] : [])),
  )

const begin = async (title: string, chain = 'two'): Promise<string> => {
  const response = await fetch(`${casebook.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, input: 'Look into it.', chain }),
  })
  const body: unknown = await response.json()
  assert.ok(response.ok, JSON.stringify(body))
  return z.looseObject({ id: z.string() }).parse(body).id
}

const finished = (id: string) =>
  eventually(
    async () => {
      const response = await fetch(`${casebook.url}/v1/sessions/${id}`)
      const session = response.ok ? sessionView.parse(await response.json()) : null
      return session !== null && session.endedAt !== null ? session : false
    },
    { withinMs: 60_000, describe: `session ${id} ends` },
  )

const planned = z.object({ items: z.array(z.object({ type: z.string(), data: z.unknown() })) })
/** Once the read model of events has the plan: it follows the log on its own. */
const hashOf = (id: string): Promise<string> =>
  eventually(
    async () => {
      const response = await fetch(`${casebook.url}/v1/sessions/${id}/events`)
      const { items } = planned.parse(await response.json())
      const plan = items.find(({ type }) => type === 'casebook.session.plan_adopted.v1')
      return z.looseObject({ configurationHash: z.string() }).parse(plan?.data).configurationHash
    },
    { describe: `the plan of ${id}` },
  )
const told = (title: string): readonly string[] =>
  asked.flatMap((each) => (each.title === title ? [/words are (\w+)/.exec(each.system)?.[1] ?? ''] : []))

const version = (count: number) =>
  eventually(async () => (await recorded())[count - 1], {
    withinMs: 60_000,
    describe: `version ${count} is on the log`,
  })

test('the version a process starts with is on the log, whole and without secrets', async () => {
  const first = await version(1)
  assert.match(first.content.text, /The words are ONE\./)
  assert.not.match(first.content.text, /sk-planted/)
  assert.ok(first.changes.some(({ entry, what }) => entry === 'agents/teller' && what === 'added'))
})

test('a session that runs keeps its version to its last stage, the next one takes the new one', async () => {
  const before = await begin('held one')
  await eventually(() => held.has('held one'), { withinMs: 60_000 })
  writeTeller('The words are TWO.')
  const second = await version(2)
  assert.equal(second.changes, [{ entry: 'agents/teller', what: 'changed' }])

  const after = await begin('plain two')
  await finished(after)
  assert.equal(told('plain two'), ['TWO', 'TWO'])

  held.get('held one')?.()
  const session = await finished(before)
  assert.is(session.status, 'completed')
  assert.equal(told('held one'), ['ONE', 'ONE'])
  assert.is(await hashOf(before), (await recorded())[0]?.hash)
  assert.is(await hashOf(after), second.hash)
})

test('faulty files are told with file and line, and sessions go on under the last good version', async () => {
  // Faulty before there is anything new, and sound again only when all of it is there.
  writeChain('chain:\n  x: 1\n')
  writeTeller('The words are THREE.')
  await eventually(() => /chain\.yaml:6: chain: is no section/.test(casebook.output()), { withinMs: 60_000 })
  const id = await begin('plain faulty')
  assert.is((await finished(id)).status, 'completed')
  assert.equal(told('plain faulty'), ['TWO', 'TWO'])
  assert.is((await recorded()).length, 2)

  writeTeller('The words are FOUR.')
  writeChain()
  await version(3)
  await finished(await begin('plain mended'))
  assert.equal(told('plain mended'), ['FOUR', 'FOUR'])
})

test('a process killed in the middle of a session finishes it under the version it began with, and records none anew', async () => {
  const id = await begin('held over')
  await eventually(() => held.has('held over'), { withinMs: 60_000 })
  await casebook.kill()
  writeTeller('The words are FIVE.')
  held.get('held over')?.()
  casebook = await startCasebook(environment)
  await version(4)
  assert.is((await finished(id)).status, 'completed')
  const words = told('held over')
  assert.ok(words.length >= 3, 'asked again after the kill')
  assert.equal([...new Set(words)], ['FOUR'])

  assert.is(await casebook.stop(), 0, casebook.output())
  casebook = await startCasebook(environment)
  await finished(await begin('plain again'))
  assert.is((await recorded()).length, 4, 'the same files are the same version')
  assert.equal(told('plain again'), ['FIVE', 'FIVE'])
  const audit = await fetch(`${casebook.url}/v1/audit/verify`)
  assert.ok(z.object({ ok: z.boolean() }).parse(await audit.json()).ok, 'the log and its copy are sound')
})

test('an agent that is added is offered the tools its file names, and no other', async () => {
  const front = '---\ntools: Read, mcp__host__disk, mcp__host__log_*\ndisallowedTools: mcp__host__log_tail\n---\n'
  // A chain whose agent is missing is not taken: both come together.
  place('one.yaml', 'chains:\n  one: { stages: [{ name: only, agent: reader }] }\n')
  place('agents/reader.md', `${front}Read.\n`)
  const { changes } = await version(5)
  assert.equal(
    changes.map(({ entry, what }) => `${entry} ${what}`),
    ['agents/reader added', 'chains/one added'],
  )
  await finished(await begin('plain tools', 'one'))
  assert.equal(asked.find(({ title }) => title === 'plain tools')?.tools, ['host__disk'])
})

test.after(async () => {
  await casebook.stop()
  await connection.close()
  await model.close()
  await Promise.all([nats.stop(), postgres.stop()])
})

test.run()

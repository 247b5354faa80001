// The process is killed after each commit of an investigation in turn; a new one always finishes the same session.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { alertIdOf } from '../../commands/new-id.ts'
import type { ChatReply, ChatRequest } from '../../gateways/simulator/chat-wire.ts'
import { startSimulator } from '../../gateways/simulator/simulator.ts'
import { sessionView } from '../../projections/session-view.ts'
import { orgId } from '../../schemas/ids.ts'
import { type CasebookProcess, startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { offeredAgainAfterMs } from '../support/offered-again.ts'
import { startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('crash and resume')
const here = dirname(fileURLToPath(import.meta.url))
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const folder = temporaryFolder()

/** Reads and changes something at once, then concludes: the same whatever the results were. */
const decide = (request: ChatRequest): ChatReply => {
  const text = request.messages.map(({ content }) => content).join('\n')
  if (request.tools.length === 0) return { text: 'A summary.' }
  if (request.messages.some(({ role }) => role === 'tool')) return { text: 'The conclusion.' }
  const path = /journal: (\S+)/.exec(text)?.[1] ?? ''
  return {
    toolCalls: [
      { name: 'hostile__read_lines', arguments: JSON.stringify({ path }) },
      { name: 'hostile__append_line', arguments: JSON.stringify({ path, line: 'done' }) },
    ],
  }
}
const model = await startSimulator({ decide })

mkdirSync(join(folder, 'config', 'agents'), { recursive: true })
writeFileSync(
  join(folder, 'config', 'test.yaml'),
  `defaults:
  tool_policy: { otherwise: { unsafe: allow } }
mcp_servers:
  hostile:
    transport:
      type: stdio
      command: ${process.execPath}
      args: [${join(here, '..', 'support', 'hostile-mcp-server.ts')}]
`,
)
writeFileSync(join(folder, 'config', 'agents', 'investigator.md'), '---\nmcp_servers: [hostile]\n---\nGo.\n')

const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
  CASEBOOK_CONFIG_DIR: join(folder, 'config'),
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'not-a-real-key',
}

const watcher = await connect({ servers: nats.url.replace(/\/\/.*@/, '//'), token: new URL(nats.url).username })
/** Told each commit of an alert and of the sessions that look into it. */
let onCommit: (types: string) => void = () => undefined
for (const category of ['alert', 'session']) {
  watcher.subscribe(`casebook.events.*.${category}.>`, {
    callback: (_, message) => onCommit(message.headers?.get('Casebook-Types') ?? ''),
  })
}
await watcher.flush()

/** What makes an undisturbed investigation, from the alert to its end noted on the alert. */
const boundaries = 12

const alertBody = (name: string) => ({
  version: '4',
  groupKey: name,
  status: 'firing',
  receiver: 'casebook',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: name, severity: 'critical' },
      annotations: { summary: name, description: `journal: ${join(folder, `${name}.txt`)}` },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: name,
    },
  ],
})

const alertAnswer = z.object({ sessionId: z.string().nullable(), sessionStatus: z.string().nullable() })

/** The process may be killed before it has answered; what was sent is then known by what it is about. */
const send = async (casebook: CasebookProcess, name: string): Promise<string> => {
  const response = await fetch(`${casebook.url}/v1/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alertBody(name)),
  }).catch(() => null)
  if (response !== null) assert.is(response.status, 202)
  return alertIdOf(orgId.parse('default'), name)
}

/** The session of the alert, once everything about it has come to rest. */
const finished = async (casebook: CasebookProcess, alertId: string) => {
  const id = await eventually(
    async () => {
      const response = await fetch(`${casebook.url}/v1/alerts/${alertId}`)
      if (!response.ok) return false
      const alert = alertAnswer.parse(await response.json())
      return alert.sessionStatus === 'completed' || alert.sessionStatus === 'failed' ? alert.sessionId : false
    },
    { withinMs: 60_000, describe: `the session of ${alertId} ends` },
  )
  const session = await eventually(
    async () => {
      const view = sessionView.parse(await (await fetch(`${casebook.url}/v1/sessions/${id}`)).json())
      return view.endedAt === null ? false : view
    },
    { describe: 'the read model has the end' },
  )
  const page = z.object({ items: z.array(z.object({ name: z.string(), status: z.string() })) })
  const { items: calls } = await eventually(
    async () =>
      page.parse(await (await fetch(`${casebook.url}/v1/sessions/${id}/tool-calls?after=${session.sequence}`)).json()),
    { describe: 'the read model has the calls' },
  )
  return { session, calls }
}

const essence = ({ session, calls }: Awaited<ReturnType<typeof finished>>) => ({
  status: session.status,
  cause: session.cause?.code,
  stages: session.stages.map(({ name, status }) => ({ name, status })),
  executions: session.executions.map(({ agent, status, turns }) => ({ agent, status, turns })),
  analysis: session.finalAnalysis,
  summary: session.summary,
  calls: calls.map(({ name }) => name).sort(),
})

const lines = (name: string): number => {
  try {
    return readFileSync(join(folder, `${name}.txt`), 'utf8')
      .trim()
      .split('\n').length
  } catch {
    return 0
  }
}

let undisturbed: ReturnType<typeof essence>

test('an undisturbed investigation shows what to compare with', async () => {
  const casebook = await startCasebook(environment)
  const commits: string[] = []
  onCommit = (types) => commits.push(types)
  const result = await finished(casebook, await send(casebook, 'undisturbed'))
  undisturbed = essence(result)
  assert.is(undisturbed.status, 'completed')
  assert.equal(undisturbed.calls, ['hostile__append_line', 'hostile__read_lines'])
  assert.ok(result.calls.every(({ status }) => status === 'succeeded'))
  assert.is(lines('undisturbed'), 1)
  // The read models may know of the last commit before the watcher.
  await watcher.flush()
  onCommit = () => undefined
  assert.is(await casebook.stop(), 0, casebook.output())
  assert.ok(commits.length >= boundaries, commits.join('\n'))
})

test('killed after each commit in turn, the session ends the same and nothing destructive runs twice', async () => {
  for (let boundary = 1; boundary <= boundaries; boundary++) {
    const name = `killed-after-${boundary}`
    const first = await startCasebook(environment)
    let seen = 0
    let last = ''
    let killed: Promise<void> | undefined
    onCommit = (types) => {
      seen++
      if (seen !== boundary) return
      last = types
      killed = first.kill()
    }
    const alertId = await send(first, name)
    await eventually(() => killed !== undefined, { describe: `commit ${boundary} comes` })
    await killed
    onCommit = () => undefined
    const second = await startCasebook(environment)
    try {
      const result = await finished(second, alertId)
      assert.equal(essence(result), undisturbed, `after commit ${boundary} (${last})`)
      assert.ok(lines(name) <= 1, `the destructive call ran ${lines(name)} times after commit ${boundary} (${last})`)
      const destructive = result.calls.find(({ name: tool }) => tool === 'hostile__append_line')
      assert.ok(
        destructive?.status === 'succeeded' ? lines(name) === 1 : destructive?.status === 'outcome_unknown',
        `${destructive?.status} with ${lines(name)} lines after commit ${boundary} (${last})`,
      )
      const audit = await fetch(`${second.url}/v1/audit/verify`)
      assert.ok(z.object({ ok: z.boolean() }).parse(await audit.json()).ok, 'the log and its copy are sound')
    } finally {
      await second.kill()
    }
  }
  assert.ok(
    (await offeredAgainAfterMs(watcher)) <= 5_000,
    'what a killed process worked on is offered again in seconds',
  )
})

test.after(async () => {
  await watcher.close()
  await model.close()
  await Promise.all([nats.stop(), postgres.stop()])
})

test.run()

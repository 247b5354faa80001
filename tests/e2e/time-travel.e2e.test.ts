// Going back in the real process: a fork with another result ends otherwise, a replay is the same, and none of it calls a tool twice.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import { callsTool, hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { fencedBlocks, readDocument, root } from '../support/markdown.ts'

const test = suite('time travel')
const run = promisify(execFile)

const world = await startBadDays((url) => ({
  defaults: {
    provider: 'scripted',
    model_attempts: 2,
    model_backoff_seconds: 0.05,
    tool_policy: { otherwise: { unsafe: 'allow' } },
  },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport, tools: ['append_line'] } },
  agents: { worker: { mcp_servers: ['hostile'] } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
test.before(async () => {
  await world.start()
})
test.after(async () => {
  assert.is(await world.close(), 0)
})

const file = (name: string): string => join(world.folder, `${name}.txt`)
/** Each call of the tool leaves a line. */
const callsMade = (name: string): number =>
  existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n').length : 0

const written = z.object({ id: z.string(), version: z.int() })
const stored = z.object({
  items: z.array(z.object({ type: z.string(), sequence: z.string(), data: z.looseObject({}) })),
})

/** A session that calls the tool once, and says what it was told. */
const endedSession = async (name: string): Promise<string> => {
  const id = await world.open({
    title: name,
    chain: 'working',
    script: ({ results }) =>
      results.length === 0
        ? callsTool('hostile__append_line', { path: file(name), line: 'x' })
        : says(results.some((result) => result.includes('It was empty')) ? 'Nothing is wrong.' : 'It is full.'),
  })
  const history = await world.ended(id)
  assert.is(history.session.status, 'completed', storyOf(history))
  return id
}

const recordedCall = async (id: string) => {
  const { items } = await world.get(`/v1/sessions/${id}/events?limit=200`, stored)
  const found = items.find(({ type }) => type === 'casebook.session.tool_call_recorded.v1')
  assert.ok(found)
  return { at: Number(found.sequence), toolCallId: z.string().parse(found.data['toolCallId']) }
}

const post = async (path: string, body: object) => {
  const response = await world.post(path, body)
  assert.is(response.status, 201, await response.clone().text())
  return written.parse(await response.json())
}

const viewOf = (id: string) => world.get(`/v1/sessions/${id}`, sessionView)
const endOf = (id: string) =>
  eventually(
    async () => {
      const view = await viewOf(id)
      return view.endedAt !== null && (view.fork?.kind !== 'replay' || view.fork.drift !== null) ? view : false
    },
    { withinMs: 60_000, everyMs: 50, describe: `${id} ends` },
  )

test('a fork with another result ends otherwise, over a SIGKILL, and calls no tool again', async () => {
  const source = await endedSession('forked')
  const { at, toolCallId } = await recordedCall(source)
  const before = await viewOf(source)
  const { id } = await post(`/v1/sessions/${source}/fork`, {
    at,
    title: 'forked',
    changes: { toolResults: [{ toolCallId, text: 'It was empty' }] },
  })
  await world.kill()
  await world.start()
  const fork = await endOf(id)
  assert.is(fork.finalAnalysis?.text, 'Nothing is wrong.')
  assert.equal(fork.origin, { kind: 'fork', sessionId: source, at })
  assert.equal(await viewOf(source), before)
  assert.is(callsMade('forked'), 1)
  const forks = z.object({ items: z.array(z.object({ id: z.string() })) })
  assert.equal(await world.get(`/v1/sessions/${source}/forks`, forks), { items: [{ id }] })
})

test('decided again it is the same; run again under another prompt it calls no tool server', async () => {
  const source = await endedSession('replayed')
  const response = await world.post(`/v1/sessions/${source}/replay`, {})
  assert.is(z.object({ kind: z.string() }).parse(await response.json()).kind, 'same')
  const { id } = await post(`/v1/sessions/${source}/replays`, {
    title: 'replayed',
    changes: { instructions: 'Doubt every figure.' },
  })
  const replay = await endOf(id)
  assert.is(replay.finalAnalysis?.text, 'It is full.')
  assert.equal(replay.fork?.drift?.calls, { same: 1, missing: 0, added: 0 })
  assert.is(callsMade('replayed'), 1)
})

test('the session, its timeline and its state are shown as they were, and not beyond', async () => {
  const source = await endedSession('looked at')
  const then = await world.get(`/v1/sessions/${source}?at=1`, sessionView)
  assert.is(then.status, 'queued')
  const timeline = z.object({ items: z.array(z.object({ kind: z.string() })) })
  const items = (await world.get(`/v1/sessions/${source}/timeline?at=2`, timeline)).items
  assert.equal(
    items.map(({ kind }) => kind),
    ['session_started', 'plan'],
  )
})

test('every command of docs/time-travel.md runs as it stands', async () => {
  const session = await endedSession('documented')
  const { at, toolCallId } = await recordedCall(session)
  const commands = fencedBlocks(readDocument('docs/time-travel.md'))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split(/(?<!\\)\n/))
  assert.ok(commands.length > 8)
  for (const command of commands) {
    const { PATH = '', HOME = '' } = process.env
    const url = world.url('')
    // Until it is filled, which is said to whoever asks, a list answers that it is not.
    const script = command.replaceAll('http://127.0.0.1:8080', url).replace('curl -s', 'curl -sf')
    const { stdout } = await run('bash', ['-c', `set -euo pipefail\n${script}`], {
      cwd: root,
      env: {
        PATH,
        HOME,
        CASEBOOK_URL: url,
        session,
        version: String(at),
        call: toolCallId,
        moment: new Date().toISOString(),
      },
    })
    assert.ok(stdout.trim() !== '', command)
  }
})

test.run()

// People in the loop by the command line: what waits outlives the process, is answered as edited, and silence is a no.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { inputView } from '../../projections/inputs.ts'
import {
  type Asking,
  callsTool,
  dataOf,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
} from '../support/bad-days-world.ts'
import { startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'

const test = suite('people in the loop')

const stages = [{ name: 'working', agent: 'worker' }]
const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, model_backoff_seconds: 30, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport, call_timeout_seconds: 60 } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'], built_in_tools: ['ask_person'] } },
  chains: {
    asking: { stages, tool_policy: { otherwise: { unsafe: 'ask' } } },
    hasty: { stages, tool_policy: { otherwise: { unsafe: 'ask' }, expiry_seconds: 15 } },
  },
}))
await world.start()
test.after(async () => {
  await world.close()
})

const lines = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []

/** Calls one tool, then concludes with what it returned. */
const calling =
  (name: string, args: object): Asking['script'] =>
  ({ number, results }) =>
    number === 1 ? callsTool(name, args) : says(`It said: ${results.join()}`)

const page = z.object({ items: z.array(inputView) })
/** The one thing this session waits for. */
const waitsFor = (session: string) =>
  eventually(
    async () => {
      const { items } = await world.get(`/v1/inputs?status=open&session=${session}`, page)
      return items[0] ?? false
    },
    { withinMs: 60_000, everyMs: 50, describe: `${session} waits` },
  )

const casebook = async (...args: readonly string[]): Promise<string> => {
  const { output, exited } = startCommand(args, { CASEBOOK_URL: world.url('') })
  assert.is(await exited, 0, output())
  return output()
}

test('an approval outlives the process that asked for it; approved on the command line, the call is made once, as edited', async () => {
  const [meant, path] = [join(world.folder, 'meant.txt'), join(world.folder, 'approved.txt')]
  const session = await world.open({
    title: 'approval and kill',
    chain: 'asking',
    script: calling('hostile__append_line', { path: meant, line: 'as written' }),
  })
  const before = await waitsFor(session)
  await world.kill()
  await world.start()
  assert.equal(await waitsFor(session), before)
  assert.is(world.asked('approval and kill'), 1)
  assert.match(
    await casebook('inputs', 'show', before.id),
    /May exe_\w+ call hostile__append_line \(unsafe\) on hostile\?/,
  )
  const edited = JSON.stringify({ path, line: 'as edited' })
  const said = await casebook('inputs', 'answer', before.id, '--approve', '--arguments', edited)
  assert.is(said, `${before.id} is answered: approve.\n`)
  const history = await world.ended(session)
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.equal([lines(path), lines(meant)], [['as edited'], []])
  assert.equal(dataOf(history, 'input_answered')[0]?.['by'], { kind: 'user', id: 'local' })
})

test('an approval that nobody gives in time is a denial, also when the process was away meanwhile', async () => {
  const path = join(world.folder, 'expired.txt')
  const session = await world.open({
    title: 'expiry',
    chain: 'hasty',
    script: calling('hostile__append_line', { path, line: 'x' }),
  })
  const { expiresAt } = await waitsFor(session)
  await world.kill()
  await eventually(() => Date.now() > Date.parse(expiresAt), { describe: 'the time for it is over' })
  await world.start()
  const history = await world.ended(session)
  assert.match(history.session.finalAnalysis?.text ?? '', /Nobody approved this call in time/)
  assert.equal(lines(path), [])
  const { items } = await world.get(`/v1/inputs?session=${session}&after=${history.session.sequence}`, page)
  assert.equal(
    items.map(({ status, answer }) => [status, answer]),
    [['expired', null]],
  )
})

test('a paused session takes no step though its approval is given, hears what is said, and goes on when resumed', async () => {
  const path = join(world.folder, 'paused.txt')
  let heard = ''
  const session = await world.open({
    title: 'pause',
    chain: 'asking',
    script: ({ number, request, results }) => {
      if (number === 1) return callsTool('hostile__append_line', { path, line: 'x' })
      heard = request.messages.map(({ content }) => content ?? '').join('\n')
      return says(`It said: ${results.join()}`)
    },
  })
  const { id } = await waitsFor(session)
  await casebook('sessions', 'pause', session, '--reason', 'maintenance')
  await casebook('sessions', 'say', session, 'Mind the replica.')
  await casebook('inputs', 'answer', id, '--approve')
  await world.kill()
  await world.start()
  assert.equal(lines(path), [])
  await casebook('sessions', 'resume', session)
  const history = await world.ended(session)
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.equal(lines(path), ['x'])
  assert.match(heard, /Message from local, who watches over this session:\nMind the replica\./)
  const order = history.events.map(({ type }) => type)
  assert.ok(order.indexOf('tool_call_begun') > order.indexOf('resumed'), order.join())
})

test('an agent that is ended takes its question with it', async () => {
  const session = await world.open({
    title: 'one agent',
    chain: 'asking',
    script: calling('casebook__ask_person', { question: 'Anybody?' }),
  })
  const { question } = await waitsFor(session)
  const execution = question.kind === 'question' ? question.executionId : ''
  await casebook('sessions', 'cancel-agent', session, execution, '--reason', 'wrong track')
  const history = await world.ended(session)
  const { items } = await world.get(`/v1/inputs?session=${session}&after=${history.session.sequence}`, page)
  assert.equal(
    items.map(({ status }) => status),
    ['withdrawn'],
  )
})

test.run()

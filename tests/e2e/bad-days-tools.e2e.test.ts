// Tool servers on their bad days, seen from outside: each call ends in a word on what became of it, and the agent goes on.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { statusOf } from '../support/ask-casebook.ts'
import {
  type Asking,
  callsTool,
  dataOf,
  type History,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
  typesOf,
} from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { isAlive } from '../support/tool-box-world.ts'

const test = suite('tools on their bad days')

const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, model_backoff_seconds: 60, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: {
    hostile: { transport: hostileTransport, call_timeout_seconds: 60 },
    hurried: { transport: hostileTransport, call_timeout_seconds: 6 },
    missing: { transport: { type: 'stdio', command: '/nowhere/to-be-found' } },
    stillborn: {
      transport: { type: 'stdio', command: process.execPath, args: ['-e', 'throw new Error("no licence")'] },
    },
  },
  agents: {
    worker: { provider: 'scripted', mcp_servers: ['hostile', 'hurried'], summarize_results: false },
    poor: { provider: 'scripted', mcp_servers: ['missing', 'stillborn', 'hostile'] },
    bereft: { provider: 'scripted', mcp_servers: ['missing'] },
  },
  chains: {
    working: { stages: [{ name: 'working', agent: 'worker' }] },
    poor: { stages: [{ name: 'working', agent: 'poor' }] },
    bereft: { stages: [{ name: 'working', agent: 'bereft' }] },
  },
}))
await world.start()
const run = (title: string, chain: string, script: Asking['script']) => world.run({ title, chain, script })

/** Calls one tool, then concludes with what it returned. */
const calling =
  (name: string, args: object = {}): Asking['script'] =>
  ({ number, results }) =>
    number === 1 ? callsTool(name, args) : says(`It said: ${results.join()}`)

const completed = (history: History): string => {
  assert.is(history.session.status, 'completed', storyOf(history))
  return history.session.finalAnalysis?.text ?? ''
}

const linesOf = (path: string): number => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0)

test('servers that cannot be started are told to the agent, and the others serve it', async () => {
  let task = ''
  const history = await run('missing binary', 'poor', ({ number, request, results }) => {
    task = request.messages.find(({ role }) => role === 'user')?.content ?? ''
    return number === 1 ? callsTool('hostile__slow', { ms: 1 }) : says(`It said: ${results.join()}`)
  })
  assert.is(completed(history), 'It said: waited 1 ms')
  assert.match(task, /## Not available[\s\S]*- missing: .*(ENOENT|nowhere)/)
  assert.match(task, /- stillborn: .*/)
  const [offered] = dataOf(history, 'tools_offered')
  assert.match(JSON.stringify(offered?.['unavailable']), /missing.*ENOENT/)
})

test('an agent whose only server is missing still concludes', async () => {
  const history = await run('no tools at all', 'bereft', ({ request }) => says(`${request.tools.length} tools.`))
  assert.is(completed(history), '0 tools.')
  assert.match(storyOf(history), /tools_offered \| 0 tools offered/)
})

test('a server that dies in the middle of a call is told with its last words, and the next call works', async () => {
  const history = await run('crash', 'working', ({ number, results }) => {
    if (number === 1) return callsTool('hostile__crash')
    if (number === 2) {
      assert.match(results.join(), /The call gave no answer: .*about to crash/s)
      return callsTool('hostile__slow', { ms: 1 })
    }
    return says(`It said: ${results.join()}`)
  })
  assert.is(completed(history), 'It said: waited 1 ms')
  assert.equal(
    history.toolCalls.map(({ status }) => status),
    ['failed', 'succeeded'],
  )
  assert.match(storyOf(history), /tool_result \| failed \| The call gave no answer/)
})

test('a call that hangs is given up after its time-out, and the next call works', async () => {
  const history = await run('hang', 'working', ({ number, results }) => {
    if (number === 1) return callsTool('hurried__hang')
    if (number === 2) return callsTool('hurried__slow', { ms: 1 })
    return says(`It said: ${results.join()}`)
  })
  assert.is(completed(history), 'It said: waited 1 ms')
  assert.match(history.toolCalls[0]?.result?.text ?? '', /timed out/i)
})

test('a call that may have changed something and gave no answer is of unknown outcome, and not repeated', async () => {
  const path = join(world.folder, 'unknown.txt')
  const history = await run(
    'unknown outcome',
    'working',
    calling('hurried__slow_append', { path, line: 'once', ms: 600_000 }),
  )
  assert.match(completed(history), /Outcome unknown.*Check the state it would have changed/s)
  assert.is(history.toolCalls[0]?.status, 'outcome_unknown')
  assert.is(linesOf(path), 1)
})

test('an error of the tool itself is a result the agent reads', async () => {
  const history = await run('tool error', 'working', calling('hostile__fail'))
  assert.is(completed(history), 'It said: it went wrong')
  assert.is(history.toolCalls[0]?.status, 'tool_error')
})

test('a result of 5 MB is kept whole, and everything that tells of the session stays small', async () => {
  const history = await run('five megabytes', 'working', calling('hostile__big'))
  assert.match(completed(history), /^It said: 0{31}1.*characters left out.*0{11}4ffff$/s)
  const [call] = history.toolCalls
  assert.is(call?.result?.blob?.bytes, 16 * 5 * 65_536)
  const { id } = history.session
  for (const view of ['', '/timeline', '/tool-calls', '/events', '/state']) {
    const body = await (await fetch(world.url(`/v1/sessions/${id}${view}`))).text()
    assert.ok(body.length < 400_000, `${view} weighs ${body.length}`)
  }
})

test('a picture is an attachment of the call, and the agent is told that it is there', async () => {
  const history = await run('picture', 'working', calling('hostile__picture'))
  assert.match(completed(history), /a picture:\n\[image image\/png, 4 bytes\]/)
  const [recorded] = dataOf(history, 'tool_call_recorded')
  assert.match(JSON.stringify(recorded?.['attachments']), /"type":"image","mediaType":"image\/png"/)
})

test('a result of bytes that are no text leaves the history readable', async () => {
  const path = join(world.folder, 'binary')
  writeFileSync(path, Buffer.from([0, 1, 2, 0xff, 0xfe, 0, 0x41]))
  const history = await run('binary', 'working', calling('hostile__read_lines', { path }))
  assert.match(completed(history), /A$/)
  assert.is(history.toolCalls[0]?.status, 'succeeded')
})

test('many calls at once are all answered before the model is asked again', async () => {
  const history = await run('many calls', 'working', ({ number, results }) =>
    number === 1
      ? {
          toolCalls: Array.from({ length: 20 }, (_, index) => ({
            name: index === 7 ? 'hostile__fail' : 'hostile__slow',
            arguments: JSON.stringify({ ms: index }),
          })),
        }
      : says(`${results.length} answers.`),
  )
  assert.is(completed(history), '20 answers.')
  assert.is(history.toolCalls.filter(({ status }) => status === 'succeeded').length, 19)
})

const cancel = async (id: string): Promise<void> => {
  const response = await world.post(`/v1/sessions/${id}/cancel`, { reason: 'not needed any more' })
  assert.is(response.status, 202, await response.text())
}

const cancelled = async (id: string): Promise<History> => {
  const history = await world.ended(id)
  assert.is(history.session.status, 'cancelled')
  assert.match(history.session.cause?.message ?? '', /^Cancelled by .*: not needed any more/)
  assert.ok(history.session.executions.every(({ status }) => status === 'cancelled'))
  assert.match(storyOf(history), /session_ended \| cancelled \| Cancelled by/)
  return history
}

test('cancelling aborts a model that hangs at once', async () => {
  let gone: AbortSignal | null = null
  const id = await world.open({
    title: 'cancel a model',
    chain: 'bereft',
    script: ({ call }) => {
      gone = call.gone
      return { kind: 'hang' }
    },
  })
  await eventually(() => gone !== null, { describe: 'the model is asked' })
  await cancel(id)
  await cancelled(id)
  await eventually(() => gone?.aborted === true, { describe: 'the request is given up' })
  assert.is(world.asked('cancel a model'), 1, 'nobody asks again')
})

test('cancelling ends a wait for the next attempt at once', async () => {
  const id = await world.open({
    title: 'cancel a wait',
    chain: 'bereft',
    script: () => ({ kind: 'answer', status: 500 }),
  })
  await eventually(async () => (await world.timeline(id)).some(({ kind }) => kind === 'model_failed'), {
    describe: 'the first attempt has failed',
  })
  await cancel(id)
  await cancelled(id)
  const busy = async () => {
    const metrics = await (await fetch(world.url('/metrics'))).text()
    return /in_?flight\S*agent-runner\S* (\d+)/.exec(metrics)?.[1]
  }
  await eventually(async () => (await busy()) === '0', {
    withinMs: 45_000,
    describe: 'the agent runner is free long before the wait would have been over',
  })
  assert.is(world.asked('cancel a wait'), 1)
})

test('cancelling aborts a tool call that hangs at once, and ends its server', async () => {
  let pid = 0
  const id = await world.open({
    title: 'cancel a tool',
    chain: 'working',
    script: ({ number, results }) => {
      if (number === 1) return callsTool('hostile__process_id')
      pid = Number(results.join())
      return callsTool('hostile__hang')
    },
  })
  await eventually(
    async () => (await world.toolCalls(id)).some(({ name, status }) => name === 'hostile__hang' && status === 'begun'),
    { describe: 'the call hangs' },
  )
  assert.ok(isAlive(pid))
  await cancel(id)
  await cancelled(id)
  const late = await eventually(
    async () => (await world.toolCalls(id)).find(({ name, late }) => name === 'hostile__hang' && late),
    { describe: 'the call is recorded as aborted' },
  )
  assert.is(late.status, 'failed')
  assert.match(late.result?.text ?? '', /Aborted: the session or its agent ended/)
  await eventually(() => !isAlive(pid), { describe: 'the server is gone' })
})

test('a call that may change something and is aborted by a cancellation is of unknown outcome', async () => {
  const path = join(world.folder, 'cancelled.txt')
  const id = await world.open({
    title: 'cancel a change',
    chain: 'working',
    script: () => callsTool('hostile__slow_append', { path, line: 'once', ms: 600_000 }),
  })
  await eventually(() => linesOf(path) === 1, { describe: 'the change is made' })
  await cancel(id)
  await cancelled(id)
  const late = await eventually(async () => (await world.toolCalls(id)).find((call) => call.late), {
    describe: 'the call is recorded',
  })
  assert.is(late.status, 'outcome_unknown')
  assert.is(linesOf(path), 1)
})

test('cancelling twice is accepted, and what has ended otherwise is refused', async () => {
  const id = await world.open({ title: 'cancel twice', chain: 'bereft', script: () => ({ kind: 'hang' }) })
  await cancel(id)
  await cancel(id)
  const history = await cancelled(id)
  assert.is(typesOf(history).filter((type) => type === 'ended').length, 1)
  const done = await run('ended by itself', 'bereft', () => says('Done.'))
  const refused = await world.post(`/v1/sessions/${done.session.id}/cancel`, {})
  assert.is(refused.status, 409)
  assert.is(z.object({ code: z.string() }).parse(await refused.json()).code, 'session_ended')
})

test('after all of it nothing is parked, and the process is unharmed', async () => {
  await eventually(async () => (await statusOf(world.url('/ready'))) === 200)
  assert.not.match(world.output(), /Given up|could not be settled|stopped consuming/)
})

test.after(async () => {
  assert.is(await world.close(), 0, world.output())
})

test.run()

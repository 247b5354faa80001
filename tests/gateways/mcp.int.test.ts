// Tools by MCP against real servers: what is listed, what comes back, and an honest word when something breaks.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { effectOf } from '../../gateways/mcp/list-tools.ts'
import type { McpToolBox } from '../../gateways/mcp/mcp-tool-box.ts'
import { mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/servers.ts'
import {
  answered,
  callOf,
  everythingPath,
  hostile,
  isAlive,
  messageOf,
  never,
  stdioServer,
  withToolBox,
} from '../support/tool-box-world.ts'

const test = suite('tools by MCP')

/** A stdio server that writes its pid to a file and then does not speak. A shell: it is up long before any time-out. */
const silentServer = (pidFile: string) =>
  mcpServerDefinition.parse({
    transport: { type: 'stdio', command: 'sh', args: ['-c', 'echo $$ > "$0"; exec sleep 3600', pidFile] },
  })

test('every tool is listed with its name, schema and effect; what is not annotated is unsafe', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const { tools } = await toolBox.list('exe_1', ['hostile'], never)
    const effects = Object.fromEntries(tools.map(({ tool, effect }) => [tool, effect]))
    assert.is(effects['append_line'], 'unsafe')
    assert.is(effects['read_lines'], 'read_only')
    const append = tools.find(({ tool }) => tool === 'append_line')
    assert.is(append?.name, 'hostile__append_line')
    assert.match(JSON.stringify(append?.inputSchema), '"required":["path","line"]')
  })
})

test('annotations are read for the worst they leave open', () => {
  assert.is(effectOf(undefined), 'unsafe')
  assert.is(effectOf({}), 'unsafe')
  assert.is(effectOf({ readOnlyHint: false, idempotentHint: false }), 'unsafe')
  assert.is(effectOf({ idempotentHint: true }), 'idempotent')
  assert.is(effectOf({ readOnlyHint: true }), 'read_only')
})

test('a server sees nothing of our environment but what its definition gives it', async () => {
  process.env['CASEBOOK_TEST_SECRET'] = 'planted'
  const given = hostile({
    transport: { type: 'stdio', command: process.execPath, args: ['-e', ''], env: {} },
  })
  assert.is(given.transport.type, 'stdio')
  const { transport } = hostile()
  if (transport.type !== 'stdio') return assert.unreachable()
  const definition = { ...hostile(), transport: { ...transport, env: { GIVEN_TO_IT: 'yes' } } }
  await withToolBox({ hostile: definition }, async (toolBox) => {
    const { text } = answered(await toolBox.call(callOf('environment'), never))
    const names = text.split(',')
    assert.ok(names.includes('GIVEN_TO_IT'), text)
    assert.not.ok(names.includes('CASEBOOK_TEST_SECRET'), text)
    for (const name of names) assert.not.match(name, /NATS|DATABASE|OPENAI|CASEBOOK/)
  })
  delete process.env['CASEBOOK_TEST_SECRET']
})

test('a crash in the middle of a call is an unknown outcome with its last words, and the next call works', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const crashed = await toolBox.call(callOf('crash'), never)
    assert.is(crashed.kind, 'unknown')
    assert.match(messageOf(crashed), 'about to crash')
    const next = answered(await toolBox.call(callOf('slow', { ms: 1 }), never))
    assert.is(next.text, 'waited 1 ms')
  })
})

test('a call that hangs is an unknown outcome after its time-out, and the next call works', async () => {
  await withToolBox({ hostile: hostile({ call_timeout_seconds: 5 }) }, async (toolBox) => {
    await toolBox.list('exe_1', ['hostile'], never)
    const started = performance.now()
    const hung = await toolBox.call(callOf('hang'), never)
    const seconds = (performance.now() - started) / 1000
    assert.is(hung.kind, 'unknown')
    assert.match(messageOf(hung), /timed out/i)
    // By its own limit and not by that of every other call, which is a minute.
    assert.ok(seconds < 55, `${seconds} s`)
    assert.is(answered(await toolBox.call(callOf('slow', { ms: 1 }), never)).text, 'waited 1 ms')
  })
})

test('calls of one execution go to one server process, those of another to another', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const pidOf = async (executionId: string): Promise<number> =>
      Number(answered(await toolBox.call(callOf('process_id', {}, { executionId }), never)).text)
    const [first, again, other] = [await pidOf('exe_1'), await pidOf('exe_1'), await pidOf('exe_2')]
    assert.is(first, again)
    assert.is.not(first, other)

    await toolBox.release('exe_1')
    await eventually(() => !isAlive(first), { describe: 'the released server ends' })
    assert.ok(isAlive(other), 'the other execution keeps its server')
    assert.is.not(await pidOf('exe_1'), first, 'a late call opens a new session')
    await toolBox.close()
    await eventually(() => !isAlive(other), { describe: 'closing ends every server' })
  })
})

test('sessions nobody uses are closed', async () => {
  await withToolBox(
    { hostile: hostile() },
    async (toolBox) => {
      const pid = Number(answered(await toolBox.call(callOf('process_id'), never)).text)
      await eventually(() => !isAlive(pid), { describe: 'the idle server ends' })
    },
    { idleMs: 50 },
  )
})

test('a crash in one execution leaves the calls of another alone', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const slow = toolBox.call(callOf('slow', { ms: 300 }, { executionId: 'exe_2' }), never)
    assert.is((await toolBox.call(callOf('crash'), never)).kind, 'unknown')
    assert.is(answered(await slow).text, 'waited 300 ms')
  })
})

test('a result of 5 MB comes whole', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const { text } = answered(await toolBox.call(callOf('big'), never))
    assert.is(text.length, 5 * 1024 * 1024)
    assert.ok(text.endsWith('0004ffff'))
  })
})

test('a picture becomes an attachment, and the text says that it is there', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const { text, attachments } = answered(await toolBox.call(callOf('picture'), never))
    assert.is(text, 'a picture:\n[image image/png, 4 bytes]')
    assert.is(attachments[0]?.mediaType, 'image/png')
    assert.equal([...(attachments[0]?.bytes ?? [])], [137, 80, 78, 71])
  })
})

test("an error a tool reports is an answer: the tool's own word", async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const failed = answered(await toolBox.call(callOf('fail'), never))
    assert.ok(failed.isError)
    assert.is(failed.text, 'it went wrong')
  })
})

test('a result that breaks its own schema was still a call that ran', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    await toolBox.list('exe_1', ['hostile'], never)
    const broken = answered(await toolBox.call(callOf('broken_promise'), never))
    assert.match(broken.text, 'it ran')
  })
})

test('a tool whose name is too long for the log does not take the others with it', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const { tools, unavailable } = await toolBox.list('exe_1', ['hostile'], never)
    assert.match(unavailable[0]?.reason ?? '', /1 of its tools cannot be offered .*: x+…/)
    assert.ok(tools.length > 5)
    for (const { name } of tools) assert.ok(name.length <= 200, `${name.length} characters`)
  })
})

test('a server that cannot be started is listed as unavailable, and its calls certainly did not run', async () => {
  const missing = mcpServerDefinition.parse({ transport: { type: 'stdio', command: '/nowhere/no-such-binary' } })
  const dying = stdioServer(['-e', 'console.error("no licence found"); process.exit(1)'])
  await withToolBox({ missing, dying, hostile: hostile() }, async (toolBox) => {
    const { tools, unavailable } = await toolBox.list('exe_1', ['missing', 'dying', 'absent', 'hostile'], never)
    assert.ok(tools.length > 5, 'the server that works is listed')
    const reasons = Object.fromEntries(unavailable.map(({ server, reason }) => [server, reason]))
    assert.match(reasons['missing'] ?? '', 'ENOENT')
    assert.match(reasons['dying'] ?? '', 'no licence found')
    assert.match(reasons['absent'] ?? '', 'not in the configuration')
    for (const server of ['missing', 'dying', 'absent']) {
      const result = await toolBox.call(callOf('anything', {}, { server }), never)
      assert.is(result.kind, 'not_run', server)
      assert.match(messageOf(result), server)
    }
  })
})

test('only allowed tools are listed, and a call to another is refused before it reaches the server', async () => {
  const path = join(temporaryFolder(), 'lines.txt')
  await withToolBox({ hostile: hostile({ tools: ['slow', 'no_such_tool'] }) }, async (toolBox) => {
    const { tools } = await toolBox.list('exe_1', ['hostile'], never)
    assert.equal(
      tools.map(({ tool }) => tool),
      ['slow'],
    )
    const refused = await toolBox.call(callOf('append_line', { path, line: 'x' }), never)
    assert.is(refused.kind, 'not_run')
    assert.match(messageOf(refused), 'not among the tools allowed')
    assert.not.ok(existsSync(path))
  })
})

test('an abort during a call is thrown at once', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    await toolBox.list('exe_1', ['hostile'], never)
    const abort = new AbortController()
    const reason = new Error('the session ended')
    const outcome = toolBox.call(callOf('hang'), abort.signal).catch((error: unknown) => error)
    abort.abort(reason)
    assert.is(await outcome, reason)
  })
})

test('an abort while a server does not answer its greeting is thrown at once, and a release ends that server', async () => {
  for (const work of ['list', 'call'] as const) {
    const pidFile = join(temporaryFolder(), 'pid')
    // Long before the time-out of a connection, which nobody would wait for here.
    const options = { connectTimeoutMs: 3_600_000 }
    const aborted = async (toolBox: McpToolBox): Promise<void> => {
      const abort = new AbortController()
      const reason = new Error('the session ended')
      const promise: Promise<unknown> =
        work === 'list' ? toolBox.list('exe_1', ['hostile'], abort.signal) : toolBox.call(callOf('x'), abort.signal)
      const outcome = promise.catch((error: unknown) => error)
      const pid = await eventually(() => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')))
      abort.abort(reason)
      assert.is(await outcome, reason)
      await toolBox.release('exe_1')
      await eventually(() => !isAlive(pid), { describe: 'the silent server ends' })
    }
    await withToolBox({ hostile: silentServer(pidFile) }, aborted, options)
  }
})

test('a server that does not answer its greeting is unavailable after the time-out', async () => {
  const pidFile = join(temporaryFolder(), 'pid')
  await withToolBox(
    { hostile: silentServer(pidFile) },
    async (toolBox) => {
      const { unavailable } = await toolBox.list('exe_1', ['hostile'], never)
      assert.match(unavailable[0]?.reason ?? '', /timed out/i)
      await eventually(() => !isAlive(Number(readFileSync(pidFile, 'utf8'))))
    },
    // The process must have come far enough to say who it is.
    { connectTimeoutMs: 6_000 },
  )
})

test('the reference server works over stdio', async () => {
  await withToolBox({ everything: stdioServer([everythingPath, 'stdio']) }, async (toolBox) => {
    const { tools, unavailable } = await toolBox.list('exe_1', ['everything'], never)
    assert.equal(unavailable, [])
    assert.ok(tools.some(({ name }) => name === 'everything__echo'))
    const echo = await toolBox.call(callOf('echo', { message: 'hello' }, { server: 'everything' }), never)
    assert.match(answered(echo).text, 'hello')
    const image = answered(await toolBox.call(callOf('get-tiny-image', {}, { server: 'everything' }), never))
    assert.ok(image.attachments.some(({ mediaType }) => mediaType === 'image/png'))
  })
})

test('a shared server is one process for every execution, and outlives each of them; others have their own', async () => {
  const pidOf = async (toolBox: McpToolBox, executionId: string): Promise<string> =>
    answered(await toolBox.call(callOf('process_id', {}, { executionId }), never)).text
  await withToolBox({ hostile: hostile({ shared: true }) }, async (toolBox) => {
    const first = await pidOf(toolBox, 'exe_1')
    await toolBox.release('exe_1')
    assert.is(await pidOf(toolBox, 'exe_2'), first)
  })
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    assert.is.not(await pidOf(toolBox, 'exe_1'), await pidOf(toolBox, 'exe_2'))
  })
})

test('a hundred executions at once get their tools of one shared server', async () => {
  await withToolBox({ hostile: hostile({ shared: true }) }, async (toolBox) => {
    const listings = await Promise.all(
      Array.from({ length: 100 }, (_, index) => toolBox.list(`exe_${index}`, ['hostile'], never)),
    )
    assert.ok(listings.every(({ tools }) => tools.length > 5))
  })
})

test.run()

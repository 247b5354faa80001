// What a call by MCP may do beyond its one attempt: repeated only where that is safe, never with another meaning, alive while it tells.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changeOf, createPresentTools } from '../../gateways/mcp/present-tools.ts'
import { toAnswer } from '../../gateways/mcp/tool-content.ts'
import type { ToolProgress } from '../../handlers/ports/tool-box.ts'
import { type OfferedTool, offeredTool } from '../../schemas/tool.ts'
import { eventually } from '../support/eventually.ts'
import { httpServer, withEverythingServer, withModernServer } from '../support/mcp-http-world.ts'
import { temporaryFolder } from '../support/servers.ts'
import {
  answered,
  callOf,
  hostile,
  hostilePath,
  isAlive,
  messageOf,
  never,
  pinnedCallOf,
  stdioServer,
  withToolBox,
} from '../support/tool-box-world.ts'

const test = suite('what a call by MCP may do')
const newFile = (): string => join(temporaryFolder(), 'notes.txt')
const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []

test('a call whose connection broke is made once more, with the same key, where the tool says that this does no harm', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    for (const tool of ['die_once', 'die_once_setting']) {
      const path = newFile()
      const call = await pinnedCallOf(toolBox, tool, { path })
      assert.is(answered(await toolBox.call(call, never)).text, 'lived', tool)
      assert.equal(linesOf(path), [call.toolCallId, call.toolCallId])
    }
  })
})

test('a call whose connection broke is not made again where the tool says nothing of repeating it', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const path = newFile()
    const outcome = await toolBox.call(await pinnedCallOf(toolBox, 'die_once_changing', { path }), never)
    assert.is(outcome.kind, 'unknown')
    assert.is(linesOf(path).length, 1)
    const unpinned = newFile()
    assert.is((await toolBox.call(callOf('die_once', { path: unpinned }), never)).kind, 'unknown')
    assert.is(linesOf(unpinned).length, 1)
  })
})

test('a connection that breaks both times is an unknown outcome', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const outcome = await toolBox.call(await pinnedCallOf(toolBox, 'crash'), never)
    assert.is(outcome.kind, 'unknown')
    assert.match(messageOf(outcome), 'about to crash')
  })
})

test('a call that timed out is not made again: it may still be at work', async () => {
  const path = newFile()
  await withToolBox({ hostile: hostile({ call_timeout_seconds: 5 }) }, async (toolBox) => {
    const outcome = await toolBox.call(await pinnedCallOf(toolBox, 'hang_for', { path, times: 1 }), never)
    assert.is(outcome.kind, 'unknown')
    assert.is(linesOf(path).length, 1)
  })
})

test('a call that tells of its progress may take longer than its time-out', async () => {
  const limit = { call_timeout_seconds: 4 }
  await withToolBox({ hostile: hostile(limit) }, async (toolBox) => {
    await toolBox.list('exe_1', ['hostile'], never)
    const told: ToolProgress[] = []
    const long = await toolBox.call(callOf('in_steps', { steps: 12, ms: 500 }), never, {
      onProgress: (each) => told.push(each),
    })
    assert.is(answered(long).text, 'did 12 steps')
    assert.equal(told[1], { progress: 2, total: 12, message: 'step 2' })
  })
  await withModernServer(async ({ url }) => {
    await withToolBox({ modern: httpServer(url, {}, limit) }, async (toolBox) => {
      const long = await toolBox.call(callOf('slow', { ms: 6_000 }, { server: 'modern' }), never)
      assert.is(answered(long).text, 'waited 6000 ms')
    })
  })
})

for (const [change, words] of [
  ['schema', 'takes other arguments'],
  ['effect', 'is a change instead of read-only'],
  ['gone', 'no longer has the tool shifty'],
] as const) {
  test(`a tool that came back otherwise (${change}) is refused with words, and not called`, async () => {
    const file = newFile()
    await withToolBox({ hostile: stdioServer([hostilePath, file]) }, async (toolBox) => {
      const call = await pinnedCallOf(toolBox, 'shifty', { path: 'x' })
      assert.is(answered(await toolBox.call(call, never)).text, 'shifted')
      const pid = Number(answered(await toolBox.call(callOf('process_id'), never)).text)
      writeFileSync(file, change)
      assert.is((await toolBox.call(callOf('crash'), never)).kind, 'unknown')
      await eventually(() => !isAlive(pid))
      const refused = await toolBox.call(call, never)
      assert.is(refused.kind, 'not_run')
      assert.match(messageOf(refused), words)
      assert.is(readFileSync(file, 'utf8'), change, 'it was not called')
    })
  })
}

test('a tool whose server tells that it has changed is refused from then on, and its neighbours are not', async () => {
  const file = newFile()
  await withToolBox({ hostile: stdioServer([hostilePath, file]) }, async (toolBox) => {
    const call = await pinnedCallOf(toolBox, 'shifty', { path: 'x' })
    const neighbour = await pinnedCallOf(toolBox, 'slow', { ms: 1 })
    answered(await toolBox.call(await pinnedCallOf(toolBox, 'shift'), never))
    const refused = await toolBox.call(call, never)
    assert.is(refused.kind, 'not_run')
    assert.match(messageOf(refused), 'takes other arguments')
    assert.not(existsSync(file))
    assert.is(answered(await toolBox.call(neighbour, never)).text, 'waited 1 ms')
  })
})

test('a session that begins after the change is offered the tool as it is now', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    answered(await toolBox.call(callOf('shift'), never))
    const call = await pinnedCallOf(toolBox, 'shifty', { path: 'x' })
    assert.match(JSON.stringify(call.offered), 'everything')
    assert.is(answered(await toolBox.call(call, never)).text, 'shifted')
  })
})

test('what is kept of a tool is compared by its meaning, not by the order of its words', () => {
  const offered = { effect: 'read_only' as const, inputSchema: { type: 'object', properties: { a: {}, b: {} } } }
  assert.is(
    changeOf('s', 't', offered, { ...offered, inputSchema: { properties: { b: {}, a: {} }, type: 'object' } }),
    null,
  )
  const required = { ...offered.inputSchema, required: ['a'] }
  assert.match(changeOf('s', 't', offered, { ...offered, inputSchema: required }) ?? '', 'takes other arguments')
  assert.match(
    changeOf('s', 't', offered, { effect: 'unsafe', inputSchema: required }) ?? '',
    /arguments and is a change/,
  )
})

const toolOf = (tool: string): OfferedTool =>
  offeredTool.parse({ name: `s__${tool}`, server: 's', tool, description: '', inputSchema: {}, effect: 'unsafe' })

test('the list of a server is asked for once for all that wait for it, again when it is old, and again when it changed meanwhile', async () => {
  let time = 0
  let lists = 0
  let whileListing = (): void => undefined
  const present = createPresentTools(
    async () => {
      lists++
      whileListing()
      return [toolOf(`v${lists}`)]
    },
    () => time,
  )
  assert.is((await Promise.all([present.find('v1'), present.find('v1')]))[1]?.tool, 'v1')
  assert.is(lists, 1)
  time = 61_000
  assert.is(await present.find('v1'), undefined)
  assert.is(lists, 2)
  present.forget()
  whileListing = () => {
    whileListing = () => undefined
    present.forget()
  }
  assert.is((await present.find('v4'))?.tool, 'v4')
})

test('structured content is kept beside a text that says something else, and once where the text is the same', async () => {
  await withModernServer(async ({ url }) => {
    await withToolBox({ modern: httpServer(url) }, async (toolBox) => {
      const { text, attachments } = answered(await toolBox.call(callOf('measure', {}, { server: 'modern' }), never))
      assert.is(text, 'the load is fine')
      assert.is(attachments[0]?.mediaType, 'application/json')
      assert.equal(JSON.parse(new TextDecoder().decode(attachments[0]?.bytes)), { load: 0.5 })
    })
  })
  await withEverythingServer(async ({ url }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      const call = callOf('get-structured-content', { location: 'New York' }, { server: 'everything' })
      const { text, attachments } = answered(await toolBox.call(call, never))
      assert.match(text, 'temperature')
      assert.equal(attachments, [])
    })
  })
})

test('secrets in structured content are not kept', () => {
  const result = {
    content: [{ type: 'text', text: 'done' }],
    structuredContent: { password: 'hunter2hunter2', own: 'planted' },
  }
  const { attachments } = toAnswer(result, (text) => text.replaceAll('planted', '***'))
  const kept = new TextDecoder().decode(attachments[0]?.bytes)
  assert.not.match(kept, 'hunter2')
  assert.not.match(kept, 'planted')
})

test('a server that asks for something instead of answering is told of as an error of its tool', () => {
  const asked = {
    resultType: 'input_required',
    inputRequests: { a: { method: 'elicitation/create', params: { message: 'Which one?' } } },
  }
  const answer = toAnswer(asked)
  assert.ok(answer.isError)
  assert.match(answer.text, 'Which one?')
})

test.run()

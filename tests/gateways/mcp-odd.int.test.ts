// MCP servers that break the protocol: their other tools still work, and what came back is shown as it came.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import type { McpToolBox } from '../../gateways/mcp/mcp-tool-box.ts'
import { fitTools } from '../../handlers/fit-tools.ts'
import { offeredTool } from '../../schemas/tool.ts'
import { answered, callOf, hostile, messageOf, never, stdioServer, withToolBox } from '../support/tool-box-world.ts'

const test = suite('MCP servers that break the protocol')
const odd = stdioServer([join(import.meta.dirname, '../support/odd-mcp-server.ts')])
const withOdd = (work: (toolBox: McpToolBox) => Promise<void>): Promise<void> => withToolBox({ odd }, work)
const called = async (toolBox: McpToolBox, tool: string) =>
  answered(await toolBox.call(callOf(tool, {}, { server: 'odd' }), never))

test('tools without a schema are left out and told; the others are listed over all pages, each name once', async () => {
  await withOdd(async (toolBox) => {
    const { tools, unavailable } = await toolBox.list('exe_1', ['odd'], never)
    const names = tools.map(({ tool }) => tool)
    for (const name of ['good', 'odd_output', 'odd_annotations', 'wide', 'last']) assert.ok(names.includes(name), name)
    assert.is(names.filter((name) => name === 'good').length, 1)
    assert.is(tools.find(({ tool }) => tool === 'good')?.effect, 'read_only')
    assert.is(tools.find(({ tool }) => tool === 'odd_annotations')?.effect, 'unsafe')
    assert.match(unavailable[0]?.reason ?? '', /^3 of its tools cannot be offered .*no_schema/)
    for (const tool of tools) offeredTool.parse(tool)
  })
})

test('a list too long for one event is cut, and how many are left out is told', async () => {
  await withOdd(async (toolBox) => {
    const { tools, unavailable } = fitTools(await toolBox.list('exe_1', ['odd'], never))
    assert.ok(Buffer.byteLength(JSON.stringify(tools)) < 400_000)
    const bulky = tools.filter(({ tool }) => tool.startsWith('bulky_')).length
    const told = unavailable.map(({ reason }) => 20 + Number(/bulky_\d+ and (\d+) more/.exec(reason)?.[1] ?? 0))
    assert.ok(bulky > 50, `${bulky} fit`)
    assert.is(Math.max(...told), 400 - bulky)
  })
})

test('a result of the wrong shape is an answer: the tool has run', async () => {
  await withOdd(async (toolBox) => {
    assert.match((await called(toolBox, 'text_as_content')).text, 'not a list')
    assert.match((await called(toolBox, 'only_structured')).text, '"load": 1')
    assert.match((await called(toolBox, 'blank_and_structured')).text, /^\{\n {2}"load": 1/)
    assert.match((await called(toolBox, 'unknown_kind')).text, /hologram[\s\S]*and text/)
    const flagged = await called(toolBox, 'odd_error_flag')
    assert.is(flagged.text, 'ran')
    assert.not.ok(flagged.isError)
    assert.is((await called(toolBox, 'nothing')).text, '')
  })
})

test('resources, links and sound are shown in place, their bytes attached', async () => {
  await withOdd(async (toolBox) => {
    const { text, attachments } = await called(toolBox, 'resources')
    assert.is(text, '[a: file:///a]\ntext of b\n[resource application/x-c, 3 bytes]\n[audio audio/wav, 3 bytes]')
    assert.equal(
      attachments.map(({ mediaType, bytes }) => [mediaType, [...bytes]]),
      [
        ['application/x-c', [0, 1, 2]],
        ['audio/wav', [0, 1, 2]],
      ],
    )
    const { attachments: odder } = await called(toolBox, 'odd_media_type')
    assert.is(odder[0]?.mediaType, 'application/octet-stream')
  })
})

test('a protocol error that says "not tried" did not run, another may have; neither ends the server', async () => {
  await withOdd(async (toolBox) => {
    const pid = (await called(toolBox, 'pid')).text
    const kindOf = async (tool: string) => (await toolBox.call(callOf(tool, {}, { server: 'odd' }), never)).kind
    assert.is(await kindOf('bad_params'), 'not_run')
    assert.is(await kindOf('no_method'), 'not_run')
    assert.is(await kindOf('internal'), 'unknown')
    assert.is((await called(toolBox, 'pid')).text, pid)
  })
})

test('a call that hangs takes no other call of its execution with it', async () => {
  await withToolBox({ hostile: hostile({ call_timeout_seconds: 5 }) }, async (toolBox) => {
    await toolBox.list('exe_1', ['hostile'], never)
    const hung = toolBox.call(callOf('hang'), never)
    // It goes on beyond the end of the other, kept alive by telling how far it is.
    const slow = toolBox.call(callOf('in_steps', { steps: 14, ms: 500 }), never)
    assert.is((await hung).kind, 'unknown')
    assert.is(answered(await slow).text, 'did 14 steps')
  })
})

test('arguments that are no object are not sent', async () => {
  await withToolBox({ hostile: hostile() }, async (toolBox) => {
    const refused = await toolBox.call(callOf('slow', [1, 2]), never)
    assert.is(refused.kind, 'not_run')
    assert.match(messageOf(refused), 'not a JSON object')
  })
})

const tool = (inputSchema: unknown) =>
  offeredTool.parse({ name: 'x__y', server: 'x', tool: 'y', description: '', inputSchema, effect: 'unsafe' })

test('arguments are checked by the schema, and what is wrong is said by name', () => {
  const check = createCheckArguments()
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { path: { type: 'string' }, lines: { $ref: '#/$defs/count' } },
    $defs: { count: { type: 'integer', minimum: 1 } },
    required: ['path'],
    additionalProperties: false,
  }
  assert.equal(check(tool(schema), '{"path":"/a","lines":2}'), { kind: 'valid', arguments: { path: '/a', lines: 2 } })
  const wrong = check(tool(schema), '{"lines":0,"more":1}')
  if (wrong.kind !== 'invalid') return assert.unreachable()
  for (const part of ["required property 'path'", 'lines must be >= 1', '("more")']) assert.match(wrong.message, part)
})

test('text that is no JSON object is refused; no text is an empty object', () => {
  const check = createCheckArguments()
  for (const written of ['{', '[1]', '"x"', 'null', '7', '{"a":1} trailing']) {
    assert.is(check(tool({ type: 'object' }), written).kind, 'invalid', written)
    assert.is(check(tool({}), written).kind, 'invalid', written)
  }
  assert.equal(check(tool({ type: 'object' }), ' '), { kind: 'valid', arguments: {} })
})

test('a schema that cannot be compiled checks nothing', () => {
  const check = createCheckArguments()
  for (const schema of [7, { type: 'nonsense' }, { $ref: 'https://nowhere.invalid/x' }, { properties: [] }, null]) {
    assert.equal(check(tool(schema), '{"a":1}'), { kind: 'valid', arguments: { a: 1 } }, JSON.stringify(schema))
  }
})

test('two schemas with the same id are both used', () => {
  const check = createCheckArguments()
  const withId = (type: string) => ({ type: 'object', properties: { a: { $id: 'https://example.org/a', type } } })
  assert.is(check(tool(withId('string')), '{"a":1}').kind, 'invalid')
  assert.is(check(tool(withId('number')), '{"a":1}').kind, 'valid')
  assert.is(check(tool(withId('boolean')), '{"a":1}').kind, 'invalid')
})

test.run()

// What the simulator chooses and fills in: tools by the alert's topic, arguments that fit the tool's own schema.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import type { WireMessage } from '../../gateways/simulator/chat-wire.ts'
import { chooseTools, followUp } from '../../gateways/simulator/choose-tools.ts'
import { decideReply } from '../../gateways/simulator/decide-reply.ts'
import { fillArguments } from '../../gateways/simulator/fill-arguments.ts'
import { writeSummary } from '../../gateways/simulator/write-summary.ts'
import { offeredTool } from '../../schemas/tool.ts'

const tool = (name: string, description = '', parameters: Readonly<Record<string, unknown>> = { type: 'object' }) => ({
  name,
  description,
  parameters,
})
const host = ['disk', 'listening_ports', 'load', 'log_tail', 'memory', 'processes', 'uptime'].map((name) =>
  tool(`host__${name}`),
)
const namesOf = (tools: readonly { readonly name: string }[]): readonly string[] => tools.map(({ name }) => name)

const firstChoices: readonly (readonly [string, string])[] = [
  ['HostOutOfDiskSpace', 'host__disk'],
  ['node memory usage above 90%', 'host__memory'],
  ['HighCPULoad on web-1', 'host__load'],
  ['connection refused on port 5432', 'host__listening_ports'],
  ['process nginx is not running', 'host__processes'],
  ['many errors in the log', 'host__log_tail'],
  ['unexpected reboot', 'host__uptime'],
]
for (const [alert, name] of firstChoices) {
  test(`"${alert}" is looked into with ${name}`, () => assert.is(chooseTools(alert, host)[0]?.name, name))
}

test('an alert about nothing known gets up to three general tools, none that needs to be told much', () => {
  const many = [
    tool('lookup', '', { type: 'object', required: ['a', 'b', 'c'] }),
    tool('status'),
    tool('overview'),
    tool('list_things'),
    tool('detail', '', { type: 'object', required: ['id'] }),
  ]
  assert.equal(namesOf(chooseTools('Zyx', many)), ['status', 'overview', 'list_things'])
  assert.equal(chooseTools('Zyx', []), [])
})

test('at most four tools are called at first, and one not called before at second', () => {
  const many = Array.from({ length: 20 }, (_, index) => tool(`disk_${index}`))
  assert.is(chooseTools('disk full', many).length, 4)
  assert.is(followUp('disk full', host, new Set(['host__disk']))?.name, 'host__processes')
  assert.is(followUp('disk full', host, new Set(namesOf(host))), undefined)
})

test('values come from the alert by the name of the argument', () => {
  const alert = 'title: PodCrash\nlabel pod: shop-1\nlabel namespace: shop\n{"cluster": "eu-1"}'
  const schema = {
    type: 'object',
    properties: {
      podName: { type: 'string' },
      namespace: { type: 'string' },
      cluster_id: { type: 'string' },
      container: { type: 'string' },
      level: { enum: ['warn', 'podcrash'] },
    },
    required: ['container'],
  }
  assert.equal(fillArguments(schema, alert), {
    podName: 'shop-1',
    namespace: 'shop',
    cluster_id: 'eu-1',
    container: 'default',
  })
  assert.equal(fillArguments(schema, `${alert} podcrash`)['level'], 'podcrash')
})

test('a path that a tool listed is read next, the one that the alert names first', () => {
  const readsLogs = tool('host__log_tail', 'The end of a log file.', {
    type: 'object',
    properties: { path: { type: 'string' } },
  })
  const messages: WireMessage[] = [
    { role: 'user', content: 'Session: errors\nlabel service: nginx' },
    { role: 'assistant', content: '', tool_calls: [{ id: 'c1', function: { name: readsLogs.name, arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: '/var/log/syslog (1 KiB)\n/var/log/nginx/error.log (2 KiB)' },
  ]
  const { toolCalls } = decideReply(messages, [readsLogs])
  assert.equal(toolCalls, [{ name: readsLogs.name, arguments: '{"path":"/var/log/nginx/error.log"}' }])
})

test('a summary keeps the names of tools, and drops marks of Markdown', () => {
  const report = '## Summary\n\n_Looked_ into **it**.\n\n## Likely cause\n\nUnconfirmed: `97%` (host__disk).'
  assert.is(
    writeSummary(`Title: x\n\n# Report\n\`\`\`\n${report}\n\`\`\``),
    'Looked into it. Unconfirmed: 97% (host__disk). Written by the simulator.',
  )
  assert.is(writeSummary('# Report\n```\n\n```'), 'The report is empty. Written by the simulator.')
})

/** Schemas as servers write them, each with a value that fits. */
const leaf = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(20) }),
  fc.record({ type: fc.constant('string'), maxLength: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.double({ min: -1e6, max: 1e6, noNaN: true }) }),
  fc.record({ type: fc.constantFrom('integer', 'number'), maximum: fc.integer({ min: -1000, max: 1000 }) }),
  fc.record({ type: fc.constant('integer'), exclusiveMinimum: fc.integer({ min: -1000, max: 1000 }) }),
  fc.record({ type: fc.constant('integer'), exclusiveMaximum: fc.integer({ min: -1000, max: 1000 }) }),
  fc.constantFrom<object>({ type: 'boolean' }, { type: 'null' }, { type: ['string', 'null'] }, { const: 7 }),
  fc.record({ enum: fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 }) }),
  fc.constantFrom<object>({ type: 'string', format: 'date-time' }, { anyOf: [{ type: 'null' }, { type: 'integer' }] }),
)
const { schema } = fc.letrec<{ schema: object; node: object }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('schema'),
    fc.record({
      type: fc.constant('array'),
      items: tie('node'),
      minItems: fc.nat(3),
    }),
  ),
  schema: fc
    .dictionary(fc.constantFrom('path', 'name', 'query', 'lines', 'pod', 'since', 'limit'), tie('node'))
    .chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
        additionalProperties: fc.constant(false),
      }),
    ),
}))

test('arguments fit the schema they are made from', () => {
  const check = createCheckArguments()
  fc.assert(
    fc.property(schema, fc.constantFrom('disk full', 'label pod: shop-1\nlabel name: x\npath: /a'), (given, alert) => {
      const inputSchema = JSON.parse(JSON.stringify(given))
      const written = JSON.stringify(fillArguments(inputSchema, alert))
      const offered = offeredTool.parse({
        name: 'a',
        server: 'a',
        tool: 'a',
        description: '',
        inputSchema,
        effect: 'unsafe',
      })
      const checked = check(offered, written)
      assert.is(checked.kind, 'valid', `${written}: ${checked.kind === 'invalid' ? checked.message : ''}`)
    }),
    { numRuns: 120 },
  )
})

test('any schema gives some object, and the same one each time', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('type', 'properties', 'required', '$defs', 'anyOf'), fc.jsonValue()),
      (any) => {
        const made = fillArguments(any, 'disk full')
        assert.type(made, 'object')
        assert.equal(fillArguments(any, 'disk full'), made)
      },
    ),
    { numRuns: 500 },
  )
})

test('any conversation gives a reply: text or calls', () => {
  const message = fc.oneof(
    fc.record({ role: fc.constantFrom('system' as const, 'user' as const), content: fc.string() }),
    fc.record({ role: fc.constant('tool' as const), content: fc.string(), tool_call_id: fc.constantFrom('a', 'b') }),
    fc.record({
      role: fc.constant('assistant' as const),
      content: fc.constant(''),
      tool_calls: fc.array(
        fc.record({
          id: fc.constantFrom('a', 'b'),
          function: fc.record({ name: fc.constantFrom('host__disk', 'x', ''), arguments: fc.string() }),
        }),
      ),
    }),
  )
  fc.assert(
    fc.property(fc.array(message), fc.subarray(host), (messages, tools) => {
      const { text = '', toolCalls = [] } = decideReply(messages, tools)
      assert.ok(text.length > 0 !== toolCalls.length > 0)
    }),
    { numRuns: 500 },
  )
})

test.run()

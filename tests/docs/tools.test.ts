// docs/tools.md beside the code: its examples are taken, and its numbers are those of the code.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { z } from 'zod'
import { createKnownWays } from '../../gateways/mcp/known-ways.ts'
import { mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { codesIn, fencedBlocks, readDocument, sectionOf, tableRows } from '../support/markdown.ts'

const page = readDocument('docs/tools.md')
const transports = mcpServerDefinition.shape.transport.options.map((each) => each.shape.type.value)

test('every transport has a row, and every row is a transport', () => {
  const rows = tableRows(sectionOf(page, 'Revisions and transports')).flatMap(([cell = '']) => codesIn(cell))
  assert.equal([...rows].sort(), [...transports].sort())
})

test('the servers in the example are configured as they stand there', () => {
  const block = fencedBlocks(page).find(({ language }) => language === 'yaml')
  const servers = z.object({ mcp_servers: z.record(z.string(), mcpServerDefinition) }).parse(parse(block?.text ?? ''))
  assert.equal(
    Object.values(servers.mcp_servers).map(({ transport }) => transport.type),
    ['http', 'sse', 'stdio'],
  )
})

const waysOf = (transport: object, protocol?: string) =>
  createKnownWays().of(mcpServerDefinition.parse({ transport, ...(protocol !== undefined && { protocol }) }))
const http = { type: 'http', url: 'http://127.0.0.1:1/' }
const stdio = { type: 'stdio', command: 'x' }

test('what is asked first, and what after, is as the page says', () => {
  assert.equal(waysOf(http), ['2026-07-28', 'earlier', 'sse'])
  assert.equal(waysOf(stdio), ['earlier', '2026-07-28'])
  assert.equal(waysOf({ type: 'sse', url: 'http://127.0.0.1:1/' }), ['sse'])
  assert.equal(waysOf(http, 'earlier'), ['earlier', 'sse'])
  assert.equal(waysOf(stdio, 'earlier'), ['earlier'])
  for (const transport of [http, stdio]) assert.equal(waysOf(transport, '2026-07-28'), ['2026-07-28'])
})

test('what was found is remembered for an hour, for a server that is configured the same', () => {
  let time = 0
  const ways = createKnownWays(() => time)
  const server = mcpServerDefinition.parse({ transport: http })
  ways.learn(server, 'sse')
  time = 3_599_000
  ways.learn(server, 'sse')
  assert.equal(ways.of(mcpServerDefinition.parse({ transport: http, instructions: 'other' })), ['sse'])
  assert.is(ways.of(mcpServerDefinition.parse({ transport: http, protocol: 'earlier' })).length, 2)
  time = 3_601_000
  assert.is(ways.of(server).length, 3)
  ways.learn(server, 'earlier')
  assert.equal(ways.of(server), ['earlier'])
  ways.forget(server)
  assert.is(ways.of(server).length, 3)
})

test.run()

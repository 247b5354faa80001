// docs/http.md beside the OpenAPI document that the server itself makes: every route, and no other.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { createCommandBus } from '../../commands/command-bus.ts'
import { createHttpServer } from '../../gateways/http/server.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { createMemoryBlobStore } from '../../infra/memory/memory-blob-store.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { classified, createDatabase } from '../../infra/postgres/database.ts'
import { createQueries } from '../../projections/queries.ts'
import { publicCommands } from '../../schemas/commands.ts'
import { codesIn, readDocument, sectionOf, tableRows } from '../support/markdown.ts'
import { quiet } from '../support/servers.ts'

const page = readDocument('docs/http.md')
const unused = (): Promise<never> => Promise.reject(new Error('the document needs none of this'))

const log = createMemoryEventLog()
// Connects to nothing: only a query would.
const database = createDatabase('postgres://127.0.0.1:1/none')
const server = await createHttpServer({
  bus: createCommandBus(log),
  eventLog: log,
  logReader: log,
  commitFeed: log,
  live: { sofar: unused, follow: () => () => undefined },
  queries: createQueries(database.tables, classified),
  queriesAsOf: unused,
  projections: {
    status: unused,
    rebuild: unused,
    verify: unused,
    pause: unused,
    resume: unused,
    cancel: unused,
    asOf: unused,
    schemaAsOf: unused,
    dropAsOf: unused,
    dropOld: unused,
    waitFor: unused,
  },
  alertIntake: { publish: unused },
  requestKeys: { reserve: unused, remember: () => undefined },
  queue: { positions: unused, isFull: unused, counts: unused },
  storeText: createStoreText(createMemoryBlobStore()),
  blobs: createMemoryBlobStore(),
  checkArguments: createCheckArguments(),
  health: unused,
  metrics: unused,
  verifyAudit: unused,
  deadLetters: { count: unused, list: unused, find: unused, retry: unused, drop: unused },
  log: quiet,
  options: { version: '0.0.0-test' },
})
const url = await server.listen('127.0.0.1', 0)
test.after(async () => {
  await server.close()
  await database.close()
})

const [table = ''] = page.split('\n## ', 1)
const documented = tableRows(table).flatMap(([cell = '']) => codesIn(cell))

const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

test('every route of /openapi.json is in the table, and every row is a route', async () => {
  const { paths } = openApi.parse(await (await fetch(`${url}/openapi.json`)).json())
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  assert.equal([...documented].sort(), [...served, 'GET /openapi.json', 'GET /asyncapi.json'].sort())
})

const examples = [
  page,
  readDocument('README.md'),
  readDocument('docs/people-in-the-loop.md'),
  readDocument('docs/tasks.md'),
  readDocument('docs/chat.md'),
  readDocument('docs/budgets.md'),
  readDocument('docs/erasure.md'),
  readDocument('docs/retention.md'),
  readDocument('docs/personal-data.md'),
  readDocument('docs/time-travel.md'),
  readDocument('docs/evaluations.md'),
].join('\n')

test('every route has an example that asks it, here, in the README or on the pages of people in the loop, tasks, chats, budgets and erasure', () => {
  const asked = [...examples.matchAll(/curl .*127\.0\.0\.1:8080(\/[^"'\s?]*).*/g)].map(([line, path = '']) => {
    const method = /-X (\w+)/.exec(line)?.[1] ?? (/ -d |content-type/.test(line) ? 'POST' : 'GET')
    return `${method} ${path}`
  })
  for (const route of documented) {
    const like = new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`)
    assert.ok(
      asked.some((each) => like.test(each)),
      `${route} has no example`,
    )
  }
})

test('every public command is in docs/bus.md, and every row is a public command', () => {
  const rows = tableRows(sectionOf(readDocument('docs/bus.md'), 'Commands')).flatMap(([cell = '']) => codesIn(cell))
  assert.equal([...rows].sort(), [...publicCommands].sort())
})

test.run()

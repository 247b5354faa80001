// Where a session says it comes from, when somebody outside starts it: nobody passes for an alert, a task or an agent.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { InvalidCommand } from '../../commands/command-errors.ts'
import { newSessionId } from '../../commands/new-id.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { sendPublicCommand } from '../../gateways/public-command.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { createMemoryBlobStore } from '../../infra/memory/memory-blob-store.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { correlationId, type OrgId, orgId } from '../../schemas/ids.ts'

const [one, two] = [orgId.parse('one'), orgId.parse('two')]
const log = createMemoryEventLog()
const deps = {
  bus: createCommandBus(log),
  requestKeys: { reserve: () => Promise.reject(new Error('no key is used')), remember: () => undefined },
  storeText: createStoreText(createMemoryBlobStore()),
  checkArguments: createCheckArguments(),
}
const send = (name: string, input: object, org: OrgId = one) =>
  sendPublicCommand(deps, {
    name,
    input,
    org,
    metadata: (commandId) => ({
      org,
      commandId,
      actor: { kind: 'user', id: 'jo' },
      at: new Date().toISOString(),
      correlationId: correlationId.parse('test'),
      causationId: commandId,
    }),
  })
const start = (origin?: object, org: OrgId = one) =>
  send('StartSession', { title: 'Disk full', input: { text: '' }, ...(origin && { origin }) }, org)
const idOf = (sent: Awaited<ReturnType<typeof start>>): string => {
  if (sent.kind === 'rejected') throw new Error(sent.rejection.message)
  return sent.answer.id
}
const childOf = (parentSessionId: string) => ({
  kind: 'child',
  parentSessionId,
  relation: 'sub_task',
  why: 'to be sure',
})

test('an origin that only handlers can vouch for is refused, and nothing is written', async () => {
  const parent = idOf(await start())
  const before = log.entries.length
  const forged: readonly object[] = [
    { kind: 'alert', alertId: 'alr_0001' },
    { kind: 'task', taskId: 'tsk_0001', run: 1 },
    { ...childOf(parent), executionId: 'exe_0001' },
    { ...childOf(parent), toolCallId: 'call_0001' },
    { ...childOf(parent), depth: 1 },
    { ...childOf(parent), alertId: 'alr_0001' },
  ]
  for (const origin of forged) {
    const refused = await start(origin).catch((error: unknown) => error)
    assert.instance(refused, InvalidCommand, JSON.stringify(origin))
    assert.match(String(refused), /origin/)
  }
  assert.is(log.entries.length, before)
})

test('a child names a session of its own org', async () => {
  const parent = idOf(await start())
  const child = idOf(await start(childOf(parent)))
  assert.equal(log.entries.at(-1)?.commit.events[0]?.data, {
    sessionId: child,
    title: 'Disk full',
    input: { text: '' },
    origin: childOf(parent),
    labels: {},
  })
  for (const [origin, org] of [
    [childOf(parent), two],
    [childOf(newSessionId()), one],
  ] as const) {
    const sent = await start(origin, org)
    assert.is(sent.kind === 'rejected' && sent.rejection.code, 'session_not_found')
  }
})

test('the id that an agent will give its child is not to be had before it', async () => {
  const parent = idOf(await start())
  const before = log.entries.length
  for (const sessionId of [`${parent}_c001`, `${parent}_c001_c002`, 'ses_OTHER_c1000']) {
    for (const [name, input] of [
      ['StartSession', { sessionId, title: 'First', input: { text: '' } }],
      ['ForkSession', { sessionId, from: { sessionId: parent, at: 1 } }],
    ] as const) {
      const refused = await send(name, input).catch((error: unknown) => error)
      assert.instance(refused, InvalidCommand, `${name} ${sessionId}`)
      assert.match(String(refused), /sessionId: ends like the id of a session that an agent starts/)
    }
  }
  assert.is(log.entries.length, before)
  assert.is(
    (await send('StartSession', { sessionId: 'ses_MINE_c', title: 'Mine', input: { text: '' } })).kind,
    'accepted',
  )
})

test.run()

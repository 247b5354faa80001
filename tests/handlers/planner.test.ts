// The planner: which chain a session runs, and what a session that cannot be planned is told.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decideUnderAll, policiesOf } from '../../domain/policy/decide-tool.ts'
import type { WaitingLine } from '../../handlers/admission.ts'
import { createPlanner } from '../../handlers/planner.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import type { NormalisedAlert } from '../../schemas/alert.ts'
import { alertId, type SessionId, sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, type HandlerWorldOptions, org } from '../support/handler-world.ts'
import { call, execution, session } from '../support/session-samples.ts'

const stages = [{ name: 'looking', agent: 'looker' }]
const settings = configuration.parse({
  defaults: { provider: 'fake', chain: 'plain', summary_agent: 'looker' },
  providers: { fake: { base_url: 'http://127.0.0.1:9/v1', model: 'fake' } },
  mcp_servers: {},
  agents: { looker: {} },
  chains: {
    plain: { stages },
    any: { stages, alert_types: ['*'] },
    disks: { stages, alert_types: ['DiskFull'] },
    'my-disks': { stages, alert_types: ['DiskFull'], match_labels: { team: 'mine' } },
    'my-team': { stages, match_labels: { team: 'mine' } },
    broken: { stages: [{ name: 'looking', agent: 'nobody' }] },
  },
})

const plannerOf = (world: HandlerWorld, current = settings, line: WaitingLine = { join: () => Promise.resolve() }) =>
  createPlanner({
    line,
    bus: world.bus,
    sessions: world.bus,
    settings: { current: () => ({ configuration: current, hash: 'c0ffee' }) },
  })

const alert = (changes: Partial<NormalisedAlert> = {}): NormalisedAlert => ({
  source: 'generic',
  fingerprint: 'f',
  status: 'firing',
  severity: 'high',
  title: 'Disk full',
  description: '',
  labels: {},
  annotations: {},
  startsAt: '2026-01-01T00:00:00Z',
  links: [],
  ...changes,
})
const ofAlert = (changes: Partial<NormalisedAlert> = {}) => ({
  origin: { kind: 'alert' as const, alertId: alertId.parse('alr_SAMPLE') },
  alert: alert(changes),
})

const planned = async (more: Parameters<HandlerWorld['open']>[1], options?: HandlerWorldOptions) => {
  const world = createHandlerWorld(options)
  await world.open(session, more)
  const running = world.start(plannerOf(world))
  await eventually(() => world.source.settled.length >= 1, { withinMs: 30_000 })
  await running.stop(0)
  return world
}
const chainOf = async (world: HandlerWorld) => (await world.state()).plan?.chain

test('the chain asked for comes first, then alert type and labels, then any alert, then the default', async () => {
  const cases = [
    [{ chain: 'any', ...ofAlert({ alertType: 'DiskFull', chain: 'disks' }) }, 'any', 'asked for'],
    [ofAlert({ alertType: 'DiskFull', chain: 'my-team' }), 'my-team', 'asked for'],
    [ofAlert({ alertType: 'DiskFull' }), 'disks', 'matches alert type DiskFull'],
    [
      ofAlert({ alertType: 'DiskFull', labels: { team: 'mine' } }),
      'my-disks',
      'matches alert type DiskFull and labels',
    ],
    [ofAlert({ alertType: 'Other', labels: { team: 'mine' } }), 'my-team', 'matches labels'],
    [ofAlert({ alertType: 'Other' }), 'any', 'matches any alert'],
    [{ labels: { team: 'mine' } }, 'my-team', 'matches labels'],
    [{}, 'plain', 'default'],
  ] as const
  for (const [started, chain, reason] of cases) {
    const choice = await chainOf(await planned(started))
    assert.is(choice?.name, chain, JSON.stringify(started))
    assert.is(choice?.reason, reason)
  }
})

test('a delivery that comes twice plans nothing twice, whatever the configuration says by then', async () => {
  const world = await planned({}, { twice: true })
  assert.is(world.dataOf('session.plan_adopted').length, 1)
  const changed = { ...settings, defaults: { ...settings.defaults, chain: 'any' } }
  const again = world.start(plannerOf(world, changed))
  const count = world.source.settled.length
  await eventually(() => world.source.settled.length > count, { withinMs: 30_000 })
  assert.is((await chainOf(world))?.name, 'plain')
  await again.stop(0)
})

test('a chain that does not exist, or names an agent that does not, ends the session with what to do', async () => {
  for (const [chain, code, nextStep] of [
    ['nowhere', 'chain_not_found', /Ask for one of: plain, any/],
    ['broken', 'agent_not_found', /Define it, or mend the chain/],
  ] as const) {
    const { ended } = await (await planned({ chain })).state()
    assert.is(ended?.status, 'failed')
    assert.is(ended?.cause.code, code)
    assert.match(ended?.cause.nextStep ?? '', nextStep)
  }
})

test('what an agent may not do, a session it starts may not do either, nor one that this one starts', async () => {
  const rule = (tool: string, action: 'allow' | 'deny') => ({ tool, action })
  const strict = configuration.parse({
    ...settings,
    chains: { ...settings.chains, plain: { stages, tool_policy: { rules: [rule('delete_*', 'deny')] } } },
  })
  const child = sessionId.parse(`${session}_c001`)
  const grandchild = sessionId.parse(`${session}_c001_c001`)
  const world = createHandlerWorld()
  const running = world.start(plannerOf(world, strict))
  const planOf = (id: SessionId) =>
    eventually(async () => {
      const state = await world.bus.session(org, id)
      return state.status !== 'absent' && state.plan
    })
  const asked = { why: '', depth: 1, executionId: execution(1), toolCallId: call(1, 1) }
  const startedBy = (parentSessionId: SessionId) =>
    ({ ...asked, kind: 'child', relation: 'sub_task', parentSessionId }) as const
  await world.open(session)
  const own = (await planOf(session)).toolPolicy
  await world.open(child, { agent: 'looker', origin: startedBy(session) })
  await planOf(child)
  await world.open(grandchild, { agent: 'looker', origin: startedBy(child) })
  const { toolPolicy, policiesAbove } = await planOf(grandchild)
  assert.equal(policiesAbove, [toolPolicy, own])
  const [lenient] = policiesAbove ?? []
  const tool = { ...{ server: 'cluster', tool: 'delete_namespace', description: '' }, inputSchema: {} }
  const deletes = { ...tool, name: 'cluster__delete_namespace', effect: 'read_only' } as const
  assert.is(lenient && decideUnderAll([lenient], deletes, {}).verdict, 'allow')
  assert.is(decideUnderAll(policiesOf({ toolPolicy, policiesAbove }), deletes, {}).verdict, 'deny')
  await running.stop(0)
})

test('a session that a person started beside another is under its own policy alone', async () => {
  const origin = {
    kind: 'child',
    parentSessionId: sessionId.parse('ses_OTHER'),
    relation: 'follow_up',
    why: '',
  } as const
  assert.is((await (await planned({ origin })).state()).plan?.policiesAbove, undefined)
})

test('a plan that can never be recorded ends the session with the reason', async () => {
  const world = createHandlerWorld()
  await world.open(session)
  const huge = { ...settings, agents: { looker: { ...settings.agents['looker'], instructions: 'x'.repeat(600_000) } } }
  const running = world.start(plannerOf(world, configuration.parse(huge)))
  await eventually(() => world.source.settled.some(({ how }) => how === 'parked'), { withinMs: 30_000 })
  const { ended } = await world.state()
  assert.is(ended?.cause.code, 'planning_failed')
  assert.match(ended?.cause.message ?? '', /over the limit/)
  await running.stop(0)
})

test('a session cancelled before it was planned is left alone', async () => {
  const world = createHandlerWorld()
  await world.open(session)
  await world.send('CancelSession', { sessionId: session, reason: '' })
  const running = world.start(plannerOf(world))
  await eventually(() => world.source.settled.length === 1, { withinMs: 30_000 })
  assert.is(world.events().length, 2)
  await running.stop(0)
})

test.run()

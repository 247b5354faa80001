// Which chain a session gets and what is pinned in it: by request, alert type, labels, `*`, default; ties by name.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseChain } from '../../domain/plan/choose-chain.ts'
import { planSession } from '../../domain/plan/plan-session.ts'
import { isToolOffered } from '../../domain/plan/tool-offered.ts'
import { type Configuration, configuration } from '../../schemas/agent-definition.ts'
import type { NormalisedAlert } from '../../schemas/alert.ts'
import { type EventData, eventData } from '../../schemas/events.ts'
import { sampleAlert } from '../support/histories.ts'
import { agent, session } from '../support/session-samples.ts'

const stages = [{ name: 'investigation', agent: 'investigator' }]

const configured = (chains: Readonly<Record<string, object>>, changes: object = {}): Configuration =>
  configuration.parse({
    defaults: { provider: 'main', chain: 'fallback', summary_agent: 'summarizer', instructions: 'Be exact.' },
    agents: {
      investigator: { mcp_servers: ['host'], instructions: 'Find the cause.' },
      analyst: { provider: 'other', max_iterations: 3, temperature: 0.5 },
      summarizer: { controller: 'single_shot' },
    },
    chains: Object.fromEntries(
      Object.entries({ fallback: {}, ...chains }).map(([name, chain]) => [name, { stages, ...chain }]),
    ),
    mcp_servers: { host: { transport: { type: 'stdio', command: 'host' }, instructions: 'Read only.' } },
    providers: {
      main: { base_url: 'http://127.0.0.1/v1', model: 'main-model' },
      other: { base_url: 'http://127.0.0.1/v1', model: 'other-model' },
    },
    ...changes,
  })

type Started = EventData<'session.started'>

const asked = (changes: Partial<Started> = {}): Started => ({
  sessionId: session,
  title: 'Disk full',
  input: { text: '' },
  origin: { kind: 'request' },
  labels: {},
  ...changes,
})
const alerted = (changes: Partial<NormalisedAlert> = {}): Started =>
  asked({ alert: sampleAlert({ alertType: 'DiskFull', labels: { service: 'db', team: 'storage' }, ...changes }) })

const chosen = (started: Started, chains: Readonly<Record<string, object>>): string => {
  const { chain, reason } = chooseChain(started, configured(chains))
  return `${chain}: ${reason}`
}

const disk = { alert_types: ['DiskFull', 'DiskSlow'] }
const storage = { match_labels: { team: 'storage' } }
const any = { alert_types: ['*'] }

test('the chain asked for wins, by the request before the alert, also one that does not exist', () => {
  assert.is(chosen(asked({ chain: 'other' }), { disk }), 'other: asked for')
  assert.is(chosen(alerted({ chain: 'other' }), { disk }), 'other: asked for')
  assert.is(chosen({ ...alerted({ chain: 'other' }), chain: 'first' }, { disk }), 'first: asked for')
})

test('the alert type chooses, exactly as it is written', () => {
  assert.is(chosen(alerted(), { disk }), 'disk: matches alert type DiskFull')
  assert.is(chosen(alerted({ alertType: 'diskfull' }), { disk }), 'fallback: default')
  assert.is(chosen(alerted({ alertType: 'DiskFullSoon' }), { disk }), 'fallback: default')
})

test('labels choose when all of them are there', () => {
  const both = { match_labels: { team: 'storage', service: 'db' } }
  assert.is(chosen(alerted(), { storage }), 'storage: matches labels')
  assert.is(chosen(alerted(), { storage, both }), 'both: matches labels')
  assert.is(chosen(alerted({ labels: { team: 'storage' } }), { storage, both }), 'storage: matches labels')
  assert.is(chosen(alerted({ labels: { team: 'network' } }), { storage, both }), 'fallback: default')
  assert.is(
    chosen(alerted({ labels: { team: '' } }), { empty: { match_labels: { team: '' } } }),
    'empty: matches labels',
  )
  assert.is(chosen(alerted({ labels: {} }), { empty: { match_labels: { team: '' } } }), 'fallback: default')
})

test("the session's own labels count too, and before those of the alert", () => {
  assert.is(chosen(asked({ labels: { team: 'storage' } }), { storage }), 'storage: matches labels')
  assert.is(chosen({ ...alerted(), labels: { team: 'network' } }, { storage }), 'fallback: default')
})

test('type and labels together are required where both are named, and then weigh most', () => {
  const together = { ...disk, ...storage }
  assert.is(chosen(alerted(), { disk, together, storage }), 'together: matches alert type DiskFull and labels')
  assert.is(chosen(alerted({ labels: {} }), { together }), 'fallback: default')
  assert.is(chosen(alerted({ alertType: 'Other' }), { together }), 'fallback: default')
})

test('a type outweighs any number of labels', () => {
  const labels = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`l${index}`, 'x']))
  assert.is(chosen(alerted({ labels }), { many: { match_labels: labels }, disk }), 'disk: matches alert type DiskFull')
})

test('`*` takes every alert that no other chain takes, and nothing that is no alert', () => {
  assert.is(chosen(alerted({ alertType: 'Unknown', labels: {} }), { any, disk }), 'any: matches any alert')
  const { alertType: _, ...untyped } = sampleAlert({ labels: {} })
  assert.is(chosen(asked({ alert: untyped }), { any }), 'any: matches any alert')
  assert.is(chosen(alerted(), { any, disk }), 'disk: matches alert type DiskFull')
  assert.is(chosen(alerted({ alertType: 'Unknown' }), { any, storage }), 'storage: matches labels')
  assert.is(chosen(asked(), { any }), 'fallback: default')
  const wide = { ...any, ...storage }
  assert.is(chosen(alerted({ labels: {} }), { wide, any }), 'any: matches any alert')
  assert.is(chosen(alerted(), { wide, any, storage }), 'wide: matches labels')
})

test('a tie goes to the first name, in whatever order the chains are written', () => {
  assert.is(chosen(alerted(), { zebra: disk, apple: disk }), 'apple: matches alert type DiskFull')
  assert.is(chosen(alerted(), { apple: disk, zebra: disk }), 'apple: matches alert type DiskFull')
})

test('a chain that names neither type nor labels is chosen by request or as the default only', () => {
  assert.is(chosen(alerted(), { plain: {} }), 'fallback: default')
})

test('labels named like parts of an object match nothing by accident', () => {
  const odd = { match_labels: { constructor: 'x' } }
  assert.is(chosen(alerted(), { odd }), 'fallback: default')
  assert.is(chosen(alerted({ alertType: 'constructor' }), { odd, disk }), 'fallback: default')
})

test('whatever the alert and the chains, the choice exists, and does not depend on their order', () => {
  const word = fc.constantFrom('DiskFull', 'Other', '*', 'a')
  const labels = fc.dictionary(fc.constantFrom('team', 'service'), fc.constantFrom('db', 'storage'), { maxKeys: 2 })
  const chain = fc.record({ alert_types: fc.uniqueArray(word, { maxLength: 2 }), match_labels: labels })
  const chains = fc.dictionary(fc.constantFrom('one', 'two', 'three', 'four'), chain)
  fc.assert(
    fc.property(chains, word, labels, (given, alertType, own) => {
      const started = alerted({ alertType, labels: own })
      const choice = chooseChain(started, configured(given))
      const turned = Object.fromEntries(Object.entries(given).reverse())
      assert.equal(chooseChain(started, configured(turned)), choice)
      const { alert_types = [], match_labels = {} } = given[choice.chain] ?? {}
      if (choice.chain === 'fallback') return
      assert.ok(alert_types.length === 0 || alert_types.includes(alertType) || alert_types.includes('*'))
      for (const [name, value] of Object.entries(match_labels)) assert.is(own[name], value)
    }),
    { numRuns: 500 },
  )
})

const planOf = (started: Started, given: Configuration) => {
  const planned = planSession(started, given, 'c0ffee')
  if (planned.kind === 'problem') throw new Error(planned.problem.message)
  return planned.plan
}

test('a plan pins every agent by value, in the order of its stages, and fits its event', () => {
  const given = configured({
    two: {
      stages: [...stages, { name: 'analysis', agent: 'analyst' }],
      description: 'Two looks.',
      runbook: 'Look at /var.',
    },
  })
  const plan = planOf(asked({ chain: 'two' }), given)
  eventData['session.plan_adopted'].parse(plan)
  assert.equal(plan.chain, { name: 'two', description: 'Two looks.', reason: 'asked for' })
  assert.is(plan.runbook, 'Look at /var.')
  assert.is(plan.configurationHash, 'c0ffee')
  assert.equal(
    plan.stages.map(({ stageId, name }) => [stageId, name]),
    [
      ['stg_01TEST_01', 'investigation'],
      ['stg_01TEST_02', 'analysis'],
    ],
  )
  const [first, second] = plan.stages.map(({ agents }) => agents[0]?.agent)
  assert.equal(
    [first?.provider, first?.model, first?.maxIterations, first?.mcpServers],
    ['main', 'main-model', 20, ['host']],
  )
  assert.equal(first?.instructions, {
    general: 'Be exact.',
    servers: [{ server: 'host', text: 'Read only.' }],
    custom: 'Find the cause.',
  })
  assert.equal(
    [second?.provider, second?.model, second?.maxIterations, second?.temperature],
    ['other', 'other-model', 3, 0.5],
  )
  assert.is(plan.summaryAgent.controller, 'single_shot')
  assert.equal(plan.summaryAgent.mcpServers, [])
})

test('what a stage says goes before its chain, its agent and the defaults', () => {
  const given = configured({
    own: {
      model: 'of-chain',
      max_iterations: 9,
      stages: [
        { name: 'a', agent: 'investigator', model: 'of-stage' },
        { name: 'b', agent: 'investigator' },
        { name: 'c', agent: 'investigator', provider: 'other' },
      ],
    },
  })
  const pinned = planOf(asked({ chain: 'own' }), given).stages.map(({ agents }) => agents[0]?.agent)
  assert.equal(
    pinned.map((each) => [each?.provider, each?.model, each?.maxIterations]),
    [
      ['main', 'of-stage', 9],
      ['main', 'of-chain', 9],
      ['other', 'other-model', 9],
    ],
  )
})

test('the same session planned again names the same things', () => {
  assert.equal(planOf(alerted(), configured({ disk })), planOf(alerted(), configured({ disk })))
})

test('a later change of the configuration does not reach into a plan', () => {
  const given = configured({ disk })
  const plan = planOf(alerted(), given)
  assert.not.equal(planOf(alerted(), configured({ disk: { ...disk, description: 'new' } })), plan)
  assert.is(JSON.stringify(plan), JSON.stringify(planOf(alerted(), given)))
})

test('a chain that is not there is a problem that names those that are', () => {
  const planned = planSession(asked({ chain: 'nope' }), configured({ disk }), 'c0ffee')
  if (planned.kind !== 'problem') return assert.unreachable()
  assert.is(planned.problem.code, 'chain_not_found')
  assert.match(planned.problem.message, '"nope"')
  assert.match(planned.problem.nextStep, 'fallback, disk')
})

test('a chain named like a part of every object is not there either', () => {
  for (const chain of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.is(planSession(asked({ chain }), configured({}), 'c0ffee').kind, 'problem', chain)
  }
})

test('an agent that is not there is a problem, also the summary agent', () => {
  const broken = configured({ odd: { stages: [{ name: 'a', agent: 'ghost' }] } })
  const planned = planSession(asked({ chain: 'odd' }), broken, 'c0ffee')
  assert.is(planned.kind === 'problem' ? planned.problem.code : '', 'agent_not_found')
  const { summarizer: _, ...agents } = configured({}).agents
  assert.is(planSession(asked(), { ...configured({}), agents }, 'c0ffee').kind, 'problem')
})

test('a pattern of stars is matched in no time', () => {
  const pattern = `${'*a'.repeat(5_000)}*b`
  assert.not.ok(isToolOffered(agent({ tools: [pattern] }), 'a'.repeat(10_000)))
})

test.run()

// From a chain to its plan: graphs, several agents, syntheses, loops, helpers, policies and budgets, each pinned.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSession } from '../../domain/plan/plan-session.ts'
import { orderStages } from '../../domain/plan/stage-order.ts'
import { type Configuration, configuration } from '../../schemas/agent-definition.ts'
import { chainDefinition } from '../../schemas/chain-definition.ts'
import { type EventData, eventData } from '../../schemas/events.ts'
import { session } from '../support/session-samples.ts'

const configured = (chain: object, changes: { readonly agents?: object; readonly defaults?: object } = {}) =>
  configuration.parse({
    defaults: {
      provider: 'main',
      chain: 'c',
      summary_agent: 'writer',
      synthesis_agent: 'weigher',
      ...changes.defaults,
    },
    agents: {
      a: {},
      b: { model: 'own' },
      c: {},
      weigher: { controller: 'single_shot' },
      writer: {},
      ...changes.agents,
    },
    chains: { c: chain },
    mcp_servers: {},
    providers: {
      main: { base_url: 'http://127.0.0.1/v1', model: 'main-model' },
      other: { base_url: 'http://127.0.0.1/v1', model: 'other-model' },
    },
  })

type Plan = EventData<'session.plan_adopted'>

const planOf = (given: Configuration): Plan => {
  const planned = planSession(
    { sessionId: session, title: '', input: { text: '' }, origin: { kind: 'request' }, labels: {} },
    given,
    'c0ffee',
  )
  if (planned.kind === 'problem') throw new Error(`${planned.problem.code}: ${planned.problem.message}`)
  eventData['session.plan_adopted'].parse(planned.plan)
  return planned.plan
}

const planned = (...stages: readonly object[]): Plan => planOf(configured({ stages }))

/** `name: agents < what it waits for`, as the engine will read it. */
const inShort = ({ stages }: Plan): readonly string[] => {
  const names = new Map(stages.map(({ stageId, name }) => [stageId, name]))
  return stages.map(({ name, agents, dependsOn }, index) => {
    const before = stages[index - 1]?.name
    const needs = dependsOn?.map((id) => names.get(id) ?? '?') ?? (before === undefined ? [] : [before])
    return `${name}: ${agents.map(({ agent }) => agent.name).join(', ')}${needs.length === 0 ? '' : ` < ${needs.join(', ')}`}`
  })
}

test('stages that wait for others stand behind them, however they are written', () => {
  const plan = planned(
    { name: 'last', agent: 'c', depends_on: ['left', 'right'] },
    { name: 'left', agent: 'a', depends_on: ['first'] },
    { name: 'right', agent: 'b', depends_on: ['first'] },
    { name: 'first', agent: 'a', depends_on: [] },
  )
  assert.equal(inShort(plan), ['first: a', 'left: a < first', 'right: b < first', 'last: c < left, right'])
})

test('a stage that says nothing waits for the one written before it, wherever that one comes to stand', () => {
  const plan = planned(
    { name: 'one', agent: 'a' },
    { name: 'beside', agent: 'b', depends_on: [] },
    { name: 'after', agent: 'c' },
    { name: 'end', agent: 'a', depends_on: ['one', 'after'] },
  )
  assert.equal(inShort(plan), ['one: a', 'beside: b', 'after: c < beside', 'end: a < one, after'])
})

test('agents of one stage work at once, each with what is said of it alone', () => {
  const plan = planned({
    name: 'look',
    agents: ['a', { agent: 'b', provider: 'other', max_iterations: 2 }],
    max_iterations: 7,
    policy: { quorum: 2 },
    early_stop: true,
    optional: true,
    retries: 3,
    task: 'Look.',
    synthesis: false,
  })
  const [stage] = plan.stages
  assert.equal(
    stage?.agents.map(({ executionId, agent }) => [executionId, agent.name, agent.model, agent.maxIterations]),
    [
      ['exe_01TEST_01_01', 'a', 'main-model', 7],
      ['exe_01TEST_01_02', 'b', 'other-model', 2],
    ],
  )
  const { agents: _, stageId: __, ...rules } = stage ?? { agents: [], stageId: '' }
  assert.equal(rules, {
    name: 'look',
    policy: { kind: 'quorum', count: 2 },
    earlyStop: true,
    optional: true,
    retries: 3,
    task: 'Look.',
  })
})

test('replicas are numbered, and so is an agent that is listed twice', () => {
  const plan = planned(
    { name: 'one', agent: 'a', replicas: 3, synthesis: false },
    { name: 'two', agents: ['a', 'b', 'a'], synthesis: false },
  )
  assert.equal(inShort(plan), ['one: a-1, a-2, a-3', 'two: a-1, b, a-2 < one'])
})

test('a synthesis takes the place of what it weighs for everything after', () => {
  const plan = planned(
    { name: 'look', agents: ['a', 'b'] },
    { name: 'think', agent: 'c' },
    { name: 'again', agent: 'a', replicas: 2, synthesis: 'c', optional: true, depends_on: ['look'] },
    { name: 'end', agent: 'a', depends_on: ['look', 'think', 'again'] },
  )
  assert.equal(inShort(plan), [
    'look: a, b',
    'look synthesis: weigher < look',
    'think: c < look synthesis',
    'again: a-1, a-2 < look synthesis',
    'again synthesis: c < again',
    'end: a < look synthesis, think, again synthesis',
  ])
  assert.equal(
    plan.stages.map(({ synthesis = false, optional = false }) => [synthesis, optional]),
    [
      [false, false],
      [true, false],
      [false, false],
      [false, true],
      [true, true],
      [false, false],
    ],
  )
})

test('several ends are weighed into one', () => {
  const plan = planned(
    { name: 'one', agent: 'a' },
    { name: 'two', agents: ['a', 'b'], depends_on: [] },
    { name: 'three', agent: 'b', depends_on: ['one'] },
  )
  assert.is(inShort(plan).at(-1), 'synthesis: weigher < two synthesis, three')
  assert.is(plan.stages.at(-1)?.synthesis, true)
})

test('a loop goes back to the stage it names, and belongs to the synthesis where reviewers are several', () => {
  const back = { back_to: 'build', max_cycles: 3, until: 'good' }
  const one = planned({ name: 'build', agent: 'a' }, { name: 'review', agent: 'b', loop: back })
  assert.equal(one.stages[1]?.loop, { backTo: one.stages[0]?.stageId, maxCycles: 3, until: 'good' })
  const many = planned({ name: 'build', agents: ['a', 'b'] }, { name: 'review', agents: ['a', 'b'], loop: back })
  assert.equal(
    many.stages.map(({ name, loop }) => [name, loop?.backTo]),
    [
      ['build', undefined],
      ['build synthesis', undefined],
      ['review', undefined],
      ['review synthesis', many.stages[0]?.stageId],
    ],
  )
})

test('every agent that can be reached through helpers is pinned once, under what the chain says', () => {
  const agents = {
    lead: { helpers: ['scout', 'lead'], built_in_tools: ['ask_person', 'extend_plan'] },
    scout: { helpers: ['digger'], max_iterations: 4 },
    digger: { helpers: ['scout'] },
    lonely: {},
  }
  const stages = [
    { name: 'one', agent: 'lead', max_iterations: 9 },
    { name: 'two', agent: 'a', helpers: ['b'] },
  ]
  const plan = planOf(configured({ stages, provider: 'other' }, { agents, defaults: { helper_limits: { depth: 1 } } }))
  assert.equal(plan.stages[0]?.agents[0]?.agent.helpers, ['scout', 'lead'])
  assert.equal(plan.stages[0]?.agents[0]?.agent.builtInTools, ['ask_person', 'extend_plan'])
  assert.equal(plan.stages[1]?.agents[0]?.agent.helpers, ['b'])
  assert.equal(
    plan.helperAgents?.map(({ name, model, maxIterations }) => [name, model, maxIterations]),
    [
      ['scout', 'other-model', 4],
      ['digger', 'other-model', 20],
      ['lead', 'other-model', 20],
      ['b', 'other-model', 20],
    ],
  )
  assert.equal(plan.helperLimits, { depth: 1, concurrent: 5, total: 20, seconds: 420 })
  assert.is(planned({ name: 'one', agent: 'a' }).helperAgents, undefined)
})

test('models to fall back on are pinned with their provider', () => {
  const given = configured(
    { stages: [{ name: 's', agent: 'a' }], fallback: ['other', { provider: 'main', model: 'quick' }] },
    { defaults: { model_aliases: { quick: { provider: 'other', model: 'quick-1' } } } },
  )
  assert.equal(planOf(given).stages[0]?.agents[0]?.agent.fallback, [
    { provider: 'other', model: 'other-model' },
    { provider: 'other', model: 'quick-1' },
  ])
})

test('without a word on it, what only reads or may be repeated is run, and the rest waits for a person', () => {
  assert.equal(planned({ name: 'one', agent: 'a' }).toolPolicy, {
    rules: [],
    otherwise: { read_only: 'allow', idempotent: 'allow', unsafe: 'ask' },
    expiry_seconds: 3600,
  })
})

test("a chain's rules are asked before those of the defaults, and its other words go before theirs one by one", () => {
  const deny = { tool: 'delete_*', action: 'deny' }
  const allow = { server: 'lab', action: 'allow' }
  const plan = planOf(
    configured(
      {
        stages: [{ name: 'one', agent: 'a' }],
        max_stages: 7,
        tool_policy: { rules: [allow], otherwise: { unsafe: 'deny' } },
        budgets: { session: { tokens: 5 }, agent: { usd: 0.5 } },
      },
      {
        defaults: {
          tool_policy: { rules: [deny], otherwise: { idempotent: 'ask' }, expiry_seconds: 60 },
          budgets: { session: { tokens: 9, tool_calls: 3 }, on_reached: 'ask' },
        },
      },
    ),
  )
  assert.equal(plan.toolPolicy, {
    rules: [allow, deny],
    otherwise: { read_only: 'allow', idempotent: 'ask', unsafe: 'deny' },
    expiry_seconds: 60,
  })
  assert.equal(plan.budgets, { session: { tokens: 5, tool_calls: 3 }, agent: { usd: 0.5 }, on_reached: 'ask' })
  assert.is(plan.limits.maxStages, 7)
})

test('a chain that cannot be carried out is a problem, also when nobody checked it', () => {
  const problemOf = (...stages: readonly object[]): string => {
    try {
      planned(...stages)
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
    return ''
  }
  const circle = { name: 'one', agent: 'a', depends_on: ['one'] }
  assert.match(problemOf(circle), /^chain_faulty: .*wait in a circle: "one" waits for "one"/)
  assert.match(problemOf({ name: 'one', agents: ['a', 'ghost'] }), /^agent_not_found: .*"ghost"/)
  assert.match(problemOf({ name: 'one', agents: ['a', 'b'], synthesis: 'ghost' }), /^agent_not_found/)
})

test('whatever waits for whatever: what has no circle is planned whole, each stage behind those it waits for', () => {
  const names = ['p', 'q', 'r', 's', 't', 'u']
  const stage = fc.record({
    size: fc.integer({ min: 1, max: 3 }),
    needs: fc.option(fc.subarray(names), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(stage, { minLength: names.length, maxLength: names.length }), (drawn) => {
      const stages = drawn.map(({ size, needs }, index) => ({
        name: names[index],
        agent: 'a',
        replicas: size,
        ...(needs !== undefined && { depends_on: needs }),
      }))
      const { order, needs, faults } = orderStages(chainDefinition.parse({ stages }), 50)
      const placed = new Set<number>()
      for (const index of order) {
        for (const each of needs[index] ?? []) assert.ok(placed.has(each))
        placed.add(index)
      }
      // A circle is told exactly when somebody found no place.
      assert.is(
        faults.some(({ message }) => message.includes('in a circle')),
        order.length < stages.length,
      )
      if (faults.length > 0) return
      const plan = planOf(configured({ stages }))
      const known = new Set<string>()
      for (const { stageId, dependsOn = [] } of plan.stages) {
        for (const id of dependsOn) assert.ok(known.has(id))
        known.add(stageId)
      }
      assert.is(plan.stages.filter(({ synthesis }) => synthesis !== true).length, stages.length)
      const waitedFor = new Set(
        plan.stages.flatMap(({ dependsOn }, index) => dependsOn ?? plan.stages[index - 1]?.stageId ?? []),
      )
      assert.is(plan.stages.filter(({ stageId }) => !waitedFor.has(stageId)).length, 1, 'there is one end')
    }),
    { numRuns: 300 },
  )
})

test.run()

// Overrides: the last layer over a resolved configuration; they narrow tools, and never reach the policy.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { overrideFaults, unknownTools } from '../../domain/plan/apply-overrides.ts'
import { planSession } from '../../domain/plan/plan-session.ts'
import { isToolOffered } from '../../domain/plan/tool-offered.ts'
import { decideTool } from '../../domain/policy/decide-tool.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import { type EventData, eventData } from '../../schemas/events.ts'
import type { Overrides } from '../../schemas/overrides.ts'
import type { OfferedTool } from '../../schemas/tool.ts'
import { spec } from '../support/decider-spec.ts'
import { sampleAlert } from '../support/histories.ts'
import { agent, execution, planned, session, tools } from '../support/session-samples.ts'

const server = { transport: { type: 'stdio', command: 'x' } }
const settings = configuration.parse({
  defaults: {
    provider: 'main',
    chain: 'plain',
    summary_agent: 'summarizer',
    budgets: { session: { tokens: 9, usd: 8 } },
    tool_policy: { rules: [{ server: 'cluster', tool: 'delete_*', action: 'deny' }] },
  },
  agents: {
    worker: { mcp_servers: ['host'], disallowed_tools: ['host__restart'], helpers: ['helper'] },
    helper: { mcp_servers: ['host'] },
    writer: { controller: 'single_shot' },
    summarizer: { controller: 'single_shot' },
  },
  chains: {
    plain: { runbook: 'Of the chain.', stages: [{ name: 'a', agents: ['worker', 'writer'], synthesis: false }] },
    storage: { match_labels: { team: 'storage' }, stages: [{ name: 'a', agent: 'worker' }] },
  },
  mcp_servers: { host: server, cluster: { ...server, instructions: 'Mind the cluster.' } },
  providers: { main: { base_url: 'http://127.0.0.1/v1', model: 'm' } },
})

type Started = EventData<'session.started'>
const started = (overrides: Overrides | undefined, changes: Partial<Started> = {}): Started => ({
  sessionId: session,
  title: 'x',
  input: { text: '' },
  origin: { kind: 'request' },
  labels: {},
  ...changes,
  ...(overrides !== undefined && { overrides }),
})
const planOf = (overrides?: Overrides, changes: Partial<Started> = {}): EventData<'session.plan_adopted'> => {
  const result = planSession(started(overrides, changes), settings, 'c0ffee')
  if (result.kind === 'problem') throw new Error(result.problem.message)
  eventData['session.plan_adopted'].parse(result.plan)
  return result.plan
}
const problemOf = (overrides: Overrides | undefined, changes: Partial<Started> = {}): string => {
  const result = planSession(started(overrides, changes), settings, 'c0ffee')
  return result.kind === 'problem' ? `${result.problem.code}: ${result.problem.message}` : 'planned'
}
const agentsOf = ({ stages }: EventData<'session.plan_adopted'>) =>
  stages.flatMap(({ agents }) => agents.map((each) => each.agent))

test('each field goes before what the configuration says, and the plan keeps the words', () => {
  const overrides: Overrides = {
    runbook: 'My own.',
    mcpServers: ['cluster'],
    tools: ['cluster__get'],
    budget: { usd: 1 },
  }
  const plan = planOf(overrides)
  assert.equal(plan.overrides, overrides)
  assert.is(plan.runbook, 'My own.')
  assert.equal(plan.budgets?.session, { tokens: 9, usd: 1 })
  const [worker, writer] = agentsOf(plan)
  assert.equal(worker?.mcpServers, ['cluster'])
  assert.equal(worker?.instructions.servers, [{ server: 'cluster', text: 'Mind the cluster.' }])
  assert.equal(worker?.onlyTools, ['cluster__get'])
  assert.equal(writer?.mcpServers, [], 'an agent without tools gets none')
  assert.equal(plan.helperAgents?.[0]?.mcpServers, ['cluster'], 'helpers are held to it, too')
})

test('without overrides a plan is as it was', () => {
  const plan = planOf()
  assert.is(plan.overrides, undefined)
  assert.is(plan.runbook, 'Of the chain.')
  assert.equal(planOf({ slackFingerprint: 'f' }), { ...plan, overrides: { slackFingerprint: 'f' } })
})

test('the chain of the overrides goes before the one asked for; their labels choose as any do', () => {
  assert.is(planOf({ chain: 'storage' }, { chain: 'plain' }).chain.name, 'storage')
  spec(sessionDecider)
    .given()
    .when({ type: 'StartSession', data: started({ labels: { team: 'storage' } }, { labels: { a: 'b' } }) })
    .thenEvents({
      type: 'session.started',
      data: started({ labels: { team: 'storage' } }, { labels: { a: 'b', team: 'storage' } }),
    })
  assert.is(planOf({ labels: { team: 'storage' } }, { labels: { team: 'storage' } }).chain.name, 'storage')
})

test('a session with overrides that is asked for again is known', () => {
  const data = started({ labels: { team: 'storage' } })
  const { given } = spec(sessionDecider)
  given(...given().when({ type: 'StartSession', data }).events())
    .when({ type: 'StartSession', data })
    .thenNothing()
})

test('a name that leads nowhere ends the planning with the nearest one', () => {
  assert.match(problemOf({ mcpServers: ['clutser'] }), /^overrides_invalid: .*"clutser"; did you mean "cluster"\?/)
  assert.match(problemOf({ tools: ['hots__disk'] }), /^overrides_invalid: .*"hots"; did you mean "host"\?/)
  assert.match(problemOf({ chain: 'plian' }), /^overrides_invalid: .*"plian"; did you mean "plain"\?/)
  assert.equal(overrideFaults({ mcpServers: ['qqqqqq'] }, settings), [
    'overrides.mcpServers.0: there is no MCP server "qqqqqq"; there are host, cluster',
  ])
  assert.equal(overrideFaults({ tools: ['*', 'host__*', 'casebook__send_message'] }, settings), [])
})

test('an alert whose overrides could not be read does not run without them', () => {
  const alert = sampleAlert({ overrideFault: 'budget.usd: must be a number' })
  assert.match(problemOf(undefined, { alert }), /^overrides_invalid: .*budget\.usd: must be a number/)
})

test('a tool named in full that its server does not have is told, with the nearest', () => {
  const narrowed = { ...agent(), onlyTools: ['host__dsik', 'host__log_*', 'other__x', 'host__disk'] }
  assert.equal(unknownTools(narrowed, tools, []), ['there is no tool "host__dsik"; did you mean "host__disk"?'])
  assert.equal(unknownTools(narrowed, [], [{ server: 'host' }]), [], 'a server that is away may have it')
})

test('a session that asks for a tool nobody has ends before its agent says a word', () => {
  const events = spec(sessionDecider)
    .given(...planned())
    .when({
      type: 'OfferTools',
      data: {
        sessionId: session,
        executionId: execution(1),
        tools,
        unavailable: [],
        unknown: ['there is no tool "x"'],
      },
    })
    .events()
  const end = events.at(-1)
  assert.is(end?.type === 'session.ended' && end.data.cause.code, 'override_tool_unknown')
  assert.not(events.some(({ type }) => type === 'session.tools_offered'))
})

const deniedTool: OfferedTool = {
  name: 'cluster__delete_namespace',
  server: 'cluster',
  tool: 'delete_namespace',
  description: '',
  inputSchema: {},
  effect: 'read_only',
}
const name = fc.constantFrom(
  'host__disk',
  'host__restart',
  'host__log_tail',
  'cluster__get',
  'cluster__delete_namespace',
)
const pattern = fc.oneof(name, fc.constantFrom('*', 'host__*', 'cluster__*', 'cluster__delete_*'))

test('whatever is overridden, no agent is offered a tool that it would not have of the same servers without, and what is denied stays denied', () => {
  fc.assert(
    fc.property(
      fc.record({
        mcpServers: fc.option(fc.subarray(['host', 'cluster']), { nil: undefined }),
        tools: fc.option(fc.array(pattern, { maxLength: 4 }), { nil: undefined }),
      }),
      name,
      (given, tool) => {
        const overrides: Overrides = JSON.parse(JSON.stringify(given))
        const [plan, plain] = [planOf(overrides), planOf()]
        for (const [index, each] of agentsOf(plan).entries()) {
          const before = agentsOf(plain)[index]
          if (before !== undefined && isToolOffered(each, tool)) assert.ok(isToolOffered(before, tool))
        }
        assert.equal(plan.toolPolicy, plain.toolPolicy)
        if (plan.toolPolicy !== undefined) assert.is(decideTool(plan.toolPolicy, deniedTool, {}).verdict, 'deny')
      },
    ),
  )
})

test.run()

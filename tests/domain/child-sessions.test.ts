// Sessions that agents start: within bounds, under the policy, awaited or not, each report told once.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readConclusion } from '../../domain/conclusion/read-conclusion.ts'
import { planSession } from '../../domain/plan/plan-session.ts'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { inputIdOf } from '../../domain/session/session-ids.ts'
import { configuration, type PinnedAgent } from '../../schemas/agent-definition.ts'
import { childLimits } from '../../schemas/built-in-tools.ts'
import type { CommandData, SessionCommand } from '../../schemas/commands.ts'
import { type EventData, eventData, type SessionEvent } from '../../schemas/events.ts'
import { alertId, sessionId } from '../../schemas/ids.ts'
import { type ToolRule, toolPolicy } from '../../schemas/tool-policy.ts'
import { spec } from '../support/decider-spec.ts'
import { agent, call, execution, plan, planned, reply, session, started } from '../support/session-samples.ts'

const { given } = spec(sessionDecider)
const coordinator = agent({ childAgents: ['scout'] })
const child = (number: number) => sessionId.parse(`${session}_c${String(number).padStart(3, '0')}`)

const offers = (pinned: PinnedAgent): SessionEvent => {
  const { state } = given(...planned(pinned))
  const own = state.status === 'absent' ? undefined : state.executions[execution(1)]
  if (own === undefined) throw new Error('no execution')
  return {
    type: 'session.tools_offered',
    data: { executionId: own.id, tools: [...builtInToolsOf(own)], unavailable: [] },
  }
}

interface Given {
  readonly limits?: object
  readonly rules?: readonly ToolRule[]
  readonly origin?: EventData<'session.started'>['origin']
}

/** A session whose agent may start others, in its first turn. */
const history = ({ limits = {}, rules, origin }: Given = {}): readonly SessionEvent[] => [
  ...planned(coordinator).map((event): SessionEvent => {
    if (event.type === 'session.started' && origin !== undefined) return { ...event, data: { ...event.data, origin } }
    if (event.type !== 'session.plan_adopted') return event
    const policy = rules === undefined ? {} : { toolPolicy: toolPolicy.parse({ rules }) }
    return { ...event, data: { ...event.data, childLimits: childLimits.parse(limits), ...policy } }
  }),
  offers(coordinator),
]

const asks = (changes: object = {}): CommandData<'RecordModelReply'>['toolCalls'][number] => ({
  proposed: { name: 'casebook__start_session', arguments: '{}' },
  parsed: {
    kind: 'valid',
    arguments: { agent: 'scout', title: 'Look', task: 'Look at db-3.', why: 'it is slow', ...changes },
  },
})

const ends = (number: number): SessionCommand => ({
  type: 'RecordChildEnd',
  data: { sessionId: session, childId: child(number), status: 'completed', report: { text: 'A disk.' } },
})

/** After the reply; `later` goes on from there. */
const after = (events: readonly SessionEvent[], ...calls: readonly ReturnType<typeof asks>[]) => {
  const first = given(...events)
    .when(reply(1, '', [...calls]))
    .events()
  return { first, later: given(...events, ...first) }
}
const dataOf = <T extends SessionEvent['type']>(events: readonly SessionEvent[], type: T) =>
  events.flatMap((event) => (event.type === type ? [event.data] : []))

test('the tool is offered only to an agent that has agents to start sessions with', () => {
  const [own] = dataOf([offers(coordinator)], 'session.tools_offered')
  assert.ok('tools' in (own ?? {}) && JSON.stringify(own).includes('casebook__start_session'))
  assert.not.match(JSON.stringify(offers(agent())), /start_session/)
})

test('an awaited session is started with the call, and its report is the result', () => {
  const { first, later } = after(history(), asks())
  assert.equal(first.at(-1), {
    type: 'session.child_started',
    data: {
      childId: child(1),
      relation: 'sub_task',
      why: 'it is slow',
      title: 'Look',
      agent: 'scout',
      input: { text: 'Look at db-3.' },
      depth: 1,
      awaited: true,
      executionId: execution(1),
      toolCallId: call(1, 1),
    },
  })
  const settled = later.when(ends(1)).events()
  assert.equal(
    settled.map(({ type }) => type),
    ['session.child_ended', 'session.tool_call_recorded', 'session.turn_requested'],
  )
  const [result] = dataOf(settled, 'session.tool_call_recorded')
  assert.match(JSON.stringify(result), /completed:\\nA disk\./)
})

test('the call numbers of a child never pass for those of this session', () => {
  const end: SessionCommand = {
    type: 'RecordChildEnd',
    data: {
      sessionId: session,
      childId: child(1),
      status: 'completed',
      report: { text: '- A disk [call 1], [calls 2 and 3]' },
    },
  }
  const [result] = dataOf(after(history(), asks()).later.when(end).events(), 'session.tool_call_recorded')
  const report = `- A disk [call ${child(1)} 1], [calls ${child(1)} 2 and 3]`
  assert.match(JSON.stringify(result), JSON.stringify(`completed:\n${report}`).slice(1, -1))
  assert.equal(
    readConclusion(report, () => undefined),
    {},
  )
})

test('a report is told once, however often it comes', () => {
  const { first, later } = after(history(), asks())
  given(...history(), ...first, ...later.when(ends(1)).events())
    .when(ends(1))
    .thenNothing()
})

test('a session that is not awaited holds nobody up, and its report comes as a message', () => {
  const { first, later } = after(history(), asks({ await: false }))
  assert.equal(
    first.slice(-3).map(({ type }) => type),
    ['session.child_started', 'session.tool_call_recorded', 'session.turn_requested'],
  )
  const told = later.when(ends(1)).events()
  assert.equal(
    told.map(({ type }) => type),
    ['session.child_ended', 'session.message_sent'],
  )
  assert.match(JSON.stringify(told.at(-1)), /A disk\./)
})

test('bounds hold in number and depth, and an agent that is not listed is refused', () => {
  const refusals = (options: Given, ...calls: readonly ReturnType<typeof asks>[]) =>
    dataOf(after(history(options), ...calls).first, 'session.tool_call_refused').map((data) => JSON.stringify(data))
  assert.match(refusals({ limits: { total: 1 } }, asks(), asks())[0] ?? '', /has started its 1 sessions/)
  assert.is(refusals({ limits: { total: 2 } }, asks(), asks()).length, 0)
  const deep = {
    kind: 'child',
    parentSessionId: sessionId.parse('ses_ABOVE'),
    relation: 'sub_task',
    why: '',
    depth: 2,
  } as const
  assert.match(refusals({ origin: deep }, asks())[0] ?? '', /not go deeper than 2/)
  assert.match(refusals({}, asks({ agent: 'admin' }))[0] ?? '', /may be started with .*admin.*Agents: scout/)
})

const rule = (action: ToolRule['action']): ToolRule => ({ server: 'casebook', tool: 'start_session', action })

test('the tool policy denies it as it denies any tool', () => {
  const { first } = after(history({ rules: [rule('deny')] }), asks())
  assert.is(dataOf(first, 'session.child_started').length, 0)
  assert.match(JSON.stringify(dataOf(first, 'session.tool_call_refused')), /denied_by_policy/)
})

test('held for approval, it is started when a person approves', () => {
  const { first, later } = after(history({ rules: [rule('ask')] }), asks())
  assert.is(dataOf(first, 'session.child_started').length, 0)
  const approved = later
    .when({
      type: 'AnswerInput',
      data: { sessionId: session, inputId: inputIdOf(session, 1), answer: { kind: 'approve', scope: 'once' } },
    })
    .events()
  assert.equal(
    approved.map(({ type }) => type),
    ['session.input_answered', 'session.tool_call_requested', 'session.child_started'],
  )
})

test('a session that a person started is recorded once, also when this one has ended', () => {
  const data = {
    sessionId: session,
    childId: sessionId.parse('ses_OTHER'),
    relation: 'follow_up',
    why: 'w',
    title: 't',
  } as const
  const ended: SessionEvent = {
    type: 'session.ended',
    data: { status: 'completed', cause: { code: 'completed', message: '', nextStep: '' } },
  }
  const { sessionId: _, ...child } = data
  const recorded: SessionEvent = { type: 'session.child_started', data: { ...child, depth: 1, awaited: false } }
  given(started, ended).when({ type: 'RecordChild', data }).thenEvents(recorded)
  given(started, ended, recorded).when({ type: 'RecordChild', data }).thenNothing()
})

test('a session of one agent has a plan of one stage', () => {
  const settings = configuration.parse({
    defaults: { provider: 'main', chain: 'plain', summary_agent: 'scout' },
    agents: { scout: {} },
    chains: {
      plain: {
        stages: [
          { name: 'a', agent: 'scout' },
          { name: 'b', agent: 'scout' },
        ],
      },
    },
    mcp_servers: {},
    providers: { main: { base_url: 'http://127.0.0.1/v1', model: 'm' } },
  })
  const asked: EventData<'session.started'> = {
    sessionId: session,
    title: 'x',
    input: { text: '' },
    origin: {
      kind: 'child',
      parentSessionId: session,
      relation: 'sub_task',
      why: '',
      alertId: alertId.parse('alr_TEST'),
    },
    agent: 'scout',
    labels: {},
  }
  eventData['session.started'].parse(asked)
  const result = planSession(asked, settings, 'c0ffee')
  assert.equal(result.kind === 'plan' && result.plan.stages.map(({ name }) => name), ['scout'])
  const missing = planSession({ ...asked, agent: 'nobody' }, settings, 'c0ffee')
  assert.is(missing.kind === 'problem' && missing.problem.code, 'agent_not_found')
})

test('plans from before there were children still fold', () => {
  const { state } = given(started, { type: 'session.plan_adopted', data: plan() })
  assert.equal(state.status !== 'absent' && state.children, {})
})

test.run()

// Whatever happens in whatever order: no decision and no fold throws, and an accepted command repeated decides to nothing.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { SessionCommand } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { metadata } from '../support/decider-spec.ts'
import {
  agent,
  begin,
  begun,
  execution,
  offered,
  plan,
  planned,
  record,
  recorded,
  replied,
  reply,
  requested,
  session,
  started,
  tools,
  turnRequested,
  valid,
} from '../support/session-samples.ts'

const by = { provider: 'p', model: 'm', simulated: false }
const usage = { inputTokens: 1, outputTokens: 1 }
const turn = fc.integer({ min: 1, max: 4 })
const index = fc.integer({ min: 1, max: 2 })
const attempt = fc.integer({ min: 1, max: 3 })
const outcome = fc.constantFrom('succeeded', 'tool_error', 'failed', 'outcome_unknown')
const failureClass = fc.constantFrom('transient', 'rate_limited', 'timeout', 'auth', 'invalid_request', 'other')
const toolName = fc.constantFrom('host__disk', 'host__restart', 'host__set', 'host__nothing')
const text = fc.constantFrom('', 'words')

const command: fc.Arbitrary<SessionCommand> = fc.oneof(
  fc.constant<SessionCommand>({
    type: 'StartSession',
    data: started.type === 'session.started' ? started.data : (undefined as never),
  }),
  fc.constant<SessionCommand>({
    type: 'AdoptPlan',
    data: { sessionId: session, plan: plan(agent(), agent({ controller: 'single_shot' })) },
  }),
  fc.constant<SessionCommand>({
    type: 'RejectPlan',
    data: { sessionId: session, code: 'c', message: 'm', nextStep: 'n' },
  }),
  fc.constant<SessionCommand>({ type: 'CancelSession', data: { sessionId: session, reason: '' } }),
  fc.integer({ min: 1, max: 2 }).map(
    (n): SessionCommand => ({
      type: 'OfferTools',
      data: { sessionId: session, executionId: execution(n), tools: [...tools], unavailable: [] },
    }),
  ),
  fc
    .tuple(turn, text, fc.array(toolName, { maxLength: 2 }), fc.integer({ min: 1, max: 2 }))
    .map(([n, words, names, which]) => reply(n, words, names.map(valid), which)),
  fc.tuple(turn, attempt, failureClass).map(
    ([n, a, each]): SessionCommand => ({
      type: 'RecordModelFailure',
      data: { sessionId: session, executionId: execution(1), turn: n, attempt: a, class: each, message: 'm' },
    }),
  ),
  fc.tuple(turn, index, attempt).map(([n, i, a]) => begin(n, i, a)),
  fc.tuple(turn, index, outcome).map(([n, i, each]) => record(n, i, each)),
  fc.constant<SessionCommand>({
    type: 'RecordSummary',
    data: { sessionId: session, text: 's', usage, by, durationMs: 1 },
  }),
  fc.tuple(attempt, failureClass).map(
    ([a, each]): SessionCommand => ({
      type: 'RecordSummaryFailure',
      data: { sessionId: session, attempt: a, class: each, message: 'm' },
    }),
  ),
)

const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom(...planned(), offered),
  fc.tuple(turn, text).map(([n, words]) => replied(n, words)),
  turn.map((n) => turnRequested(n)),
  fc.tuple(turn, index).map(([n, i]) => requested(n, i, 'disk', 'read_only')),
  fc.tuple(turn, index, attempt).map(([n, i, a]) => begun(n, i, a)),
  fc.tuple(turn, index, outcome).map(([n, i, each]) => recorded(n, i, each)),
)

const fold = (events: readonly SessionEvent[]) => events.reduce(sessionDecider.evolve, sessionDecider.initial)

test('no history, however mixed up, makes a fold or a decision throw', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), command, (history, each) => {
      sessionDecider.decide(each, fold(history), metadata)
    }),
    { numRuns: 500 },
  )
})

test('an accepted command, repeated, decides to nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      let state = sessionDecider.initial
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadata)
        if (decision.kind === 'reject') continue
        state = decision.events.reduce(sessionDecider.evolve, state)
        assert.equal(sessionDecider.decide(each, state, metadata), { kind: 'accept', events: [] }, each.type)
      }
    }),
    { numRuns: 500 },
  )
})

test('a session ends once, and nothing but late results follows its end', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      let state = sessionDecider.initial
      const history: SessionEvent[] = []
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadata)
        if (decision.kind === 'reject') continue
        history.push(...decision.events)
        state = decision.events.reduce(sessionDecider.evolve, state)
      }
      const end = history.findIndex(({ type }) => type === 'session.ended')
      if (end === -1) return
      for (const after of history.slice(end + 1)) {
        assert.ok(after.type === 'session.tool_call_recorded' && after.data.late === true, after.type)
      }
    }),
    { numRuns: 500 },
  )
})

test('an unsafe call is begun at most once in any history of decisions', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), (commands) => {
      let state = fold([...planned(), offered])
      const begins = new Map<string, number>()
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadata)
        if (decision.kind === 'reject') continue
        for (const accepted of decision.events) {
          if (accepted.type !== 'session.tool_call_begun' || state.status === 'absent') continue
          const id = accepted.data.toolCallId
          if (state.toolCalls[id]?.request?.effect === 'unsafe') begins.set(id, (begins.get(id) ?? 0) + 1)
        }
        state = decision.events.reduce(sessionDecider.evolve, state)
      }
      assert.ok([...begins.values()].every((count) => count === 1))
    }),
    { numRuns: 500 },
  )
})

test.run()

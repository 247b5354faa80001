// Whatever happens in whatever order: no decision and no fold throws, and an accepted command repeated decides to nothing.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { valueAt } from '../../domain/persistent-map.ts'
import { replaySession } from '../../domain/replay/replay-session.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { answerIdOf, isAnswerId, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { Execution } from '../../domain/session/session-state.ts'
import type { CommandMetadata, SessionCommand } from '../../schemas/commands.ts'
import type { Commit } from '../../schemas/commit.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { commandId, logSequence, streamVersion } from '../../schemas/ids.ts'
import { metadata } from '../support/decider-spec.ts'
import { replyTo } from '../support/plan-samples.ts'
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
const question = fc.constantFrom('Why?', 'Since when?', 'And now?')
const answerer = fc.constantFrom(1, 2, 3).map((number) => answerIdOf(session, number))

/** Each question is a command of its own. */
const metadataOf = (each: SessionCommand): CommandMetadata =>
  each.type === 'AskSession' ? { ...metadata, commandId: commandId.parse(`ask:${each.data.text.length}`) } : metadata

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
  question.map((words): SessionCommand => ({ type: 'AskSession', data: { sessionId: session, text: words } })),
  answerer.map(
    (id): SessionCommand => ({
      type: 'OfferTools',
      data: { sessionId: session, executionId: id, tools: [...tools], unavailable: [] },
    }),
  ),
  fc
    .tuple(answerer, turn, text, fc.array(toolName, { maxLength: 2 }))
    .map(([id, n, words, names]) => replyTo(id, n, words, names.map(valid))),
  fc.tuple(answerer, turn, index).map(
    ([id, n, i]): SessionCommand => ({
      type: 'BeginToolCall',
      data: { sessionId: session, toolCallId: toolCallIdOf(id, n, i), attempt: 1, worker: 'w1' },
    }),
  ),
  fc.tuple(answerer, turn, index, outcome).map(
    ([id, n, i, each]): SessionCommand => ({
      type: 'RecordToolCall',
      data: {
        sessionId: session,
        toolCallId: toolCallIdOf(id, n, i),
        outcome: each,
        content: { text: 'r' },
        durationMs: 1,
      },
    }),
  ),
  fc.tuple(answerer, turn, attempt, failureClass).map(
    ([id, n, a, each]): SessionCommand => ({
      type: 'RecordModelFailure',
      data: { sessionId: session, executionId: id, turn: n, attempt: a, class: each, message: 'm' },
    }),
  ),
  answerer.map(
    (id): SessionCommand => ({
      type: 'CancelExecution',
      data: { sessionId: session, executionId: id, reason: '' },
    }),
  ),
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

const opening: readonly SessionCommand[] = [
  { type: 'StartSession', data: started.type === 'session.started' ? started.data : (undefined as never) },
  { type: 'AdoptPlan', data: { sessionId: session, plan: plan(agent(), agent({ controller: 'single_shot' })) } },
]

/** As the log gives it back: through JSON. */
const commitOf = (before: Commit | undefined, made: CommandMetadata, events: readonly SessionEvent[]): Commit => {
  const version = before?.version ?? 0
  return {
    stream: { org: made.org, category: 'session', id: session },
    at: made.at,
    actor: made.actor,
    correlationId: made.correlationId,
    causationId: made.causationId,
    commandId: made.commandId,
    bodyHash: '',
    hash: '',
    sequence: logSequence.parse((before?.sequence ?? 0) + 3),
    version: streamVersion.parse(version + events.length),
    events: events.map(({ type, data }, index) => ({
      ...JSON.parse(JSON.stringify({ type, data })),
      id: `${made.commandId}.${index}`,
      version: streamVersion.parse(version + index + 1),
    })),
  }
}

const cause = { code: 'x', message: 'm', nextStep: 'n' }
const answersNow = ({ status, question }: Execution): boolean => status === 'running' && question !== null
const waitsToAnswer = ({ status, question }: Execution): boolean => status === 'planned' && question !== null
const fold = (events: readonly SessionEvent[]) => events.reduce(sessionDecider.evolve, sessionDecider.initial)

test('no history, however mixed up, makes a fold or a decision throw', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), command, (history, each) => {
      sessionDecider.decide(each, fold(history), metadataOf(each))
    }),
    { numRuns: 500 },
  )
})

test('an accepted command, repeated, decides to nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      let state = sessionDecider.initial
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadataOf(each))
        if (decision.kind === 'reject') continue
        state = decision.events.reduce(sessionDecider.evolve, state)
        assert.equal(sessionDecider.decide(each, state, metadataOf(each)), { kind: 'accept', events: [] }, each.type)
      }
    }),
    { numRuns: 500 },
  )
})

/** A result that came late, or a part of the chat. */
const mayFollowTheEnd = ({ type, data }: SessionEvent): boolean =>
  type === 'session.question_asked' ||
  (type === 'session.tool_call_recorded' && data.late === true) ||
  ('executionId' in data && data.executionId !== undefined && isAnswerId(data.executionId))

test('a session ends once, and nothing but late results and the chat follows its end', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      let state = sessionDecider.initial
      const history: SessionEvent[] = []
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadataOf(each))
        if (decision.kind === 'reject') continue
        history.push(...decision.events)
        state = decision.events.reduce(sessionDecider.evolve, state)
      }
      const end = history.findIndex(({ type }) => type === 'session.ended')
      if (end === -1) return
      for (const after of history.slice(end + 1)) assert.ok(mayFollowTheEnd(after), after.type)
    }),
    { numRuns: 500 },
  )
})

test('questions are taken up one at a time in the order they were asked, and each answer ends once', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), (commands) => {
      let state = fold([...planned(), offered, { type: 'session.ended', data: { status: 'failed', cause } }])
      const taken: string[] = []
      const ended: string[] = []
      for (const each of commands) {
        const decision = sessionDecider.decide(each, state, metadataOf(each))
        if (decision.kind === 'reject') continue
        for (const accepted of decision.events) {
          state = sessionDecider.evolve(state, accepted)
          if (accepted.type === 'session.execution_started') taken.push(accepted.data.executionId)
          if (accepted.type === 'session.execution_ended') ended.push(accepted.data.executionId)
        }
        const open = state.status === 'absent' ? [] : Object.values(state.executions).filter(answersNow)
        assert.ok(open.length <= 1)
        // Nobody waits while nobody is at work.
        const waits = state.status === 'absent' ? [] : Object.values(state.executions).filter(waitsToAnswer)
        assert.ok(waits.length === 0 || open.length === 1)
      }
      assert.equal(taken, [...taken].sort())
      assert.is(new Set(ended).size, ended.length)
    }),
    { numRuns: 500 },
  )
})

test('any session, decided again on what was recorded, gives the same events; one that was changed diverges there', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), fc.nat(), (commands, which) => {
      let state = sessionDecider.initial
      const commits: Commit[] = []
      for (const each of [...opening, ...commands]) {
        const decision = sessionDecider.decide(each, state, metadataOf(each))
        if (decision.kind === 'reject' || decision.events.length === 0) continue
        state = decision.events.reduce(sessionDecider.evolve, state)
        commits.push(commitOf(commits.at(-1), metadataOf(each), decision.events))
      }
      assert.is(replaySession(commits).kind, 'same', JSON.stringify(replaySession(commits)))

      const at = which % commits.length
      const changed = commits.map((commit, index) =>
        index === at ? { ...commit, events: commit.events.slice(0, -1) } : commit,
      )
      if (commits[at]?.events.length === 1) return
      const report = replaySession(changed)
      assert.is(report.kind, 'diverged')
      assert.is(report.kind === 'diverged' && report.sequence, commits[at]?.sequence)
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
        const decision = sessionDecider.decide(each, state, metadataOf(each))
        if (decision.kind === 'reject') continue
        for (const accepted of decision.events) {
          if (accepted.type !== 'session.tool_call_begun' || state.status === 'absent') continue
          const id = accepted.data.toolCallId
          if (valueAt(state.toolCalls, id)?.request?.effect === 'unsafe') begins.set(id, (begins.get(id) ?? 0) + 1)
        }
        state = decision.events.reduce(sessionDecider.evolve, state)
      }
      assert.ok([...begins.values()].every((count) => count === 1))
    }),
    { numRuns: 500 },
  )
})

test.run()

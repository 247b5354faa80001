// What a case wants of a session, and what is recorded of it once it has ended.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkRun, type ObservedRun } from '../../domain/evaluation/check-run.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { SessionCommand } from '../../schemas/commands.ts'
import type { EvaluationCheck } from '../../schemas/evaluation.ts'
import { evaluationCase } from '../../schemas/evaluation-case.ts'
import { metadata } from '../support/decider-spec.ts'
import { stageOf, underPlan } from '../support/plan-samples.ts'
import { session } from '../support/session-samples.ts'

const caseOf = (changes: object) => evaluationCase.parse({ id: 'oom', user_prompt: 'Look.', ...changes })
const run: ObservedRun = {
  status: 'completed',
  finalAnalysis: 'Checkout was OOMKilled: its limit is 128Mi.',
  outcome: 'conclusive',
  calls: ['kubernetes/pods_get'],
  costMicros: 20_000,
  unpricedReplies: 0,
  tokens: 900,
}
const failing = (wanted: object, observed: Partial<ObservedRun> = {}) =>
  checkRun(caseOf(wanted), { ...run, ...observed })
    .filter(({ passed }) => !passed)
    .map(({ kind, found }) => [kind, found])

test('texts are found in any letter case, and between slashes by a regular expression', () => {
  assert.equal(failing({ expected: ['checkout WAS oomkilled', '/limit is \\d+Mi/'] }), [])
  assert.equal(failing({ expected: ['node failure', '/LIMIT/'] }), [
    ['expected', 'not said'],
    ['expected', 'not said'],
  ])
  assert.equal(failing({ expected: ['x'] }, { finalAnalysis: null }), [['expected', 'no final analysis']])
  assert.equal(failing({ must_not: ['node failure', 'oomkilled'] }), [['must_not', 'said']])
})

test('the status, the outcome and the tools called are checked', () => {
  assert.equal(failing({ outcome: 'conclusive', calls: ['kubernetes/pods_get'], must_not_call: ['host/restart'] }), [])
  assert.equal(
    failing(
      { outcome: 'conclusive', calls: ['host/disk'], must_not_call: ['kubernetes/pods_get'] },
      { status: 'failed', outcome: 'inconclusive' },
    ),
    [
      ['status', 'failed'],
      ['outcome', 'inconclusive'],
      ['calls', 'not called'],
      ['must_not_call', 'called'],
    ],
  )
})

test('a limit holds, and what has no known price is within none', () => {
  assert.equal(failing({ max_cost_usd: 0.02, max_tokens: 900 }), [])
  assert.equal(failing({ max_cost_usd: 0.019, max_tokens: 899 }), [
    ['cost', '$0.0200'],
    ['tokens', '900'],
  ])
  assert.equal(failing({ max_cost_usd: 5 }, { unpricedReplies: 2 }), [
    ['cost', '$0.0200 and 2 replies without a known price'],
  ])
})

const checks = (...passed: readonly boolean[]): readonly EvaluationCheck[] =>
  passed.map((each) => ({ kind: 'expected', wanted: 'oom', passed: each, found: '' }))
const report = { case: 'oom', run: 1, tools: 'live', tags: ['easy'] } as const
const evaluate = (...passed: readonly boolean[]): SessionCommand => ({
  type: 'RecordEvaluation',
  data: { sessionId: session, ...report, tags: [...report.tags], checks: [...checks(...passed)] },
})
const cancelled = () =>
  underPlan([stageOf(1)]).send({ type: 'CancelSession', data: { sessionId: session, reason: '' } })

test('a session that has ended passes when every check does', () => {
  const ended = cancelled()
  const used = { costMicros: 0, tokens: 0 }
  for (const [given, passed] of [
    [[true, true], true],
    [[true, false], false],
  ] as const) {
    assert.equal(ended.send(evaluate(...given)).news, [
      { type: 'session.evaluated', data: { ...report, checks: checks(...given), passed, ...used } },
    ])
  }
})

test('a session under way is not evaluated', () => {
  const decision = sessionDecider.decide(evaluate(true), underPlan([stageOf(1)]).state, metadata)
  assert.is(decision.kind === 'reject' && decision.rejection.code, 'session_not_ended')
})

test.run()

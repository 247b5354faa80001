// How a plan is carried out: graphs, parallel agents and their policies, retries, loops and hop budgets.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { executionId, inShort, stageId, stageOf, underPlan } from '../support/plan-samples.ts'

test('stages without a word on it follow one another', () => {
  const course = underPlan([stageOf(1), stageOf(2)])
  assert.equal(inShort(course.news), [
    'plan_adopted',
    'stage_started 01',
    'execution_started 01_01',
    'turn_requested 01_01',
  ])
  const second = course.conclude(executionId(1))
  assert.equal(inShort(second.news), [
    'model_replied 01_01',
    'execution_ended 01_01 completed',
    'stage_ended 01 completed',
    'stage_started 02',
    'execution_started 02_01',
    'turn_requested 02_01',
  ])
  assert.equal(inShort(second.conclude(executionId(2)).news), [
    'model_replied 02_01',
    'execution_ended 02_01 completed',
    'stage_ended 02 completed',
    'final_analysis_recorded 02_01',
    'summary_requested',
  ])
})

test('stages that wait for the same one start together, and one that waits for both starts after both', () => {
  const stages = [
    stageOf(1),
    stageOf(2, { dependsOn: [stageId(1)] }),
    stageOf(3, { dependsOn: [stageId(1)] }),
    stageOf(4, { dependsOn: [stageId(2), stageId(3)] }),
  ]
  const forked = underPlan(stages).conclude(executionId(1))
  assert.equal(
    inShort(forked.news).filter((line) => line.startsWith('stage_started')),
    ['stage_started 02', 'stage_started 03'],
  )
  const half = forked.conclude(executionId(3))
  assert.not(inShort(half.news).includes('stage_started 04'))
  assert.ok(inShort(half.conclude(executionId(2)).news).includes('stage_started 04'))
})

test('a stage of several agents waits for all of them and is completed by any', () => {
  const course = underPlan([stageOf(1, { size: 3 })])
  const two = course.conclude(executionId(1, 1)).fail(executionId(1, 2))
  assert.not(inShort(two.news).includes('stage_ended 01 completed'))
  assert.ok(inShort(two.conclude(executionId(1, 3)).news).includes('stage_ended 01 completed'))
})

test('"all" fails with the first failure when the stage may stop early, and the others are cancelled', () => {
  const course = underPlan([stageOf(1, { size: 3, policy: { kind: 'all' }, earlyStop: true })])
  assert.equal(inShort(course.fail(executionId(1, 2)).news), [
    'model_failed 01_02',
    'execution_ended 01_02 failed',
    'execution_ended 01_01 cancelled',
    'execution_ended 01_03 cancelled',
    'stage_ended 01 failed',
    'ended failed',
  ])
})

test('a quorum is reached by as many as it names', () => {
  const course = underPlan([stageOf(1, { size: 3, policy: { kind: 'quorum', count: 2 }, earlyStop: true })])
  const reached = course.conclude(executionId(1, 1)).conclude(executionId(1, 3))
  assert.equal(inShort(reached.news).slice(0, 4), [
    'model_replied 01_03',
    'execution_ended 01_03 completed',
    'execution_ended 01_02 cancelled',
    'stage_ended 01 completed',
  ])
})

test('a quorum that can no longer be reached fails the stage only when all have ended, unless it may stop early', () => {
  const patient = underPlan([stageOf(1, { size: 3, policy: { kind: 'quorum', count: 2 } })])
  const doomed = patient.fail(executionId(1, 1)).fail(executionId(1, 2))
  assert.not(inShort(doomed.news).includes('stage_ended 01 failed'))
  assert.ok(inShort(doomed.conclude(executionId(1, 3)).news).includes('stage_ended 01 failed'))
})

test('a failed stage is run again, whole, as often as it may be; what waits for it waits for the new run', () => {
  const course = underPlan([stageOf(1, { retries: 1 }), stageOf(2)]).fail(executionId(1))
  assert.equal(inShort(course.news), [
    'model_failed 01_01',
    'execution_ended 01_01 failed',
    'stage_ended 01 failed',
    'plan_extended',
    'stage_started 03',
    'execution_started 03_01',
    'turn_requested 03_01',
  ])
  assert.ok(inShort(course.conclude(executionId(3)).news).includes('stage_started 02'))
  assert.is(inShort(course.fail(executionId(3)).news).at(-1), 'ended failed')
})

test('a failed stage takes what runs beside it and the session with it', () => {
  const stages = [stageOf(1), stageOf(2, { dependsOn: [] })]
  assert.equal(inShort(underPlan(stages).fail(executionId(1)).news), [
    'model_failed 01_01',
    'execution_ended 01_01 failed',
    'stage_ended 01 failed',
    'execution_ended 02_01 cancelled',
    'stage_ended 02 cancelled',
    'ended failed',
  ])
})

test('the failure of an optional stage is gone on from', () => {
  const course = underPlan([stageOf(1, { optional: true }), stageOf(2)]).fail(executionId(1))
  assert.ok(inShort(course.news).includes('stage_started 02'))
  assert.is(inShort(course.conclude(executionId(2)).news).at(-1), 'summary_requested')
})

const pipeline = (maxCycles = 2) => [
  stageOf(1),
  stageOf(2),
  stageOf(3, { loop: { backTo: stageId(2), maxCycles, until: 'approved' } }),
  stageOf(4),
]

test('a review that is satisfied lets the work go on', () => {
  const course = underPlan(pipeline())
    .conclude(executionId(1))
    .conclude(executionId(2))
    .conclude(executionId(3), 'All good.\n\n**Verdict:** Approved')
  assert.ok(inShort(course.news).includes('stage_started 04'))
})

test('a review that is not satisfied sends the work back, and the next stage waits for the new review', () => {
  const course = underPlan(pipeline())
    .conclude(executionId(1))
    .conclude(executionId(2))
    .conclude(executionId(3), 'Verdict: rejected')
  assert.equal(course.news.find(({ type }) => type === 'session.plan_extended')?.data, {
    reason: { kind: 'cycle', stageId: stageId(3), cycle: 2, of: 2, verdict: 'rejected' },
    stages: [
      {
        ...stageOf(2),
        stageId: stageId(5),
        agents: [{ executionId: executionId(5), agent: stageOf(2).agents[0]?.agent }],
        cycle: 2,
        repeats: stageId(2),
        dependsOn: [stageId(1), stageId(3)],
      },
      {
        ...stageOf(3),
        stageId: stageId(6),
        agents: [{ executionId: executionId(6), agent: stageOf(3).agents[0]?.agent }],
        loop: { backTo: stageId(5), maxCycles: 2, until: 'approved' },
        cycle: 2,
        repeats: stageId(3),
        dependsOn: [stageId(5)],
      },
    ],
  })
  const again = course.conclude(executionId(5))
  assert.not(inShort(again.news).includes('stage_started 04'))
  assert.ok(inShort(again.conclude(executionId(6), 'Verdict: approved').news).includes('stage_started 04'))
})

test('a loop stops after its last cycle, says so, and the work goes on as it is', () => {
  const course = underPlan(pipeline())
    .conclude(executionId(1))
    .conclude(executionId(2))
    .conclude(executionId(3), 'Verdict: rejected')
    .conclude(executionId(5))
    .conclude(executionId(6), 'still not right')
  assert.equal(course.news.find(({ type }) => type === 'session.limit_reached')?.data, {
    limit: 'cycles',
    stageId: stageId(6),
    message: 'stage 3 ended with no verdict after cycle 2 of 2; the work goes on as it is.',
  })
  assert.ok(inShort(course.news).includes('stage_started 04'))
})

test('the hop budget ends a loop before its cycles do', () => {
  const course = underPlan(pipeline(5), { maxStages: 5 })
    .conclude(executionId(1))
    .conclude(executionId(2))
    .conclude(executionId(3), 'Verdict: rejected')
  assert.equal(inShort(course.news).slice(2), [
    'stage_ended 03 completed',
    'limit_reached 03',
    'stage_started 04',
    'execution_started 04_01',
    'turn_requested 04_01',
  ])
})

test.run()

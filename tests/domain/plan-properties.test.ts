// Any graph of stages, any order of answers, folded anew before every decision: each part runs to exactly one recorded end.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { PresentSession } from '../../domain/session/session-state.ts'
import { eventData, type SessionEvent } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import type { PlannedStage } from '../../schemas/session-plan.ts'
import { type Course, stageId, stageOf, underPlan } from '../support/plan-samples.ts'

const policy = fc.oneof(
  fc.constant({ kind: 'any' } as const),
  fc.constant({ kind: 'all' } as const),
  fc.integer({ min: 1, max: 3 }).map((count) => ({ kind: 'quorum', count }) as const),
)

const stages: fc.Arbitrary<readonly PlannedStage[]> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc
    .tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc.record({
          size: fc.integer({ min: 1, max: 3 }),
          before: fc.subarray(Array.from({ length: index }, (__, each) => each + 1)),
          policy,
          earlyStop: fc.boolean(),
          optional: fc.boolean(),
          retries: fc.integer({ min: 0, max: 2 }),
          loopTo: fc.option(fc.integer({ min: 1, max: index + 1 }), { nil: undefined, freq: 3 }),
        }),
      ),
    )
    .map((drawn) =>
      drawn.map(({ before, loopTo, ...rest }, index) =>
        stageOf(index + 1, {
          ...rest,
          dependsOn: before.map(stageId),
          ...(loopTo !== undefined && { loop: { backTo: stageId(loopTo), maxCycles: 3, until: 'approved' } }),
        }),
      ),
    ),
)

const answer = fc.record({
  which: fc.nat(),
  what: fc.constantFrom('words', 'approved', 'rejected', 'empty', 'fail'),
})

const open = ({ state }: Course): readonly ExecutionId[] =>
  state.status === 'absent'
    ? []
    : Object.values(state.executions).flatMap(({ id, openTurn }) => (openTurn === null ? [] : [id]))

/** Answers until nobody is asked any more; the drawn answers first, then good ones. */
const carryOn = (course: Course, answers: readonly { readonly which: number; readonly what: string }[]): Course => {
  let current = course
  for (let step = 0; step < 2_000; step++) {
    const asked = open(current)
    const { which, what } = answers[step] ?? { which: 0, what: 'approved' }
    const id = asked[which % Math.max(1, asked.length)]
    if (id === undefined) return current
    current = what === 'fail' ? current.fail(id) : current.conclude(id, what === 'empty' ? '' : `Verdict: ${what}`)
  }
  throw new Error('A plan went on for two thousand answers.')
}

const count = (history: readonly SessionEvent[], type: SessionEvent['type'], key: 'stageId' | 'executionId') => {
  const counts = new Map<string, number>()
  for (const event of history) {
    if (event.type !== type || !(key in event.data)) continue
    const id = String(Reflect.get(event.data, key))
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

const runs = { numRuns: 400 }

test('every stage and agent that starts ends exactly once, and the session with them', () => {
  fc.assert(
    fc.property(stages, fc.array(answer, { maxLength: 60 }), (planned, answers) => {
      const { history, state } = carryOn(underPlan(planned, { maxStages: 24 }), answers)
      for (const [started, ended, key] of [
        ['session.stage_started', 'session.stage_ended', 'stageId'],
        ['session.execution_started', 'session.execution_ended', 'executionId'],
      ] as const) {
        const starts = count(history, started, key)
        assert.ok([...starts.values()].every((each) => each === 1))
        assert.equal(new Map([...count(history, ended, key)].sort()), new Map([...starts].sort()))
      }
      for (const { type, data } of history) eventData[type].parse(data)
      assert.ok(state.status === 'summarizing' || state.status === 'failed', state.status)
    }),
    runs,
  )
})

test('no stage starts before everything it waits for has ended', () => {
  fc.assert(
    fc.property(stages, fc.array(answer, { maxLength: 60 }), (planned, answers) => {
      const { history } = carryOn(underPlan(planned, { maxStages: 24 }), answers)
      let state = sessionDecider.initial
      for (const event of history) {
        if (event.type === 'session.stage_started' && state.status !== 'absent') {
          for (const id of state.stages[event.data.stageId]?.dependsOn ?? []) {
            const status = (state as PresentSession).stages[id]?.status
            assert.ok(status === 'completed' || status === 'failed', `${event.data.stageId} before ${id}: ${status}`)
          }
        }
        state = sessionDecider.evolve(state, event)
      }
    }),
    runs,
  )
})

test('a plan never grows past its hop budget', () => {
  fc.assert(
    fc.property(stages, fc.array(answer, { maxLength: 60 }), (planned, answers) => {
      const limit = planned.length + 3
      const { state } = carryOn(underPlan(planned, { maxStages: limit }), answers)
      assert.ok(state.status !== 'absent' && Object.keys(state.stages).length <= limit)
    }),
    runs,
  )
})

test.run()

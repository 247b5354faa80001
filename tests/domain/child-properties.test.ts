// Whatever agents ask for and in whatever order children end: never more than may be, each started and ended once, each awaited call answered once.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { recordOf } from '../../domain/persistent-map.ts'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { childLimits } from '../../schemas/built-in-tools.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { type Course, executionId, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { agent, session } from '../support/session-samples.ts'

const one = executionId(1)
const coordinator = agent({ childAgents: ['scout'], maxIterations: 40 })
const statuses = ['completed', 'failed', 'cancelled'] as const

const step = fc.oneof(
  fc.record({ kind: fc.constant('start' as const), awaits: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }) }),
  // A report may come twice, or of a child that there is not yet.
  fc.record({
    kind: fc.constant('end' as const),
    child: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom(...statuses),
  }),
)

const childOf = (number: number) => sessionId.parse(`${session}_c${String(number).padStart(3, '0')}`)
const executionOf = ({ state }: Course) => (state.status === 'absent' ? undefined : state.executions[one])

const starts = (course: Course, awaits: readonly boolean[]): Course => {
  const turn = executionOf(course)?.openTurn?.turn
  if (turn === undefined) return course
  const calls = awaits.map((each) => ({
    proposed: { name: 'casebook__start_session', arguments: '{}' },
    parsed: {
      kind: 'valid' as const,
      arguments: { agent: 'scout', title: 'Look', task: 'Look.', why: 'it is slow', await: each },
    },
  }))
  return course.send(replyTo(one, turn, '', calls))
}

const ends = (course: Course, number: number, status: (typeof statuses)[number]): Course => {
  const { state } = course
  const known = state.status !== 'absent' && state.children[childOf(number)] !== undefined
  if (!known) return course
  return course.send({
    type: 'RecordChildEnd',
    data: { sessionId: session, childId: childOf(number), status, report: { text: 'A disk.' } },
  })
}

const idsOf = (history: readonly SessionEvent[], type: 'session.child_started' | 'session.child_ended') =>
  history.flatMap((event) => (event.type === type ? [event.data.childId] : []))

test('children are bounded, each begins and ends once, and who waits is answered once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), (steps, total) => {
      const stage = { ...stageOf(1), agents: [{ executionId: one, agent: coordinator }] }
      const opened = underPlan([stage], {}, { childLimits: childLimits.parse({ total }) })
      const own = executionOf(opened)
      if (own === undefined) throw new Error('no execution')
      const data = { sessionId: session, executionId: one, tools: [...builtInToolsOf(own)], unavailable: [] }
      let course = opened.send({ type: 'OfferTools', data })
      for (const each of steps) {
        course = each.kind === 'start' ? starts(course, each.awaits) : ends(course, each.child, each.status)
      }
      for (let number = 1; number <= total; number++) course = ends(course, number, 'completed')
      if (executionOf(course)?.openTurn != null) course = course.conclude(one)
      if (executionOf(course)?.openTurn != null) course = course.conclude(one)

      const begun = idsOf(course.history, 'session.child_started')
      assert.ok(begun.length <= total)
      assert.is(new Set(begun).size, begun.length)
      assert.equal([...idsOf(course.history, 'session.child_ended')].sort(), [...begun].sort())
      const results = course.history.flatMap((event) =>
        event.type === 'session.tool_call_recorded' || event.type === 'session.tool_call_refused'
          ? [event.data.toolCallId]
          : [],
      )
      assert.is(new Set(results).size, results.length)
      const { state } = course
      if (state.status === 'absent') throw new Error('no session')
      assert.equal([...results].sort(), Object.keys(recordOf(state.toolCalls)).sort())
      assert.ok(['summarizing', 'failed'].includes(state.status), state.status)
    }),
    { numRuns: 300 },
  )
})

test.run()

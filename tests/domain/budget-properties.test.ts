// Whatever agents use up, in whatever order: after a budget is reached, each agent is asked once more, to conclude.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sessionBudgets } from '../../schemas/budget.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import { type Course, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { session, tools, valid } from '../support/session-samples.ts'

const open = ({ state }: Course): readonly ExecutionId[] =>
  state.status === 'absent'
    ? []
    : Object.values(state.executions).flatMap(({ id, openTurn }) => (openTurn === null ? [] : [id]))

const turnOf = ({ state }: Course, id: ExecutionId): number =>
  state.status === 'absent' ? 0 : (state.executions[id]?.openTurn?.turn ?? 0)

const step = fc.record({ which: fc.nat(), tokens: fc.integer({ min: 1, max: 400 }), concludes: fc.boolean() })

/** Replies until nobody is asked; each uses the tokens drawn for it. */
const carryOn = (course: Course, steps: readonly { which: number; tokens: number; concludes: boolean }[]): Course => {
  let current = course
  for (let index = 0; index < 1_000; index++) {
    const asked = open(current)
    const { which, tokens, concludes } = steps[index % steps.length] ?? { which: 0, tokens: 10, concludes: false }
    const id = asked[which % Math.max(1, asked.length)]
    if (id === undefined) return current
    const reply = replyTo(id, turnOf(current, id), concludes ? 'done' : '', concludes ? [] : [valid('host__nothing')])
    if (reply.type !== 'RecordModelReply') throw new Error('no reply')
    const usage = { inputTokens: tokens, outputTokens: 0 }
    // An agent that must conclude does so: calls are withdrawn from it.
    const forced =
      current.state.status !== 'absent' && current.state.executions[id]?.openTurn?.mode === 'forced_conclusion'
    current = current.send({
      ...reply,
      data: { ...reply.data, usage, ...(forced && { text: { text: 'the end' }, toolCalls: [] }) },
    })
  }
  throw new Error('A session went on for a thousand replies.')
}

test('after the budget of the session is reached, each agent is asked at most once more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.array(step, { minLength: 1, maxLength: 40 }),
      (size, limit, steps) => {
        const budgets = sessionBudgets.parse({ session: { tokens: limit } })
        let course = underPlan([stageOf(1, { size })], {}, { budgets })
        for (const id of open(course)) {
          course = course.send({
            type: 'OfferTools',
            data: { sessionId: session, executionId: id, tools, unavailable: [] },
          })
        }
        const { history } = carryOn(course, steps)
        const after = new Map<string, number>()
        let used = 0
        for (const event of history) {
          if (event.type === 'session.model_replied') used += event.data.usage.inputTokens
          if (event.type !== 'session.turn_requested' || used < limit) continue
          const { executionId, mode } = event.data
          assert.is(mode, 'forced_conclusion')
          after.set(executionId, (after.get(executionId) ?? 0) + 1)
        }
        assert.ok([...after.values()].every((count) => count === 1))
        // In flight when it was reached: one call of each agent; and one more each to conclude.
        assert.ok(used <= limit - 1 + 400 * size * 2, `${used} of ${limit}`)
      },
    ),
    { numRuns: 300 },
  )
})

test('no more tool calls are requested than the budget has, in one reply or over many', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
      (limit, counts) => {
        const budgets = sessionBudgets.parse({ session: { tool_calls: limit } })
        let course = underPlan([stageOf(1)], {}, { budgets })
        const [id] = open(course)
        if (id === undefined) throw new Error('nobody is asked')
        course = course.send({
          type: 'OfferTools',
          data: { sessionId: session, executionId: id, tools, unavailable: [] },
        })
        for (const count of counts) {
          if (turnOf(course, id) === 0) break
          const calls = Array.from({ length: count }, () => valid('host__disk'))
          course = course.send(replyTo(id, turnOf(course, id), 'said', calls))
          for (const event of course.news) {
            if (event.type !== 'session.tool_call_requested') continue
            const { toolCallId } = event.data
            course = course.send({
              type: 'RecordToolCall',
              data: {
                sessionId: session,
                toolCallId,
                outcome: 'succeeded',
                content: { text: toolCallId },
                durationMs: 1,
              },
            })
          }
        }
        const requested = course.history.filter(({ type }) => type === 'session.tool_call_requested').length
        assert.ok(requested <= limit, `${requested} of ${limit}`)
      },
    ),
    { numRuns: 300 },
  )
})

test.run()

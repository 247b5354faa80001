// Who is next in line: limits, lanes, aging, and shares between orgs.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { admit, lineOf } from '../../domain/queue/admit.ts'
import { hasLimits, isLimited, laneOf, takesPlace } from '../../domain/queue/queue-limits.ts'
import { emptyQueue, enqueue, type QueuedSession, release } from '../../domain/queue/queue-state.ts'
import { limits, minute, waiter } from '../support/queue-samples.ts'
import { execution, session } from '../support/session-samples.ts'

const queueOf = (waiting: readonly QueuedSession[], running: readonly QueuedSession[] = []) => ({
  ...emptyQueue,
  running,
  waiting,
})
const numbers = (sessions: readonly QueuedSession[]) => sessions.map(({ id }) => Number(id.slice(4)))

test('whoever came first goes first, and no more than may', () => {
  const { admitted, state } = admit(queueOf([1, 2, 3].map((each) => waiter(each))), limits({ max_sessions: 2 }), 0)
  assert.equal(numbers(admitted), [1, 2])
  assert.equal([numbers(state.running), numbers(state.waiting)], [[1, 2], [3]])
  const full = admit(state, limits({ max_sessions: 2 }), 0)
  assert.is(full.state, state)
})

test('an org or a chain at its limit lets the others pass', () => {
  const waiting = [
    waiter(1),
    waiter(2),
    waiter(3, { org: 'two', chain: 'deep' }),
    waiter(4, { org: 'two', chain: 'deep' }),
  ]
  const settings = limits({ max_sessions: 3, orgs: { one: { max_sessions: 1 } }, chains: { deep: 1 } })
  assert.equal(numbers(admit(queueOf(waiting), settings, 0).admitted), [1, 3])
  assert.equal(numbers(admit(queueOf(waiting), limits({ max_sessions_per_org: 1 }), 0).admitted), [1, 3])
  assert.equal(numbers(admit(queueOf(waiting), limits({ max_sessions_per_chain: 1 }), 0).admitted), [1, 3])
})

test('a more urgent lane goes first, until waiting has made up for it', () => {
  const low = waiter(1, { lane: 'low', since: 0 })
  const high = waiter(2, { lane: 'high', since: 18 * minute })
  const settings = limits({ max_sessions: 1, aging_minutes: 10 })
  assert.equal(numbers(lineOf(queueOf([low, high]), settings, 19 * minute)), [2, 1])
  // Twice ten minutes make it two lanes higher, and it came first.
  assert.equal(numbers(lineOf(queueOf([low, high]), settings, 27 * minute)), [1, 2])
})

test('within a lane the org with the fewest at work for its weight goes first', () => {
  const waiting = [
    waiter(1),
    waiter(2),
    waiter(3, { org: 'two' }),
    waiter(4, { org: 'two' }),
    waiter(5, { org: 'two' }),
  ]
  const even = limits({ max_sessions: 9 })
  assert.equal(numbers(lineOf(queueOf(waiting, [waiter(9)]), even, 0)), [3, 1, 4, 2, 5])
  const weighed = limits({ max_sessions: 9, orgs: { two: { weight: 3 } } })
  assert.equal(numbers(lineOf(queueOf(waiting, [waiter(9)]), weighed, 0)), [3, 4, 5, 1, 2])
})

test('with one place for all, orgs take turns', () => {
  const settings = limits({ max_sessions: 1 })
  let state = queueOf([1, 2, 3].map((each) => waiter(each)))
  state = { ...state, waiting: [...state.waiting, waiter(4, { org: 'two' }), waiter(5, { org: 'two' })] }
  const order: number[] = []
  while (state.waiting.length > 0) {
    const step = admit(state, settings, 0)
    order.push(...numbers(step.admitted))
    state = release(step.state, new Set(step.admitted.map(({ id }) => id)))
  }
  assert.equal(order, [1, 4, 2, 5, 3])
})

test('for one that waits for two scarce places at once, each is kept when it comes free', () => {
  const settings = limits({ max_sessions_per_org: 1, max_sessions_per_chain: 1, aging_minutes: 1 })
  const patient = waiter(1, { org: 'a', chain: 'x', since: 0 })
  const state = queueOf([patient, waiter(4, { org: 'a', chain: 'y', since: 1 })], [waiter(3, { org: 'b', chain: 'x' })])
  assert.equal(numbers(admit(state, settings, minute).admitted), [4])
  assert.equal(numbers(admit(state, settings, 10 * minute).admitted), [])
})

test('a session joins once, and leaves whether it waits or is at work', () => {
  const state = enqueue(queueOf([waiter(1)], [waiter(2)]), waiter(1))
  assert.is(enqueue(state, waiter(2)), state)
  assert.equal(release(state, new Set([waiter(1).id, waiter(2).id])), emptyQueue)
  assert.is(release(state, new Set(['ses_other'])), state)
})

test('a priority asked for goes before that of the alert, and both before its severity', () => {
  const alert = {
    source: 'generic' as const,
    fingerprint: 'f',
    status: 'firing' as const,
    severity: 'warning' as const,
    ...{ title: 't', description: '', labels: {}, annotations: {}, startsAt: '2026-01-01T00:00:00Z', links: [] },
  }
  const settings = limits({ severity: { warning: 'low' } })
  assert.is(laneOf({ alert }, settings), 'low')
  assert.is(laneOf({ alert: { ...alert, priority: 'high' } }, settings), 'high')
  assert.is(laneOf({ alert: { ...alert, priority: 'high' }, priority: 'critical' }, settings), 'critical')
  assert.is(laneOf({ alert: { ...alert, priority: 'high' }, overrides: { priority: 'low' } }, settings), 'low')
  assert.is(laneOf({}, settings), 'normal')
})

test('a session that an agent waits for takes no place, one that a person started does', () => {
  const child = { kind: 'child', parentSessionId: session, relation: 'sub_task', why: '' } as const
  assert.is(takesPlace({ origin: { kind: 'request' } }), true)
  assert.is(takesPlace({ origin: child }), true)
  assert.is(takesPlace({ origin: { ...child, executionId: execution(1) } }), false)
})

test('only those whom a limit concerns wait', () => {
  assert.is(isLimited(limits({}), 'one', 'default'), false)
  assert.is(hasLimits(limits({ orgs: { one: { weight: 2 } } })), false)
  assert.is(isLimited(limits({ chains: { deep: 1 } }), 'one', 'default'), false)
  assert.is(isLimited(limits({ chains: { deep: 1 } }), 'one', 'deep'), true)
  assert.is(isLimited(limits({ orgs: { one: { max_sessions: 1 } } }), 'one', 'constructor'), true)
  for (const some of [{ max_sessions: 1 }, { max_sessions_per_org: 1 }, { chains: { deep: 1 } }]) {
    assert.is(hasLimits(limits(some)), true)
  }
})

test.run()

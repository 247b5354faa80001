// Whatever comes and ends in whatever order: limits hold, places are not left empty, and nobody waits for ever.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { admit, lineOf } from '../../domain/queue/admit.ts'
import { limitOfAll, limitOfChain, limitOfOrg } from '../../domain/queue/queue-limits.ts'
import { emptyQueue, enqueue, type QueuedSession, type QueueState, release } from '../../domain/queue/queue-state.ts'
import { priority } from '../../schemas/priority.ts'
import type { QueueSettings } from '../../schemas/queue.ts'
import { limits, minute, waiter } from '../support/queue-samples.ts'

const org = fc.constantFrom('one', 'two', 'three')
const chain = fc.constantFrom('plain', 'deep')
const lane = fc.constantFrom(...priority.options)
const some = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined })

const settings = fc
  .record({ all: some, ofOrg: some, ofChain: some, weight: fc.integer({ min: 1, max: 5 }), deep: some })
  .map(({ all, ofOrg, ofChain, weight, deep }) =>
    limits({
      max_sessions: all,
      max_sessions_per_org: ofOrg,
      max_sessions_per_chain: ofChain,
      orgs: { two: { weight } },
      chains: deep === undefined ? {} : { deep },
      aging_minutes: 5,
    }),
  )

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('comes' as const), org, chain, lane }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ends' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leaves' as const), which: fc.nat() }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const count = (sessions: readonly QueuedSession[], wanted: (session: QueuedSession) => boolean): number =>
  sessions.filter(wanted).length

const hold = ({ running }: QueueState, rules: QueueSettings): void => {
  assert.ok(running.length <= limitOfAll(rules))
  for (const each of running) {
    assert.ok(count(running, (other) => other.org === each.org) <= limitOfOrg(rules, each.org))
    assert.ok(count(running, (other) => other.chain === each.chain) <= limitOfChain(rules, each.chain))
  }
}

const fits = ({ running }: QueueState, rules: QueueSettings, session: QueuedSession): boolean =>
  running.length < limitOfAll(rules) &&
  count(running, (other) => other.org === session.org) < limitOfOrg(rules, session.org) &&
  count(running, (other) => other.chain === session.chain) < limitOfChain(rules, session.chain)

const take = (state: QueueState, each: Step, number: number, now: number): QueueState => {
  if (each.kind === 'comes') return enqueue(state, waiter(number, { ...each, since: now }))
  const from = each.kind === 'ends' ? state.running : state.waiting
  const gone = from[each.which % Math.max(1, from.length)]
  return gone === undefined ? state : release(state, new Set([gone.id]))
}

test('no limit is passed, nobody is lost or there twice, and no place is left empty that somebody could take', () => {
  fc.assert(
    fc.property(settings, fc.array(step, { maxLength: 60 }), (rules, steps) => {
      let state = emptyQueue
      steps.forEach((each, number) => {
        const before = take(state, each, number, number)
        const after = admit(before, rules, number)
        state = after.state
        hold(state, rules)
        const ids = [...state.running, ...state.waiting].map(({ id }) => id)
        assert.is(new Set(ids).size, ids.length)
        assert.is(ids.length, before.running.length + before.waiting.length)
        // Nobody is overdue yet, so nothing is kept free.
        for (const waits of state.waiting) assert.not.ok(fits(state, rules, waits))
      })
    }),
  )
})

test('the line holds everybody who waits, once, and admits from its head when only the whole is limited', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rules = limits({ max_sessions: 3 })
      const state = steps.reduce((each, next, number) => take(each, next, number, number), emptyQueue)
      const line = lineOf(state, rules, 100)
      assert.equal(new Set(line), new Set(state.waiting))
      const { admitted } = admit(state, rules, 100)
      assert.equal(admitted, line.slice(0, admitted.length))
    }),
  )
})

test('whoever waits is admitted while others end, however many more urgent ones keep coming', () => {
  fc.assert(
    fc.property(
      settings,
      lane,
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      (rules, own, steps, draws) => {
        const patient = waiter(999_999, { lane: own, org: 'one', chain: 'deep', since: 0 })
        let state = enqueue(
          steps.reduce((each, next, number) => admit(take(each, next, number, 0), rules, 0).state, emptyQueue),
          patient,
        )
        for (let round = 0; round < 400; round++) {
          const now = round * minute
          state = admit(state, rules, now).state
          if (state.running.includes(patient)) return
          for (const [index, each] of (['one', 'two', 'three'] as const).entries()) {
            const number = 1_000 + round * 3 + index
            const chosen = number % 2 === 0 ? 'plain' : 'deep'
            state = enqueue(state, waiter(number, { org: each, chain: chosen, lane: 'critical', since: now }))
          }
          const gone = state.running[(draws.next().value ?? 0) % Math.max(1, state.running.length)]
          if (gone !== undefined) state = release(state, new Set([gone.id]))
        }
        assert.unreachable(`${patient.lane} still waits among ${state.waiting.length}, ${state.running.length} at work`)
      },
    ),
    { numRuns: 60 },
  )
})

test('two orgs that always have somebody waiting get places by their weights', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), (weight) => {
      const rules = limits({ max_sessions: 2 * (weight + 1), orgs: { two: { weight } } })
      const waiting = Array.from({ length: 60 }, (_, index) => waiter(index, { org: index < 30 ? 'one' : 'two' }))
      const { running } = admit({ ...emptyQueue, waiting }, rules, 0).state
      assert.is(
        count(running, (each) => each.org === 'two'),
        2 * weight,
      )
    }),
  )
})

test.run()

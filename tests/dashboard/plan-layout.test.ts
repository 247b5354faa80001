// The picture of a plan: below what it waits for, and no two in one place.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { layoutPlan } from '../../dashboard/src/pages/session/plan-layout.ts'

const stage = (id: string, ...dependsOn: readonly string[]) => ({ id, dependsOn })

test('a chain stands in a column, a fan in a row, and what joins it below', () => {
  const places = layoutPlan([stage('a'), stage('b', 'a'), stage('c', 'a'), stage('d', 'b', 'c')])
  assert.equal(
    places.map(({ id, layer, slot }) => [id, layer, slot]),
    [
      ['a', 0, 0],
      ['b', 1, 0],
      ['c', 1, 1],
      ['d', 2, 0],
    ],
  )
})

test('any plan has a place for every stage, below all it waits for', () => {
  const plans = fc
    .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
    .map((all) => all.map((each, index) => stage(`s${index}`, ...each.map((on) => `s${on}`))))
  fc.assert(
    fc.property(plans, (plan) => {
      const places = layoutPlan(plan)
      assert.is(new Set(places.map(({ layer, slot }) => `${layer}/${slot}`)).size, plan.length)
      const layers = new Map(places.map(({ id, layer }) => [id, layer]))
      for (const [index, { id, dependsOn }] of plan.entries()) {
        for (const on of dependsOn.filter((each) => Number(each.slice(1)) < index)) {
          assert.ok((layers.get(on) ?? 0) < (layers.get(id) ?? 0), `${id} below ${on}`)
        }
      }
    }),
  )
})

test.run()

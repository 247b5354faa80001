// A persistent map is what a plain Map is, and no version of it is ever changed by a later one.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  emptyMap,
  mapValues,
  type PersistentMap,
  recordOf,
  valueAt,
  valuesOf,
  withValue,
} from '../../domain/persistent-map.ts'

type Numbers = PersistentMap<string, number>

/** 'Aa' and 'BB' have one hash, and so has every word made of as many of them; ids are as sessions have them. */
const key = fc.oneof(
  fc.array(fc.constantFrom('Aa', 'BB'), { maxLength: 3 }).map((parts) => parts.join('')),
  fc.tuple(fc.nat(300), fc.nat(5)).map(([turn, index]) => `call_01TEST_01_01_${turn}_0${index}`),
  fc.string(),
)
const changes = fc.array(fc.tuple(key, fc.nat()), { maxLength: 200 })

const contentOf = (map: Numbers) => ({ size: map.size, values: valuesOf(map), record: Object.entries(recordOf(map)) })

test('it holds what a Map holds, in the same order', () => {
  fc.assert(
    fc.property(changes, key, (given, other) => {
      const model = new Map(given)
      const map = given.reduce<Numbers>((before, [name, value]) => withValue(before, name, value), emptyMap)
      assert.is(map.size, model.size)
      assert.equal(valuesOf(map), [...model.values()])
      assert.equal(recordOf(map), Object.fromEntries(model))
      assert.is(valueAt(map, other), model.get(other))
      for (const [name, value] of model) assert.is(valueAt(map, name), value)
    }),
  )
})

test('every version stays as it was, whatever is made of it later and by how many', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), key, fc.nat()), { maxLength: 120 }), (given) => {
      const versions: Numbers[] = [emptyMap]
      const seen = versions.map(contentOf)
      for (const [from, name, value] of given) {
        // Of any version, not the last one alone: forks, and commands that were not the first.
        const next = withValue(versions[from % versions.length] ?? emptyMap, name, value)
        versions.push(next)
        seen.push(contentOf(next))
      }
      assert.equal(versions.map(contentOf), seen)
    }),
  )
})

test('its values are changed in place, and the map they were taken from keeps its own', () => {
  fc.assert(
    fc.property(changes, (given) => {
      const map = given.reduce<Numbers>((before, [name, value]) => withValue(before, name, value), emptyMap)
      const before = contentOf(map)
      const doubled = mapValues(map, (value) => value * 2)
      assert.equal(
        Object.entries(recordOf(doubled)),
        before.record.map(([name, value]) => [name, value * 2]),
      )
      assert.equal(contentOf(map), before)
    }),
  )
})

test('a change shares all but one path with the version before', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `call_01TEST_01_01_${index}`)
  const map = keys.reduce<PersistentMap<string, string>>((before, name) => withValue(before, name, name), emptyMap)
  const known = nodesOf(map.root)
  const fresh = [...nodesOf(withValue(map, 'call_01TEST_01_01_777', 'changed').root)].filter((node) => !known.has(node))
  assert.ok(fresh.length <= 8, `${fresh.length} nodes were made for one change`)
})

const nodesOf = (node: unknown, found = new Set<unknown>()): ReadonlySet<unknown> => {
  if (typeof node !== 'object' || node === null) return found
  found.add(node)
  for (const child of Object.values(node)) nodesOf(child, found)
  return found
}

test.run()

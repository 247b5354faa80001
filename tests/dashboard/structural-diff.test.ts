// What differs between two states, place by place.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changesBetween } from '../../dashboard/src/pages/session-events/structural-diff.ts'

test('equal states differ in nothing', () => {
  const state = { a: [1, { b: null }], c: { d: 'x' } }
  assert.equal(changesBetween(state, structuredClone(state)), [])
})

test('what is added, removed and changed is named by its place', () => {
  const before = { status: 'running', gone: 1, deep: { list: [1, 2] } }
  const after = { status: 'completed', deep: { list: [1, 3, 4] }, come: null }
  assert.equal(changesBetween(before, after), [
    { path: 'status', kind: 'changed', before: 'running', after: 'completed' },
    { path: 'gone', kind: 'removed', before: 1 },
    { path: 'deep.list[1]', kind: 'changed', before: 2, after: 3 },
    { path: 'deep.list[2]', kind: 'added', after: 4 },
    { path: 'come', kind: 'added', after: null },
  ])
})

test('things with ids are compared with themselves, wherever they stand', () => {
  const [a, b] = [
    { id: 'a', turns: 1 },
    { id: 'b', turns: 1 },
  ]
  assert.equal(changesBetween([a, b], [b, { ...a, turns: 2 }]), [
    { path: '[a].turns', kind: 'changed', before: 1, after: 2 },
  ])
})

test.run()

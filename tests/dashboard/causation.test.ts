// Which event led to which, by the ids of events and of commands.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Caused, causationOf } from '../../dashboard/src/pages/events/causation.ts'
import type { StoredEvent } from '../../dashboard/src/pages/events/stored-event.ts'

const event = (id: string, causationid: string): StoredEvent => ({
  id,
  causationid,
  specversion: '1.0',
  source: '/casebook/default',
  type: `casebook.session.${id}.v1`,
  subject: 'session/ses_1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: '0000000001',
  correlationid: 'c',
  authtype: 'user',
  authid: 'jo',
  data: {},
  logsequence: 1,
})
const shape = ({ event: { id }, effects }: Caused): readonly unknown[] => [id, ...effects.map(shape)]

const all = [
  event('a.0', 'a'),
  event('a.1', 'a'),
  event('b.0', 'a.1'),
  event('c.0', 'b.0'),
  event('d.0', 'b'),
  event('e.0', 'c.0'),
]

test('an event has the causes before it and the effects below it, by an id of an event or of a command', () => {
  const [, , b] = all
  if (b === undefined) throw new Error('no b')
  const found = causationOf(b, all)
  assert.equal(
    found.causes.map(({ id }) => id),
    ['a.1'],
  )
  assert.is(found.origin, 'a')
  assert.equal(shape(found.tree), ['b.0', ['c.0', ['e.0']], ['d.0']])
  assert.is(found.cut, false)
})

test('an event that names itself as its cause ends the way back', () => {
  const own = event('x.0', 'x.0')
  assert.equal(causationOf(own, [own]), { causes: [], origin: 'x.0', tree: { event: own, effects: [] }, cut: false })
})

test('what comes of an event is cut when there is too much of it', () => {
  const many = [event('m.0', 'm'), ...Array.from({ length: 400 }, (_, n) => event(`n${n}.0`, 'm.0'))]
  const [first] = many
  if (first === undefined) throw new Error('none')
  const found = causationOf(first, many)
  assert.is(found.cut, true)
  assert.is(found.tree.effects.length, 150)
})

test.run()

// Events in the shapes of earlier versions: read as if they had always had the present one.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { type EventShapes, MalformedCommit, presentVersion, readStored } from '../../schemas/event-reader.ts'
import { earlier, earlierVersions } from '../../schemas/event-versions.ts'
import { isEventType, storedType } from '../../schemas/events.ts'
import { streamVersion } from '../../schemas/ids.ts'
import { parseEvent, recordedEvent } from '../../schemas/parse-event.ts'

const first = z.object({ load: z.string() })
const second = z.object({ load: z.number() })
const third = z.object({ load: z.object({ value: z.number(), minutes: z.literal(5) }) })
const shapes: EventShapes = {
  current: { 'host.measured': third, 'host.seen': z.object({}) },
  earlier: {
    'host.measured': [
      earlier(first, second, ({ load }) => ({ load: Number(load) })),
      earlier(second, third, ({ load }) => ({ load: { value: load, minutes: 5 } as const })),
    ],
  },
}

test('an event goes through every version between its own and the present one', () => {
  const present = { type: 'host.measured', data: { load: { value: 1.5, minutes: 5 } } }
  assert.equal(readStored(shapes, 'casebook.host.measured.v1', { load: '1.5' }), present)
  assert.equal(readStored(shapes, 'casebook.host.measured.v2', { load: 1.5 }), present)
  assert.equal(readStored(shapes, 'casebook.host.measured.v3', present.data), present)
  assert.is(presentVersion(shapes, 'host.measured'), 3)
  assert.is(presentVersion(shapes, 'host.seen'), 1)
})

test('a version or a type to come, and what is no stored type, are nothing this build knows', () => {
  for (const stored of [
    'casebook.host.measured.v4',
    'casebook.host.seen.v2',
    'casebook.host.lost.v1',
    'casebook.host.seen.v0',
    'casebook.host.seen.v01',
    'casebook.constructor.v1',
    'host.seen',
    '',
  ]) {
    assert.is(readStored(shapes, stored, {}), null, stored)
  }
})

test('data that does not fit is told with the version it is stored under', () => {
  for (const [stored, data] of [
    ['casebook.host.measured.v1', { load: 1 }],
    ['casebook.host.measured.v1', { load: 'high' }],
    ['casebook.host.measured.v2', { load: '1' }],
    ['casebook.host.measured.v3', null],
  ] as const) {
    assert.throws(
      () => readStored(shapes, stored, data),
      (error: unknown) => error instanceof MalformedCommit && error.message.startsWith(stored),
    )
  }
})

test('earlier versions are of events there are', () => {
  for (const type of Object.keys(earlierVersions)) assert.ok(isEventType(type), type)
})

test('the amount that a budget was raised by is read under its own name, whatever it was stored as', () => {
  const rest = { budget: 'tokens', inputId: 'inp_01AA_1', sessionId: 'ses_01AA' }
  const by = { kind: 'user', id: 'ada' }
  assert.equal(parseEvent('casebook.ledger.budget_raised.v1', { ...rest, by: 5, actor: by }), {
    type: 'ledger.budget_raised',
    data: { ...rest, amount: 5, by },
  })
  assert.is(storedType('ledger.budget_raised'), 'casebook.ledger.budget_raised.v2')
})

test('an event of a newer build keeps its stored type and its data', () => {
  const at = { id: 'cmd.0', version: streamVersion.parse(3) }
  assert.equal(recordedEvent('casebook.session.dreamt.v1', { of: ['sheep'] }, at), {
    type: 'unknown',
    storedType: 'casebook.session.dreamt.v1',
    data: { of: ['sheep'] },
    ...at,
  })
  assert.is(recordedEvent('casebook.session.ended.v9', 7, at).type, 'unknown')
})

test.run()

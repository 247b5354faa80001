// Whatever a message of the log holds, it comes back from the archive's events as the same bytes; and addresses are taken apart.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { archiveStreamOf } from '../../gateways/archive/archive-streams.ts'
import {
  type ArchivedEvent,
  readArchiveEvent,
  toArchiveEvents,
  toLogMessage,
} from '../../gateways/archive/archived-events.ts'
import { archiveEventId } from '../../gateways/archive/event-id.ts'
import { parseEventStoreUrl } from '../../schemas/eventstore-url.ts'
import { logSequence, orgId } from '../../schemas/ids.ts'
import { stream } from '../support/commit-samples.ts'
import { createEntries } from '../support/event-store/archive-world.ts'

/** As the client sends an event, and as it hands it back. */
const overTheWire = (of: string, message: Parameters<typeof toArchiveEvents>[1]): readonly ArchivedEvent[] =>
  toArchiveEvents(of, message).map(({ id, type, data, metadata }, index) => {
    const copy = (value: unknown) => JSON.parse(JSON.stringify(value))
    const event = readArchiveEvent({
      streamId: of,
      id,
      type,
      revision: BigInt(index),
      data: copy(data),
      metadata: copy(metadata),
      isJson: true,
      created: new Date(0),
    })
    if (event === null) throw new Error('not ours')
    return event
  })

const subject = 'casebook.events.default.session.ses_x'

test('any JSON as data comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ noUnicodeString: false }), { minLength: 1, maxLength: 4 }), (values) => {
      const entry = createEntries().next(stream('ses_x'))
      const [sample] = JSON.parse(entry.payload)
      const batch = values.map((data, index) => ({
        ...sample,
        id: `cmd.${index}`,
        sequence: String(index + 1).padStart(10, '0'),
        data,
      }))
      const message = { ...entry, payload: JSON.stringify(batch) }
      const events = overTheWire('session-ses_x', message)
      assert.is(events[0]?.metadata.payload, undefined)
      assert.is(toLogMessage(events)?.payload, message.payload)
    }),
  )
})

test('any text as payload comes back as it was', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (payload) => {
      const message = { sequence: logSequence.parse(7), subject, payload, headers: { a: 'b' } }
      const read = toLogMessage(overTheWire('unreadable-7', message))
      assert.equal(read, message)
    }),
  )
})

test('an event is the same UUID each time, and another one in another stream', () => {
  assert.is(archiveEventId('session-a', 'cmd.0'), archiveEventId('session-a', 'cmd.0'))
  assert.is.not(archiveEventId('session-a', 'cmd.0'), archiveEventId('session-b', 'cmd.0'))
})

test('no two streams of the log share one of the archive', () => {
  const names = ['default', 'acme', 'acme-x'].flatMap((org) =>
    (['session', 'ledger'] as const).map((category) =>
      archiveStreamOf({ org: orgId.parse(org), category, id: '2026-01-02' }),
    ),
  )
  assert.is(new Set(names).size, 6)
  assert.ok(names.every((name) => /^(?:session|ledger)-/.test(name)))
})

test('an address is taken apart', () => {
  assert.equal(parseEventStoreUrl('esdb://127.0.0.1?tls=false'), {
    hosts: [{ address: '127.0.0.1', port: 2113 }],
    discover: false,
    tls: false,
  })
  assert.equal(
    parseEventStoreUrl('esdb+discover://ada:p%40ss@a.example:1,b.example:2?nodePreference=readOnlyReplica'),
    {
      hosts: [
        { address: 'a.example', port: 1 },
        { address: 'b.example', port: 2 },
      ],
      discover: true,
      tls: true,
      credentials: { username: 'ada', password: 'p@ss' },
      nodePreference: 'read_only_replica',
    },
  )
})

test('what is no address, or has options the client would print with the password, is refused', () => {
  for (const text of [
    '',
    'http://a',
    'esdb://',
    'esdb://a:b',
    'esdb://u:p@a?tlsVerifyCert=false',
    'esdb://u:%@a',
    'esdb://a?x=1',
  ]) {
    assert.is(parseEventStoreUrl(text), null, text)
  }
})

test.run()

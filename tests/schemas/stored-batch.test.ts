// What the events of a commit share is stored once, and every reader gets it whole; commits of before say it each time.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { toArchiveEvents } from '../../gateways/archive/archived-events.ts'
import { chainHash, cloudEventsOf, decodeCommit, encodeCommit } from '../../schemas/commit-codec.ts'
import { commitOfLines, linesOfCommit, parseEventLine } from '../../schemas/export-line.ts'
import { logSequence } from '../../schemas/ids.ts'
import { draft, startedEvent, stream } from '../support/commit-samples.ts'

const to = stream('ses_x')
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const what = draft({ traceparent, events: ['one', 'two', 'three'].map((text) => startedEvent(text)) })
const encoded = encodeCommit(to, { version: 8, hash: '' }, what)

/** As builds of before 0032 stored it: every attribute with each event. */
const whole = JSON.stringify(
  cloudEventsOf(encoded.payload).map(({ data, ...attributes }) => ({
    ...attributes,
    datacontenttype: 'application/json',
    data,
  })),
)

const headerOf = (name: string): string => encoded.headers[name] ?? ''

test('only the first event of a commit says what all have in common', () => {
  const [first, ...rest] = JSON.parse(encoded.payload)
  assert.is(first.sequence, '0000000009')
  for (const each of rest) assert.equal(Object.keys(each), ['type', 'data'])
})

test('every event is read with all of its attributes', () => {
  const events = cloudEventsOf(encoded.payload)
  assert.equal(
    events.map(({ id, sequence }) => [id, sequence]),
    [9, 10, 11].map((version, index) => [`${what.commandId}.${index}`, String(version).padStart(10, '0')]),
  )
  for (const event of events) {
    assert.is(event.subject, 'session/ses_x')
    assert.is(event.time, what.at)
    assert.is(event.traceparent, traceparent)
    assert.is(event.datacontenttype, 'application/json')
  }
})

test('a commit in which each event says everything is read as the same', () => {
  assert.equal(cloudEventsOf(whole), cloudEventsOf(encoded.payload))
  assert.equal(decodeCommit(to, 3, whole, headerOf), decodeCommit(to, 3, encoded.payload, headerOf))
})

test('what does not begin with a whole event is no commit', () => {
  for (const payload of ['[]', '{}', 'null', '[null]', '[{"type":"casebook.session.started.v1","data":{}}]']) {
    assert.throws(() => cloudEventsOf(payload), /not a batch of events/, payload)
  }
})

test('lines of an export are whole events, and lead back to the very bytes, however they were stored', () => {
  const data = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(data, { minLength: 1, maxLength: 4 }), fc.boolean(), (values, asBefore) => {
      const attributes = cloudEventsOf(encoded.payload)[0]
      const batch = values.map((value, index) => ({
        ...((index === 0 || asBefore) && { ...attributes, id: `cmd-1.${index}` }),
        ...(asBefore ? {} : { datacontenttype: undefined }),
        type: 'casebook.session.started.v1',
        data: value,
      }))
      const payload = JSON.stringify(batch)
      const headers = { ...encoded.headers, 'Casebook-Hash': chainHash('', payload) }
      const lines = linesOfCommit({ payload, headers }).map(parseEventLine)
      assert.is(lines.length, values.length)
      const back = commitOfLines(lines.flatMap((line) => line ?? []))
      assert.is(back.payload, payload)
      assert.is(back.headers['Casebook-Hash'], headers['Casebook-Hash'])
      assert.is(back.headers['Content-Type'] !== undefined, asBefore)
    }),
  )
})

test('the archive gets whole events', () => {
  const message = {
    sequence: logSequence.parse(7),
    subject: 'casebook.events.default.session.ses_x',
    headers: encoded.headers,
    payload: encoded.payload,
    stream: to,
  }
  const events = toArchiveEvents('session-ses_x', message)
  assert.equal(
    events.map(({ metadata }) => JSON.parse(JSON.stringify(metadata)).cloudevent.id),
    [0, 1, 2].map((index) => `${what.commandId}.${index}`),
  )
  assert.not(JSON.stringify(events).includes('"payload"'))
})

test.run()

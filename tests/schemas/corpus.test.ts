// Every version of every event ever stored is read, and folds, as it did: tests/corpus holds what older builds wrote.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Aggregate,
  alertAggregate,
  configurationAggregate,
  ledgerAggregate,
  sessionAggregate,
  taskAggregate,
} from '../../commands/aggregate.ts'
import { readEvent } from '../../dashboard/src/pages/session/read-event.ts'
import { plainSession } from '../../domain/session/plain-session.ts'
import { storedShapes } from '../../gateways/bus/wire-shapes.ts'
import { commitFrame } from '../../gateways/http/commit-frames.ts'
import type { RecordedEvent, StreamCategory } from '../../schemas/commit.ts'
import { eventShapes, isEventType, storedType } from '../../schemas/events.ts'
import { streamVersion } from '../../schemas/ids.ts'
import { parseEvent, recordedEvent } from '../../schemas/parse-event.ts'
import {
  corpusLog,
  lostFrom,
  recordedExpectation,
  sampleFiles,
  samplesOf,
  updating,
  writeSamples,
} from '../support/corpus.ts'
import { branchesIn, branchesOf, examplesOf } from '../support/schema-examples.ts'

const shapes = storedShapes(eventShapes)
const isPresent = (stored: string): boolean => {
  const type = /^casebook\.(.+)\.v\d+$/.exec(stored)?.[1] ?? ''
  return isEventType(type) && storedType(type) === stored
}

if (updating) {
  for (const [stored, schema] of shapes) {
    const samples = [...(samplesOf(stored)?.samples ?? [])]
    const seen = new Set(samples.flatMap((sample) => [...branchesIn(schema, sample)]))
    for (const example of examplesOf(schema)) {
      const branches = branchesIn(schema, example)
      if (samples.length > 0 && [...branches].every((branch) => seen.has(branch))) continue
      samples.push(example)
      for (const branch of branches) seen.add(branch)
    }
    const read = samples.map((sample) => parseEvent(stored, sample)?.data)
    writeSamples(stored, { samples, ...(!isPresent(stored) && { read }) })
  }
}

test('every version of every event has a file, and every file is of an event that is still read', () => {
  assert.equal([...sampleFiles()].sort(), [...shapes.keys()].sort(), 'UPDATE_GOLDEN=1 writes files of new events')
})

for (const [stored, schema] of shapes) {
  test(`${stored} is read as it was, with every optional field and every alternative`, () => {
    const { samples, read } = samplesOf(stored) ?? { samples: [], read: [] }
    for (const [index, sample] of samples.entries()) {
      const event = parseEvent(stored, sample)
      assert.equal(event?.data, isPresent(stored) ? sample : read?.[index], `sample ${index}`)
    }
    const seen = new Set(samples.flatMap((sample) => [...branchesIn(schema, sample)]))
    const never = [...branchesOf(schema)].filter((branch) => !seen.has(branch))
    assert.equal(never, [], 'a new field needs a sample: UPDATE_GOLDEN=1 writes one')
  })
}

const foldOf = <S, C, E>({ decider, owns }: Aggregate<S, C, E>, events: readonly RecordedEvent[]): S =>
  events.reduce((state, event) => (owns(event) ? decider.evolve(state, event) : state), decider.initial)

const folds: Readonly<Partial<Record<StreamCategory, (events: readonly RecordedEvent[]) => unknown>>> = {
  session: (events) => plainSession(foldOf(sessionAggregate, events)),
  alert: (events) => foldOf(alertAggregate, events),
  task: (events) => foldOf(taskAggregate, events),
  definition: (events) => foldOf(configurationAggregate, events),
  ledger: (events) => foldOf(ledgerAggregate, events),
}

/** The state of every stream, as JSON. `between` comes after each of its events. */
const states = (between: (category: StreamCategory) => readonly RecordedEvent[] = () => []) =>
  Object.fromEntries(
    [...Map.groupBy(corpusLog(), ({ subject }) => subject)].map(([subject, entries]) => {
      const { category } = entries[0]?.commit.stream ?? { category: 'session' as const }
      const events = entries.flatMap(({ commit }) => commit.events.flatMap((event) => [event, ...between(category)]))
      return [subject, JSON.parse(JSON.stringify(folds[category]?.(events) ?? null))]
    }),
  )

test('the streams of the corpus fold to what they folded to', () => {
  const now = states()
  assert.ok(Object.keys(now).length > 10)
  for (const [subject, state] of Object.entries(now)) assert.is.not(state, null, subject)
  assert.equal(lostFrom(recordedExpectation('states', now), now), [])
})

const at = { id: 'cmd-x.0', version: streamVersion.parse(1) }
const newer = (category: StreamCategory): readonly RecordedEvent[] => [
  recordedEvent(`casebook.${category}.invented.v1`, { of: 'a newer build' }, at),
  recordedEvent('casebook.session.ended.v99', { status: 'completed', cause: 7 }, at),
]

test('events of types and versions to come change no state', () => {
  assert.equal(states(newer), states())
})

test('a stream shows events of a newer build as they were stored', () => {
  const commit = corpusLog()[0]?.commit
  if (commit === undefined) throw new Error('the corpus is empty')
  const text = JSON.stringify(commitFrame({ ...commit, events: newer('session') }))
  assert.match(text, 'casebook.session.invented.v1')
  assert.match(text, 'casebook.session.ended.v99')
  assert.match(text, 'a newer build')
})

test('the dashboard takes them as they are, and whatever does not fit its schema', () => {
  for (const [type, data] of [
    ['casebook.session.invented.v1', { of: 'a newer build' }],
    ['casebook.session.ended.v99', 7],
    ['casebook.session.ended.v1', { status: 'exploded' }],
    ['not even a type', null],
  ] as const) {
    const event = readEvent({ id: 'cmd-x.0', type, version: 1, data })
    assert.equal(event, { type: 'unknown', storedType: type, data, ...at })
  }
  const { read, samples } = samplesOf('casebook.ledger.budget_raised.v1') ?? { samples: [] }
  const event = readEvent({ id: 'cmd-x.0', type: 'casebook.ledger.budget_raised.v1', version: 1, data: samples[0] })
  assert.equal(event, { type: 'ledger.budget_raised', data: read?.[0], ...at })
})

test.run()

// Versions of the configuration on the log: one event for each, with what it changed.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { CommandForbidden } from '../../commands/command-errors.ts'
import { configurationDecider } from '../../domain/configuration/configuration-decider.ts'
import { createRecordConfiguration } from '../../handlers/record-configuration.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import type { ConfigurationEvent, EventData } from '../../schemas/events.ts'
import { orgId } from '../../schemas/ids.ts'
import { metadata, spec } from '../support/decider-spec.ts'

const version = (letter: string, entries: Readonly<Record<string, string>>) => ({
  hash: letter.repeat(64),
  loadedAt: '2026-01-02T03:04:05.000Z',
  entries,
  content: { text: '{}' },
})
const record = (data: ReturnType<typeof version>) => ({ type: 'RecordConfiguration' as const, data })
const loaded = (
  data: ReturnType<typeof version>,
  changes: EventData<'configuration.loaded'>['changes'],
): ConfigurationEvent => ({ type: 'configuration.loaded', data: { ...data, changes } })

const one = version('a', { 'agents/x': '1', 'agents/y': '1' })
const two = version('b', { 'agents/x': '2', 'chains/z': '1' })

test('the first version adds everything', () => {
  spec(configurationDecider)
    .given()
    .when(record(one))
    .thenEvents(
      loaded(one, [
        { entry: 'agents/x', what: 'added' },
        { entry: 'agents/y', what: 'added' },
      ]),
    )
})

test('the version in force again is already so', () => {
  spec(configurationDecider).given(loaded(one, [])).when(record(one)).thenNothing()
})

test('another version says what it added, changed and removed', () => {
  spec(configurationDecider)
    .given(loaded(one, []))
    .when(record(two))
    .thenEvents(
      loaded(two, [
        { entry: 'agents/x', what: 'changed' },
        { entry: 'agents/y', what: 'removed' },
        { entry: 'chains/z', what: 'added' },
      ]),
    )
})

test('going back to an earlier version is a version again', () => {
  const decided = spec(configurationDecider).given(loaded(one, []), loaded(two, [])).when(record(one)).events()
  assert.is(decided.length, 1)
})

const streamOf = (org: string) => ({ org: orgId.parse(org), category: 'definition' as const, id: 'configuration' })
const start = { sequence: 0, version: 0, hash: '' }

test('several processes that load the same version leave one event on a stream of its own', async () => {
  const log = createMemoryEventLog()
  const loadedVersion = { hash: one.hash, loadedAt: one.loadedAt, entries: one.entries, content: '{"a":1}' }
  const stored = { storeText: async (text: string) => ({ text }) }
  const processes = [1, 2, 3].map(() => createRecordConfiguration({ bus: createCommandBus(log), ...stored }))
  await Promise.all(processes.map((recordConfiguration) => recordConfiguration(loadedVersion)))
  const commits = await log.read(streamOf('default'), start as Parameters<typeof log.read>[1])
  assert.is(commits.length, 1)
  const event = commits[0]?.events[0]
  assert.is(event?.type, 'configuration.loaded')
  assert.equal(event?.type === 'configuration.loaded' && event.data.content, { text: '{"a":1}' })
})

test('no person can put a configuration on the log', async () => {
  const bus = createCommandBus(createMemoryEventLog())
  try {
    await bus.send({ ...record(one), metadata })
    assert.unreachable()
  } catch (error) {
    assert.instance(error, CommandForbidden)
  }
})

test.run()

// The log on JetStream keeps the contract, and tells a forged message from a commit.
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { StreamPosition } from '../../commands/event-log.ts'
import { CorruptCommit } from '../../commands/log-errors.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { eventSubject } from '../../infra/jetstream/subjects.ts'
import type { StreamId } from '../../schemas/commit.ts'
import { chainHash, encodeCommit } from '../../schemas/commit-codec.ts'
import { draft, positionOf, start, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { appendMany, eventLogContract, mustAppend } from './event-log-contract.ts'

const world = await startLogWorld()
eventLogContract('JetStream', () => createJetStreamEventLog(world.connection))

const test = suite('JetStream, forged, torn and far-spread streams')

const publish = async (to: StreamId, payload: string, fields: Readonly<Record<string, string>>): Promise<void> => {
  const header = headers()
  for (const [name, value] of Object.entries(fields)) header.set(name, value)
  world.connection.publish(eventSubject(to), payload, { headers: header })
  await world.connection.flush()
}

const readFails = async (to: StreamId, after = start): Promise<CorruptCommit> => {
  const log = await createJetStreamEventLog(world.connection)
  const error: unknown = await log.read(to, after).catch((thrown: unknown) => thrown)
  if (!(error instanceof CorruptCommit)) throw new Error(`expected CorruptCommit, got ${String(error)}`)
  return error
}

test('a commit with a changed payload is detected, named by subject and sequence', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const first = await mustAppend(log, to, start, draft())
  const { payload, headers: fields } = encodeCommit(to, first, draft())
  await publish(to, payload.replace('Disk full', 'Disk fine'), fields)
  const error = await readFails(to)
  assert.match(error.message, eventSubject(to))
  assert.match(error.message, String(first.sequence + 1))
  assert.match((await readFails(to, positionOf(first))).message, 'hash')
})

test('a commit with the right hash and the wrong version is detected', async () => {
  const to = stream()
  const { payload, headers: fields } = encodeCommit(to, { version: 4, hash: '' }, draft())
  await publish(to, payload, fields)
  assert.match((await readFails(to)).message, 'begins at version 5, not 1')
})

test('a message without headers, or that is no JSON, is detected also far into a long stream', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  await appendMany(log, to, 9)
  await publish(to, 'garbage', {})
  await readFails(to)
})

test('an event type of a newer build is read as unknown and kept', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const what = draft()
  const encoded = encodeCommit(to, start, what)
  const payload = encoded.payload.replace('casebook.session.started.v1', 'casebook.session.started.v2')
  await publish(to, payload, { ...encoded.headers, 'Casebook-Hash': chainHash('', payload) })
  const [commit] = await log.read(to, start)
  const event = commit?.events[0]
  assert.is(event?.type, 'unknown')
  assert.is(event?.type === 'unknown' && event.storedType, 'casebook.session.started.v2')
  if (commit !== undefined) await mustAppend(log, to, positionOf(commit), draft())
})

test('commits that do not name the one before are read from the front', async () => {
  const to = stream()
  let before: Pick<StreamPosition, 'version' | 'hash'> = start
  for (let nth = 0; nth < 20; nth++) {
    const { payload, headers: fields, hash, version } = encodeCommit(to, before, draft())
    await publish(to, payload, fields)
    before = { hash, version }
  }
  const log = await createJetStreamEventLog(world.connection)
  const commits = await log.read(to, start)
  assert.equal([commits.length, commits.at(-1)?.hash], [20, before.hash])
  const [first] = commits
  assert.is((await log.read(to, first === undefined ? start : positionOf(first))).length, 19)
})

test('a stream of which a commit in the middle is gone does not read as a shorter one', async () => {
  const log = await createJetStreamEventLog(world.connection)
  for (const gone of [0, 5, 38]) {
    const to = stream()
    const commits = await appendMany(log, to, 40)
    const [erased, next] = commits.slice(gone)
    await world.manager.streams.deleteMessage(eventsStream, erased?.sequence ?? 0, false)
    const error = await readFails(to)
    assert.match(error.message, String(next?.sequence))
    assert.match(error.message, 'hash')
  }
})

test('a stream spread over a long log is read without what lies between', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const commits = await appendMany(log, to, 20)
  const { last_seq: before } = (await world.manager.streams.info(eventsStream)).state
  for (let nth = 0; nth < 51_000; nth++) world.connection.publish(eventSubject(stream('ses_between')), '')
  const passed = async () => (await world.manager.streams.info(eventsStream)).state.last_seq >= before + 51_000
  await eventually(passed, { describe: 'all between is stored' })
  const consumers: string[] = []
  const asked = world.connection.subscribe('$JS.API.CONSUMER.CREATE.>', {
    callback: (_, { subject }) => void consumers.push(subject),
  })
  await world.connection.flush()
  const other = await createJetStreamEventLog(await world.connect())
  for (const late of [1, 29]) {
    for (let nth = 0; nth < late; nth++) {
      const last = commits.at(-1)
      if (last !== undefined) commits.push(await mustAppend(log, to, positionOf(last), draft()))
    }
    assert.equal(await other.read(to, start), commits)
    await world.connection.flush()
    assert.equal(consumers, [])
  }
  const dense = stream()
  await appendMany(log, dense, 40)
  await other.read(dense, start)
  await eventually(() => consumers.length === 1, { describe: 'the dense one is read by a consumer' })
  asked.unsubscribe()
})

test.after(world.stop)
test.run()

// The log on JetStream keeps the contract, and tells a forged message from a commit.
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CorruptCommit } from '../../commands/log-errors.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventSubject } from '../../infra/jetstream/subjects.ts'
import type { StreamId } from '../../schemas/commit.ts'
import { chainHash, encodeCommit } from '../../schemas/commit-codec.ts'
import { draft, positionOf, start, stream } from '../support/commit-samples.ts'
import { startLogWorld } from '../support/log-world.ts'
import { appendMany, eventLogContract, mustAppend } from './event-log-contract.ts'

const world = await startLogWorld()
eventLogContract('JetStream', () => createJetStreamEventLog(world.connection))

const test = suite('JetStream, forged messages')

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

test.after(world.stop)
test.run()

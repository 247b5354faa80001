// Erasing a session takes its commits alone: what handlers have not acknowledged of others comes to them again.
import { jetstream } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { nanos } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { createStoreText } from '../../handlers/store-text.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { createMayErase } from '../../infra/jetstream/delete-messages.ts'
import { blobBucket, createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { eventSubject, everyEvent } from '../../infra/jetstream/subjects.ts'
import { createSessionEraser, type SessionEraserDependencies } from '../../infra/session-eraser.ts'
import { DatabaseUnavailable } from '../../projections/database.ts'
import { ProjectionBehind } from '../../projections/projection-errors.ts'
import { sessionId } from '../../schemas/ids.ts'
import { draft, start, stream } from '../support/commit-samples.ts'
import { type LogWorld, startLogWorld } from '../support/log-world.ts'
import { appendMany, mustAppend } from './event-log-contract.ts'

let world: LogWorld
test.before(async () => {
  world = await startLogWorld()
  await new Objm(world.connection).create(blobBucket)
})
test.after(() => world.stop())

const eraserOf = (changes: Partial<SessionEraserDependencies> = {}) =>
  createSessionEraser({
    connection: world.connection,
    copied: () => Promise.resolve(),
    namedElsewhere: () => Promise.resolve(new Set<string>()),
    eraseCopies: () => Promise.resolve(),
    ...changes,
  })

/** A session with commits, a blob that they name, and a parked message of its own. */
const sessionWithEverything = async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const id = sessionId.parse(to.id)
  const blobs = await createJetStreamBlobStore(world.connection)
  const text = `${to.id} ${'x'.repeat(70_000)}`
  const input = await createStoreText(blobs)(text)
  assert.ok(input.blob)
  const origin = { kind: 'request' } as const
  const data = { sessionId: id, title: 'To be forgotten', input, origin, labels: {} }
  const commit = await mustAppend(log, to, start, draft({ events: [{ type: 'session.started', data }] }))
  const letters = await createDeadLetters(world.connection)
  await letters.park({
    consumer: 'planner',
    subject: eventSubject(to),
    stream: eventsStream,
    sequence: commit.sequence,
    attempts: 5,
    error: { code: 'unexpected', message: `No plan for ${to.id}.` },
    headers: {},
    payload: text,
  })
  const { sha256 } = input.blob
  const left = async () => ({
    commits: await messagesOfSubject(eventSubject(to)),
    letters: (await letters.list(50)).filter(({ subject }) => subject === eventSubject(to)).length,
    blob: (await blobs.get(sha256)) !== null,
  })
  const erase = async (changes: Partial<SessionEraserDependencies> = {}): Promise<unknown> =>
    (await eraserOf(changes)).erase(to.org, id).catch((error: unknown) => error)
  return { to, left, erase }
}
const whole = { commits: 1, letters: 1, blob: true }
const codeOf = (outcome: unknown): string => z.object({ code: z.string() }).parse(outcome).code

test('commits of other sessions that a handler has not acknowledged are delivered again after an erasure', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const [gone, kept] = [stream(), stream()]
  await appendMany(log, gone, 3)
  await appendMany(log, kept, 3)
  await world.manager.consumers.add(eventsStream, {
    durable_name: 'died',
    ack_policy: 'explicit',
    ack_wait: nanos(500),
    filter_subject: everyEvent,
  })
  const consumer = await jetstream(world.connection).consumers.get(eventsStream, 'died')
  const take = async (count: number, ack: boolean): Promise<readonly string[]> => {
    const subjects: string[] = []
    for await (const message of await consumer.fetch({ max_messages: count, expires: 30_000 })) {
      subjects.push(message.subject)
      if (ack) message.ack()
    }
    return subjects
  }
  assert.is((await take(6, false)).length, 6)
  // The first comes again; the others are due as well, and wait in the server for whoever asks.
  assert.equal(await take(1, false), [eventSubject(gone)])

  const erased = await (await eraserOf()).erase(gone.org, sessionId.parse(gone.id))
  assert.equal(erased, { commits: 3, blobs: 0, blobsKept: 0 })
  assert.equal([await messagesOfSubject(eventSubject(gone)), await messagesOfSubject(eventSubject(kept))], [0, 3])
  assert.equal(await take(3, true), [eventSubject(kept), eventSubject(kept), eventSubject(kept)])
})

test('an erasure that was broken off is finished by the next attempt, and one that is done finds nothing', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  const commits = await appendMany(log, to, 4)
  await world.manager.streams.deleteMessage(eventsStream, Number(commits[1]?.sequence), false)
  const eraser = await eraserOf()
  assert.is((await eraser.erase(to.org, sessionId.parse(to.id))).commits, 3)
  assert.is(await messagesOfSubject(eventSubject(to)), 0)
  assert.is((await eraser.erase(to.org, sessionId.parse(to.id))).commits, 0)
})

test('an erasure takes commits, blobs and dead letters; one that cannot be made now has taken none of them', async () => {
  const { left, erase } = await sessionWithEverything()
  assert.equal(await left(), whole)
  assert.is(
    codeOf(await erase({ copied: () => Promise.reject(new ProjectionBehind('audit', 2, 1)) })),
    'projection_behind',
  )
  assert.equal(await left(), whole, 'the second copy is behind')
  const away = new DatabaseUnavailable()
  assert.is(codeOf(await erase({ namedElsewhere: () => Promise.reject(away) })), 'database_unavailable')
  assert.equal(await left(), whole, 'the database is away')
  await erase()
  assert.equal(await left(), { commits: 0, letters: 0, blob: false })
})

test('of a session with a message that is no commit nothing is erased', async () => {
  const { to, left, erase } = await sessionWithEverything()
  await jetstream(world.connection).publish(eventSubject(to), 'no commit')
  assert.ok((await erase()) instanceof Error)
  assert.equal(await left(), { ...whole, commits: 2 })
})

const messagesOfSubject = async (subject: string): Promise<number> => {
  const { state } = await world.manager.streams.info(eventsStream, { subjects_filter: subject })
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0)
}

test('a log that denies deletes is purged by a newer server, and left whole by 2.9', async () => {
  const { left, erase } = await sessionWithEverything()
  const mayErase = createMayErase(world.connection)
  await mayErase()
  await world.manager.streams.update(eventsStream, { deny_delete: true })
  if (world.connection.info?.version.startsWith('2.9.') === true) {
    assert.is(codeOf(await mayErase().catch((error: unknown) => error)), 'erasure_unsafe')
    assert.is(codeOf(await erase()), 'erasure_unsafe')
    assert.equal(await left(), whole)
  } else {
    await mayErase()
    await erase()
    assert.equal(await left(), { commits: 0, letters: 0, blob: false })
  }
})

test.run()

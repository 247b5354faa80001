// Erasing a session takes its commits alone: what handlers have not acknowledged of others comes to them again.
import { jetstream } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { nanos } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { blobBucket } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { eventSubject, everyEvent } from '../../infra/jetstream/subjects.ts'
import { createSessionEraser } from '../../infra/session-eraser.ts'
import { sessionId } from '../../schemas/ids.ts'
import { stream } from '../support/commit-samples.ts'
import { type LogWorld, startLogWorld } from '../support/log-world.ts'
import { appendMany } from './event-log-contract.ts'

let world: LogWorld
test.before(async () => {
  world = await startLogWorld()
  await new Objm(world.connection).create(blobBucket)
})
test.after(() => world.stop())

const eraserOf = () =>
  createSessionEraser({
    connection: world.connection,
    copied: () => Promise.resolve(),
    namedElsewhere: () => Promise.resolve(new Set<string>()),
  })

const messagesOfSubject = async (subject: string): Promise<number> => {
  const { state } = await world.manager.streams.info(eventsStream, { subjects_filter: subject })
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0)
}

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
    for await (const message of await consumer.fetch({ max_messages: count, expires: 5_000 })) {
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

test('a log that denies deletes is purged by a newer server, and left whole by 2.9', async () => {
  const log = await createJetStreamEventLog(world.connection)
  const to = stream()
  await appendMany(log, to, 2)
  await world.manager.streams.update(eventsStream, { deny_delete: true })
  const eraser = await eraserOf()
  const outcome = await eraser.erase(to.org, sessionId.parse(to.id)).catch((error: unknown) => error)
  if (world.connection.info?.version.startsWith('2.9.') === true) {
    assert.is(z.object({ code: z.string() }).parse(outcome).code, 'erasure_unsafe')
    assert.is(await messagesOfSubject(eventSubject(to)), 2)
  } else assert.is(await messagesOfSubject(eventSubject(to)), 0)
})

test.run()

// Commands queued on a real NATS: decided once, in order, whenever Casebook is there; what cannot be is parked with its reason.
import { jetstream } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import type { EventLog } from '../../commands/event-log.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { createDecideQueued } from '../../gateways/bus/decide-queued.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { startCommandIntake } from '../../handlers/command-intake.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { createCommandQueue } from '../../infra/jetstream/command-queue.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createRequestKeys } from '../../infra/jetstream/request-keys.ts'
import { ensureStreams, eventsStream, intakeStream } from '../../infra/jetstream/streams.ts'
import { commandSubject, eventSubject } from '../../infra/jetstream/subjects.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { quiet } from '../support/servers.ts'

const org = orgId.parse('default')
const patient = { withinMs: 60_000 }

const world = await (async () => {
  const servers = await startLogWorld()
  const { connection, manager } = servers
  const deadLetters = await createDeadLetters(connection)
  const log = await createJetStreamEventLog(connection)
  const bus = createCommandBus(log)
  const requestKeys = await createRequestKeys(connection)
  const storeText = createStoreText(await createJetStreamBlobStore(connection))
  const client = jetstream(connection)
  /** A process of its own: it knows nothing of what another one has decided. */
  const start = (through: (log: EventLog) => EventLog = (each) => each) => {
    const deps = {
      bus: createCommandBus(through(log)),
      requestKeys,
      storeText,
      checkArguments: createCheckArguments(),
    }
    const queue = createCommandQueue(connection, deadLetters, quiet)
    return startCommandIntake({ queue, decide: createDecideQueued(deps), log: quiet })
  }
  return {
    ...servers,
    bus,
    log,
    start,
    deadLetters,
    /** Durable when it resolves. */
    publish: async (
      name: string,
      body: unknown,
      { msgId, fields = {}, to = 'default' }: { msgId?: string; fields?: Record<string, string>; to?: string } = {},
    ) => {
      const header = headers()
      for (const [field, value] of Object.entries(fields)) header.set(field, value)
      const payload = typeof body === 'string' ? body : JSON.stringify(body)
      return client.publish(commandSubject(to, name), payload, {
        headers: header,
        ...(msgId !== undefined && { msgID: msgId }),
      })
    },
    unsettled: async () => (await manager.streams.info(intakeStream)).state.messages,
    commits: async () => (await manager.streams.info(eventsStream)).state.messages,
    session: (id: string) => bus.session(org, sessionId.parse(id)),
  }
})()
test.after(() => world.stop())

const settled = () => eventually(async () => (await world.unsettled()) === 0, patient)
const during = async (work: () => Promise<unknown>, ...through: Parameters<typeof world.start>): Promise<void> => {
  const intake = world.start(...through)
  try {
    await work()
  } finally {
    await intake.stop(1_000)
  }
}
const start = (id: string) => ({ sessionId: id, title: id, input: { text: 'password=hunter2secret' } })

test('what is published while nobody is there is acknowledged, kept, and decided in its order by who comes', async () => {
  const ack = await world.publish('StartSession', start('ses_LATER'))
  assert.is(ack.stream, intakeStream)
  await world.publish('CancelSession', { sessionId: 'ses_LATER', reason: 'a false alarm' })
  assert.is(await world.commits(), 0)
  await during(settled)
  assert.is((await world.session('ses_LATER')).status, 'cancelled')
  assert.is(await world.deadLetters.count(), 0)
})

test('correlation and trace of the sender stand on what is recorded, and its secrets do not', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await world.publish('StartSession', start('ses_TRACED'), { fields: { 'Correlation-Id': 'c-7', traceparent } })
  await during(settled)
  const stream = { org, category: 'session', id: 'ses_TRACED' } as const
  const message = await world.manager.streams.getMessage(eventsStream, { last_by_subj: eventSubject(stream) })
  assert.match(message?.string() ?? '', '"correlationid":"c-7"')
  assert.is(message?.header.get('traceparent'), traceparent)
  assert.not.match(message?.string() ?? '', 'hunter2secret')
})

test('the same key is done once, however it comes and however often', async () => {
  const before = await world.commits()
  const body = { title: 'Once', input: { text: 'x' } }
  await during(async () => {
    await world.publish('StartSession', body, { msgId: 'once-1' })
    await settled()
    // The server forgets a message id after some minutes, and cannot know the key of another header.
    await world.publish('StartSession', body, { fields: { 'Idempotency-Key': 'once-1' } })
    await settled()
  })
  assert.is((await world.publish('StartSession', body, { msgId: 'once-1' })).duplicate, true)
  assert.is(await world.commits(), before + 1)
  assert.is(await world.deadLetters.count(), 0)
})

test('a message that comes again because its taker died is done once, key or no key', async () => {
  const before = await world.commits()
  await world.publish('StartSession', { title: 'No key', input: { text: 'x' } })
  const dies = (log: EventLog): EventLog => ({
    read: (stream, after) => log.read(stream, after),
    append: async (...args) => {
      await log.append(...args)
      throw new LogUnavailable('the answer was lost')
    },
  })
  await during(() => eventually(async () => (await world.commits()) === before + 1, patient), dies)
  await during(settled)
  assert.is(await world.commits(), before + 1)
})

test('while the log is away a command is put off, and those behind it keep their place', async () => {
  let away = true
  const shaky = (log: EventLog): EventLog => ({
    read: (stream, after) => log.read(stream, after),
    append: (...args) => (away ? Promise.reject(new LogUnavailable('testing')) : log.append(...args)),
  })
  await during(async () => {
    await world.publish('StartSession', start('ses_AWAY'))
    await world.publish('CancelSession', { sessionId: 'ses_AWAY' })
    const redelivered = async () => (await world.manager.consumers.info(intakeStream, 'commands')).num_redelivered > 0
    await eventually(redelivered, patient)
    assert.is(await world.unsettled(), 2)
    away = false
    await settled()
  }, shaky)
  assert.is((await world.session('ses_AWAY')).status, 'cancelled')
  assert.is(await world.deadLetters.count(), 0)
})

test('two processes keep the order between them', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `ses_PAIR${index}`)
  await during(() =>
    during(async () => {
      for (const id of ids) {
        await world.publish('StartSession', start(id))
        await world.publish('CancelSession', { sessionId: id })
      }
      await settled()
    }),
  )
  const states = await Promise.all(ids.map(world.session))
  assert.ok(states.every(({ status }) => status === 'cancelled'))
  assert.is(await world.deadLetters.count(), 0)
})

test('what cannot be read, is not valid or is answered "no" is parked once with its reason, and stops none behind it', async () => {
  const commits = await world.commits()
  const bad = [
    ['StartSession', '{"input": "password=hunter2secret', {}, 'malformed_json', /^It is not JSON/],
    ['StartSession', `${'['.repeat(200)}${']'.repeat(200)}`, {}, 'too_deep', /100/],
    ['StartSession', start('ses_X'), { to: 'Not_An_Org' }, 'invalid_request', /Not_An_Org/],
    ['StartSession', start('ses_X'), { fields: { 'Idempotency-Key': 'a b' } }, 'invalid_request', /idempotency key/],
    ['StartSession', { titel: 'x' }, {}, 'invalid_command', /titel/],
    ['Nonsense', {}, {}, 'unknown_command', /Nonsense/],
    ['RecordSummary', {}, {}, 'unknown_command', /RecordSummary/],
    ['CancelSession', { sessionId: 'ses_01UNKNOWN' }, {}, 'rejected', /^session_not_found: /],
    ['PauseSession', { sessionId: 'ses_LATER' }, {}, 'rejected', /^session_ended: /],
    ['StartSession', { title: 'Other' }, { fields: { 'Idempotency-Key': 'once-1' } }, 'invalid_command', /input/],
    [
      'StartSession',
      { title: 'Other', input: { text: '' } },
      { fields: { 'Idempotency-Key': 'once-1' } },
      'idempotency_conflict',
      /once-1/,
    ],
  ] as const
  for (const [name, body, how] of bad) await world.publish(name, body, how)
  await world.publish('StartSession', start('ses_BEHIND'))
  await during(settled)

  assert.is((await world.session('ses_BEHIND')).status, 'queued')
  assert.is(await world.commits(), commits + 1)
  const letters = (await world.deadLetters.list(50)).toReversed()
  assert.is(letters.length, bad.length)
  for (const [index, [name, , , code, message]] of bad.entries()) {
    const letter = letters[index]
    assert.is(letter?.error.code, code, name)
    assert.match(letter?.error.message ?? '', message)
    assert.is(letter?.attempts, 1)
    assert.not.match(JSON.stringify(letter), 'hunter2secret')
  }
})

test('what fails for a reason nobody knows is tried some times and then parked', async () => {
  const before = await world.deadLetters.count()
  const broken = (log: EventLog): EventLog => ({
    read: (stream, after) => log.read(stream, after),
    append: () => Promise.reject(new TypeError('undefined is not a function')),
  })
  await world.publish('StartSession', start('ses_BROKEN'))
  await during(settled, broken)
  assert.is(await world.deadLetters.count(), before + 1)
  const [letter] = await world.deadLetters.list(1)
  assert.equal([letter?.error.code, letter?.attempts], ['unexpected', 5])
})

test('the stream of an older data folder learns the subject of commands, and keeps what lies in it', async () => {
  const { config } = await world.manager.streams.info(intakeStream)
  await world.manager.streams.update(intakeStream, { ...config, subjects: ['casebook.alerts.*'] })
  const client = jetstream(world.connection)
  await client.publish('casebook.alerts.default', '{"title": "Kept"}')
  await ensureStreams(world.connection)
  const { config: updated, state } = await world.manager.streams.info(intakeStream)
  assert.equal(updated.subjects, config.subjects)
  assert.is(state.messages, 1)
  await world.publish('StartSession', start('ses_UPDATED'))
  const commanded = async () => (await world.session('ses_UPDATED')).status === 'queued'
  await during(() => eventually(commanded, patient))
})

test('a stream with a subject that is not ours is refused as before, and not changed', async () => {
  const { config } = await world.manager.streams.info(intakeStream)
  const foreign = ['casebook.alerts.*', 'elsewhere.>']
  await world.manager.streams.update(intakeStream, { ...config, subjects: foreign })
  try {
    await ensureStreams(world.connection)
    assert.unreachable()
  } catch (error) {
    assert.match(String(error), 'subjects is ["casebook.alerts.*","elsewhere.>"]')
  }
  assert.equal((await world.manager.streams.info(intakeStream)).config.subjects, foreign)
  await world.manager.streams.update(intakeStream, config)
})

test.run()

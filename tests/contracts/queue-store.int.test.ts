// The queue of sessions between processes: one contract for memory and a real NATS, and three processes that race over it.
import { Kvm } from '@nats-io/kv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { emptyQueue } from '../../domain/queue/queue-state.ts'
import { startAdmission } from '../../handlers/admission.ts'
import type { QueueStore } from '../../handlers/ports/queue-store.ts'
import { startCommitFeed } from '../../infra/commit-feed.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { createJetStreamQueueStore, queueBucket } from '../../infra/jetstream/jetstream-queue-store.ts'
import { createMemoryQueueStore } from '../../infra/memory/memory-queue-store.ts'
import { observeAppends } from '../../infra/own-commits.ts'
import { readWholeLog } from '../../infra/whole-log.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import type { CommandData, CommandOf, CommandType } from '../../schemas/commands.ts'
import { commandId, correlationId, type OrgId, orgId, type SessionId, sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { waiter } from '../support/queue-samples.ts'
import { quiet } from '../support/servers.ts'
import { plan } from '../support/session-samples.ts'

const patient = { withinMs: 60_000 }
const world = await startLogWorld()
/** Of processes that a failed test has left at work. */
const ends: (() => Promise<void>)[] = []
test.after(async () => {
  await Promise.allSettled(ends.map((end) => end()))
  await world.stop()
})

const stores: Readonly<Record<string, () => Promise<QueueStore>>> = {
  memory: () => Promise.resolve(createMemoryQueueStore()),
  nats: () => createJetStreamQueueStore(world.connection),
}
for (const [name, open] of Object.entries(stores)) {
  test(`${name}: what is written is read, and only whoever read it last may change it`, async () => {
    const store = await open()
    assert.is(await store.read(), null)
    const state = { running: [waiter(1, { org: 'two' })], waiting: [waiter(2, { lane: 'low' })], served: { two: 3 } }
    assert.is(await store.write(state, null), 'written')
    assert.is(await store.write(emptyQueue, null), 'conflict')
    const stored = await store.read()
    assert.equal(stored?.state, state)
    assert.is(await store.write(emptyQueue, stored?.revision ?? 0), 'written')
    assert.is(await store.write(state, stored?.revision ?? 0), 'conflict')
    assert.equal((await store.read())?.state, emptyQueue)
  })
}

test('nats: a queue that no message holds is refused, and the one before stays', async () => {
  const store = await createJetStreamQueueStore(world.connection)
  const before = await store.read()
  const waiting = Array.from({ length: 40_000 }, (_, index) => waiter(index))
  assert.is(await store.write({ ...emptyQueue, waiting }, before?.revision ?? null), 'too_large')
  const five = Array.from({ length: 5_000 }, (_, index) => waiter(index, { org: `o${index}`.padEnd(63, 'x') }))
  assert.is(await store.write({ ...emptyQueue, waiting: five }, before?.revision ?? null), 'written')
})

const settings = (maxSessions: number) => {
  const parsed = configuration.parse({
    defaults: { provider: 'p', chain: 'c', summary_agent: 'a', queue: { max_sessions: maxSessions } },
    ...{ agents: {}, chains: {}, mcp_servers: {}, providers: {} },
  })
  return { current: () => ({ configuration: parsed, hash: '' }) }
}

/** One process: its own connection, log, bus and admission. */
const startProcess = async (maxSessions: number) => {
  const connection = await world.connect()
  const own = observeAppends(await createJetStreamEventLog(connection))
  const bus = createCommandBus(own.log)
  const reader = await createJetStreamLogReader(connection, quiet)
  const feed = await startCommitFeed(reader)
  const admission = startAdmission({
    store: await createJetStreamQueueStore(connection),
    bus,
    eventLog: own.log,
    settings: settings(maxSessions),
    ownCommits: own,
    feed,
    readWholeLog: () => readWholeLog(reader),
    log: quiet,
    everyMs: 100,
  })
  const send = <T extends CommandType>(org: OrgId, type: T, data: CommandData<T>) =>
    bus.send({
      ...({ type, data } as CommandOf<CommandType>),
      metadata: {
        org,
        commandId: commandId.parse(`test:${Math.random()}`),
        actor: { kind: 'handler', id: 'test' },
        at: new Date().toISOString(),
        correlationId: correlationId.parse('from-the-test'),
        causationId: 'test',
      },
    })
  const stop = async (): Promise<void> => {
    await admission.stop()
    await feed.stop()
  }
  ends.push(stop)
  return {
    send,
    open: async (org: OrgId, id: SessionId): Promise<void> => {
      const data = { sessionId: id, title: 't', input: { text: '' }, origin: { kind: 'request' as const }, labels: {} }
      await send(org, 'StartSession', data)
      await send(org, 'AdoptPlan', { sessionId: id, plan: { ...plan(), queue: { lane: 'normal' } } })
    },
    join: (org: OrgId, id: SessionId) =>
      admission.join({ id, org, chain: 'default', lane: 'normal', since: Date.now() }, new AbortController().signal),
    stop,
  }
}

/** What the log says: who is at work, at its height, and who was ever admitted and has ended. */
const told = async () => {
  const reader = await createJetStreamLogReader(world.connection, quiet)
  const running = new Set<string>()
  const course = { most: 0, admitted: [] as string[], ended: [] as string[], running, correlations: new Set<string>() }
  for await (const { stream, events, correlationId: correlation } of readWholeLog(reader)) {
    for (const event of events) {
      if (event.type === 'session.admitted') {
        running.add(stream.id)
        course.admitted.push(stream.id)
        course.correlations.add(correlation)
      }
      if (event.type === 'session.ended') {
        running.delete(stream.id)
        course.ended.push(stream.id)
      }
      course.most = Math.max(course.most, running.size)
    }
  }
  return course
}

test('three processes that race, lose the queue and die in between run no more than may, and every session once', async () => {
  const store = await createJetStreamQueueStore(world.connection)
  const bucket = await new Kvm(world.connection).open(queueBucket)
  await bucket.purge('sessions')
  assert.is(await store.read(), null)

  const [one, two, three] = await Promise.all([startProcess(3), startProcess(3), startProcess(3)])
  const orgs = [orgId.parse('one'), orgId.parse('two')] as const
  const all = Array.from({ length: 24 }, (_, index) => ({
    org: orgs[index % 2] ?? orgs[0],
    id: sessionId.parse(`ses_RACE${String(index).padStart(4, '0')}`),
  }))
  const processes = [one, two, three]
  await Promise.all(
    all.map(async ({ org, id }, index) => {
      const process = processes[index % 3] ?? one
      await process.open(org, id)
      // As a redelivery to two processes would.
      await Promise.all([process.join(org, id), two.join(org, id)])
    }),
  )
  const cancel = async (id: string): Promise<void> => {
    const { org } = all.find((each) => each.id === id) ?? { org: orgs[0] }
    const by = processes[Math.floor(Math.random() * 2)] ?? one
    await by.send(org, 'CancelSession', { sessionId: sessionId.parse(id), reason: '' })
  }
  // One that waits is cancelled: it must never take a place.
  const waiting = (await eventually(async () => (await store.read())?.state.waiting.at(-1), patient)).id
  await cancel(waiting)
  await eventually(async () => !(await store.read())?.state.waiting.some(({ id }) => id === waiting), patient)

  // One process goes, having been told of nothing; the queue is lost, and made from the log.
  await three.stop()
  processes.pop()
  await eventually(async () => (await told()).running.size === 3, patient)
  const before = (await store.read())?.state
  await bucket.purge('sessions')
  await eventually(async () => {
    const state = (await store.read())?.state
    return state?.running.length === 3 && state.waiting.length === before?.waiting.length
  }, patient)

  await eventually(async () => {
    const { ended, running } = await told()
    await Promise.all([...running].map(cancel))
    return ended.length === all.length
  }, patient)
  const course = await told()
  assert.is(course.most, 3)
  assert.is(course.ended.length, 24)
  assert.is(new Set(course.admitted).size, 23)
  assert.is(course.admitted.length, 23)
  assert.not.ok(course.admitted.includes(waiting))
  assert.equal([...course.correlations], ['from-the-test'])
  await eventually(async () => (await store.read())?.state.running.length === 0, patient)
  await Promise.all([one.stop(), two.stop()])
})

test.run()

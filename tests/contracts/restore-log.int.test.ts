// A log written back from a copy is the log it was: every message, header and sequence, over gaps, repetitions and breaks.
import { jetstreamManager } from '@nats-io/jetstream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import {
  CopyUnsound,
  LogNotEmpty,
  NothingToRestore,
  RestoreBrokenOff,
  RestoreUnfinished,
} from '../../infra/jetstream/restore-errors.ts'
import { type RestoreOptions, restoreLog } from '../../infra/jetstream/restore-log.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { eventSubject } from '../../infra/jetstream/subjects.ts'
import type { LogCopy, StoredCommit } from '../../projections/log-copy.ts'
import { commandId } from '../../schemas/ids.ts'
import { draft, positionOf, start, startedEvent, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats } from '../support/servers.ts'
import { copyOf, storedMessages } from '../support/stored-messages.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { appendMany, mustAppend } from './event-log-contract.ts'

const test = suite('writing a log back')
const running: (() => Promise<unknown>)[] = []
test.after(async () => {
  for (const stop of running.reverse()) await stop()
})

const startServer = async () => {
  const nats = await startNats()
  running.push(nats.stop)
  const connect = async (url = nats.url) => {
    const connection = await connectNats(url, 'test', quiet, { reconnect: url === nats.url })
    running.push(() => connection.close())
    return connection
  }
  const connection = await connect()
  return { nats, connect, connection, manager: await jetstreamManager(connection) }
}

/** Thirty commits on three streams; in `commits` those of the second are erased. */
const original = await (async () => {
  const { connection, manager } = await startServer()
  await ensureStreams(connection)
  const log = await createJetStreamEventLog(connection)
  const [kept, erased, third] = [stream(), stream(), stream()]
  for (const to of [kept, erased, third]) await appendMany(log, to, 10)
  const whole = await storedMessages(manager)
  await manager.streams.purge(eventsStream, { filter: eventSubject(erased) })
  return { whole, commits: await storedMessages(manager), kept, erased }
})()

const restore = async (copy: LogCopy, options?: RestoreOptions, server?: Awaited<ReturnType<typeof startServer>>) => {
  const into = server ?? (await startServer())
  return { ...into, restored: await restoreLog(await into.connect(), copy, options) }
}

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('every message comes back with its sequence, subject, headers and payload', async () => {
  const progress: number[][] = []
  const { connection, manager, restored } = await restore(copyOf(original.whole), {
    onProgress: (...each) => progress.push(each),
  })
  assert.equal(await storedMessages(manager), original.whole)
  assert.is(restored.sequence, 30)
  assert.is(restored.written, 30)
  assert.equal(progress.at(-1), [30, 30])
  // The log is one again: processes start on it and write to it.
  const { epoch } = await ensureStreams(connection)
  assert.is(restored.epoch, epoch)
  const log = await createJetStreamEventLog(connection)
  const commits = await log.read(original.kept, start)
  assert.is(commits.length, 10)
  const last = commits.at(-1)
  if (last === undefined) throw new Error('no commit')
  const next = await mustAppend(log, original.kept, positionOf(last), draft({ events: [startedEvent('more')] }))
  assert.is(next.sequence, 31)
})

test('what was erased leaves the same gap, at the end of the log too', async () => {
  const { manager } = await restore(copyOf(original.commits))
  assert.equal(await storedMessages(manager), original.commits)
  const shorter = original.whole.filter(({ subject }) => subject === eventSubject(original.kept))
  const cut = await restore(copyOf(shorter, { upTo: 30 }))
  assert.equal(await storedMessages(cut.manager), shorter)
  assert.is((await cut.manager.streams.info(eventsStream)).state.last_seq, 30)
})

test('an id that came again after its time comes again', async () => {
  const { connection, manager } = await startServer()
  await ensureStreams(connection)
  await manager.streams.update(eventsStream, { duplicate_window: 100_000_000 })
  const log = await createJetStreamEventLog(connection)
  const id = commandId.parse('cmd-again')
  await mustAppend(log, stream(), start, draft({ commandId: id }))
  await eventually(async () => (await log.append(stream(), start, draft({ commandId: id }))).kind === 'appended')
  const commits = await storedMessages(manager)
  assert.is(commits.length, 2)
  const restored = await restore(copyOf(commits))
  assert.equal(await storedMessages(restored.manager), commits)
})

test('a log that holds anything else is left alone', async () => {
  const server = await startServer()
  await ensureStreams(server.connection)
  const log = await createJetStreamEventLog(server.connection)
  await appendMany(log, stream(), 1)
  const before = await storedMessages(server.manager)
  assert.instance(await thrownBy(restore(copyOf(original.whole), {}, server)), LogNotEmpty)
  assert.equal(await storedMessages(server.manager), before)
  // One that goes on behind the copy's end is none of the copy's business either.
  const whole = await restore(copyOf(original.whole))
  assert.instance(await thrownBy(restore(copyOf(original.whole.slice(0, 20)), {}, whole)), LogNotEmpty)
})

test('a log that has lost its end is completed; one that has lost nothing is left as it is', async () => {
  const server = await restore(copyOf(original.whole.slice(0, 17)))
  const { epoch } = server.restored
  const completed = await restore(copyOf(original.whole), {}, server)
  assert.equal(await storedMessages(server.manager), original.whole)
  assert.equal(completed.restored, { epoch, sequence: 30, commits: 30, written: 13 })
  assert.is((await restore(copyOf(original.whole), {}, server)).restored.written, 0)
})

test('a copy that was changed, reordered, shortened or added to is refused before anything is written', async () => {
  const at = (index: number): StoredCommit =>
    original.whole[index] ?? { sequence: 0, subject: '', headers: {}, payload: '' }
  const other = { sequence: at(4).sequence, payload: at(5).payload, headers: at(5).headers }
  const faults: Readonly<Record<string, readonly StoredCommit[]>> = {
    changed: original.whole.with(4, { ...at(4), payload: `${at(4).payload} ` }),
    removed: original.whole.toSpliced(4, 1),
    reordered: original.whole.with(4, { ...at(4), ...other }).with(5, { ...at(5), ...at(4), sequence: at(5).sequence }),
    added: original.whole.toSpliced(5, 0, at(4)),
  }
  for (const [what, commits] of Object.entries(faults)) {
    const server = await startServer()
    const error = await thrownBy(restore(copyOf(commits), {}, server))
    assert.instance(error, CopyUnsound, what)
    assert.match(String(error), /commit [4-7] on casebook\.events\.default\.session\./, what)
    assert.instance(await thrownBy(server.manager.streams.info(eventsStream)), Error, what)
  }
  assert.instance(await thrownBy(restore(copyOf([]))), NothingToRestore)
})

test('broken off at any message, it is no log for anybody, and the next attempt ends with the same', async () => {
  const server = await startServer()
  const proxy = await startTcpProxy(Number(new URL(server.nats.url).port))
  running.push(proxy.close)
  const url = new URL(server.nats.url)
  url.port = String(proxy.port)
  let sent = 0
  const breaking = copyOf(original.commits, {
    async *read() {
      sent++
      for (const [index, commit] of original.commits.entries()) {
        // The first reading checks, the second writes.
        if (sent === 2 && index === 14) {
          await eventually(async () => (await server.manager.streams.info(eventsStream)).state.messages > 0)
          proxy.cut()
        }
        yield [commit]
      }
    },
  })
  assert.instance(await thrownBy(restoreLog(await server.connect(url.href), breaking)), RestoreBrokenOff)
  assert.instance(await thrownBy(ensureStreams(server.connection)), RestoreUnfinished)
  assert.instance(
    await thrownBy(restore(copyOf(original.commits, { epoch: 'another' }), {}, server)),
    RestoreUnfinished,
  )
  const { restored } = await restore(copyOf(original.commits), {}, server)
  assert.ok(restored.written < original.commits.length, String(restored.written))
  assert.equal(await storedMessages(server.manager), original.commits)
  await ensureStreams(server.connection)
})

test('what an earlier attempt stored wrongly is thrown away and written anew', async () => {
  const server = await startServer()
  await ensureStreams(server.connection)
  const marker = { restore: 'test', epoch: 'then', upTo: 30, fresh: true }
  await server.manager.streams.update(eventsStream, { description: JSON.stringify(marker) })
  await appendMany(await createJetStreamEventLog(server.connection), stream(), 3)
  const { restored } = await restore(copyOf(original.whole), {}, server)
  assert.is(restored.written, 30)
  assert.equal(await storedMessages(server.manager), original.whole)
})

test.run()

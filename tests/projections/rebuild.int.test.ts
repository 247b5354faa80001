// Built live beside many writers, built afterwards, built again: the tables are the same to the last row.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import type { PostgresDatabase } from '../../infra/postgres/database.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { type ProjectionSet, type ProjectionSetOptions, startProjections } from '../../projections/projection-set.ts'
import type { StreamId } from '../../schemas/commit.ts'
import type { DomainEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { mustAppend } from '../contracts/event-log-contract.ts'
import { draft, positionOf, start } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { alertStream, investigation, sampleAlert, sessionStream, timeAt } from '../support/histories.ts'
import { startLogWorld } from '../support/log-world.ts'
import { allRows, startReadSide } from '../support/read-side.ts'
import { quiet } from '../support/servers.ts'
import { applied, tally } from './probes.ts'
import { patient, rebuilt } from './running.ts'

const [world, readSide] = await Promise.all([startLogWorld(), startReadSide()])
const sets: ProjectionSet[] = []
test.after(async () => {
  await Promise.all(sets.map((set) => set.stop()))
  await Promise.all([world.stop(), readSide.stop()])
})

const started = async (options: Omit<ProjectionSetOptions, 'run'>): Promise<ProjectionSet> => {
  const set = await startProjections({ ...options, run: true })
  sets.push(set)
  return set
}

let retries = 0
const names = catalogue.map(({ name }) => name)
const counting = tally()
const projections = [...catalogue, counting]
const log = await createJetStreamEventLog(world.connection)

/** As in a process of its own. */
const newReader = async (): Promise<LogReader> => createJetStreamLogReader(await world.connect(), quiet)

const write = async (stream: StreamId, commits: readonly (readonly DomainEvent[])[]): Promise<void> => {
  let at = start
  for (const events of commits) at = positionOf(await mustAppend(log, stream, at, draft({ events })))
}

/** Eleven commits of a session and three of its alert, told like a real case. */
const writeCase = async (name: string): Promise<void> => {
  const id = sessionId.parse(`ses_${name}`)
  const fired = { receivedAt: timeAt(0), episode: 1, sessionId: id }
  await Promise.all([
    write(sessionStream(id), investigation(id, `Case ${name}`)),
    write(alertStream(`alr_${name}`), [
      [{ type: 'alert.fired', data: { ...fired, occurrenceKey: 'a', alert: sampleAlert({ fingerprint: name }) } }],
      [{ type: 'alert.repeated', data: { ...fired, occurrenceKey: 'b', receivedAt: timeAt(9) } }],
      [{ type: 'alert.investigated', data: { episode: 1, sessionId: id, status: 'completed' } }],
    ]),
  ])
}

/** By what is stored: what a runner has seen may have been lost with the server, which does not wait for the disk here. */
const caught = async (set: ProjectionSet): Promise<void> => {
  const { sequence } = await (await newReader()).head()
  const behind = async () => (await set.status()).filter(({ position }) => position < sequence)
  await eventually(async () => (await behind()).length === 0, patient)
}

const assertSame = (actual: Awaited<ReturnType<typeof allRows>>, expected: typeof actual): void => {
  for (const [table, rows] of Object.entries(expected)) assert.equal(actual[table], rows, table)
}

test('sixteen writers, a server that is killed, and runners that start before, during and after: the same rows', async () => {
  const [early, late] = [await readSide.database(projections), await readSide.database(projections)]
  const run = async (database: PostgresDatabase, maxBatch: number) =>
    started({ database, reader: await newReader(), projections, maxBatch })

  const first = await run(early, 50)
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let nth = 0; nth < 3; nth++) await writeCase(`W${writer}C${nth}`)
  })
  await first.waitFor('audit', 60, 60_000)
  const second = await run(readSide.connect(early), 7)
  await first.waitFor('audit', 200, 60_000)
  await Promise.all([readSide.postgres.restart(), ...writers])
  await Promise.all([caught(first), caught(second)])
  const afterwards = await run(late, 1_000)
  await caught(afterwards)

  const { sequence: head } = await (await newReader()).head()
  assert.is(head, 16 * 3 * 14)
  const everyone = Array.from({ length: head }, (_, index) => index + 1)
  assert.equal(await applied(early, 'tally'), everyone)
  assert.equal(await applied(late, 'tally'), everyone)
  const [live, rebuilt] = [await allRows(early), await allRows(late)]
  assert.is(live['sessions_v4.sessions']?.length, 48)
  assert.is(live['alerts_v2.alerts']?.length, 48)
  assert.is(live['tool_calls_v2.tool_calls']?.length, 48 * 3)
  assert.is(live['timeline_v1.timeline']?.length, 48 * 22)
  assert.is(live['audit_v1.commits']?.length, head)
  assertSame(rebuilt, live)
})

test('a rebuild beside writers ends in the rows of a read model built from scratch', async () => {
  const [database, fresh] = [await readSide.database(projections), await readSide.database(projections)]
  const reader = await newReader()
  const set = await started({ database, reader, projections, maxBatch: 20 })
  await caught(set)
  const before = await allRows(database)
  // What is wrong in a table is gone after a rebuild.
  await database.query(`UPDATE sessions_v4.sessions SET title = 'wrong'`)
  await database.query('DELETE FROM timeline_v1.timeline WHERE sequence % 3 = 0')
  await Promise.all(names.map((name) => rebuilt(set, name)))
  assertSame(await allRows(database), before)

  const writers = Array.from({ length: 4 }, (_, writer) => writeCase(`LATE${writer}`))
  for (const name of names) await set.rebuild(name)
  await Promise.all(writers)
  // Asked for once more in the middle it is the same one.
  await Promise.all(names.map((name) => rebuilt(set, name)))
  await caught(set)

  const scratch = await started({ database: fresh, reader, projections })
  await caught(scratch)
  const rows = await allRows(database)
  assert.is(rows['sessions_v4.sessions']?.length, 52)
  assertSame(rows, await allRows(fresh))
})

test('a rebuilt generation has the indexes of one that was made to serve', async () => {
  const database = await readSide.database(projections)
  const set = await started({ database, reader: await newReader(), projections })
  const indexes = async (): Promise<readonly unknown[]> => {
    const rows = await database.query(
      `SELECT regexp_replace(indexdef, '(_v[0-9]+)_g[0-9]+', '\\1') AS definition FROM pg_indexes
       JOIN casebook.projection ON schemaname = replace(name, '-', '_') || '_v' || version ||
         CASE generation WHEN 1 THEN '' ELSE '_g' || generation END
       WHERE role = 'live' ORDER BY 1`,
    )
    return rows.map(({ definition }) => definition)
  }
  const made = await indexes()
  assert.ok(made.length > projections.length, `${made.length} indexes`)
  await Promise.all(names.map((name) => rebuilt(set, name)))
  assert.equal(await indexes(), made)
})

test('a nats-server that is killed and comes back is read on, without a gap and without a repeat', async () => {
  const database = await readSide.database(projections)
  const set = await started({ database, reader: await newReader(), projections, maxBatch: 20 })
  await set.waitFor('tally', 40, 60_000)
  world.killServer()
  await eventually(() => writeCase(`BACK${retries++}`).then(() => true), { withinMs: 60_000 })
  await caught(set)
  const { sequence } = await (await newReader()).head()
  assert.equal(
    await applied(database, 'tally'),
    Array.from({ length: sequence }, (_, index) => index + 1),
  )
  assert.equal(
    (await set.status()).map(({ state, lag }) => [state, lag]),
    projections.map(() => ['live', 0]),
  )
})

test('a message nobody can decode pauses the read models; purged and resumed, they go on with what follows', async () => {
  const database = await readSide.database()
  const reader = await newReader()
  const set = await started({ database, reader })
  const { sequence: before } = await reader.head()
  const subject = 'casebook.events.acme.session.ses_BROKEN'
  world.connection.publish(subject, 'no commit')
  await world.connection.flush()
  await writeCase('AFTER')
  await set.waitFor('audit', before + 15, 60_000)
  const whatPauses = names.filter((name) => name !== 'audit')
  const allPaused = async () => {
    const found = (await set.status()).filter(({ name }) => whatPauses.includes(name))
    const others = found.filter(({ state }) => state !== 'paused')
    if (others.length > 0)
      throw new Error(others.map(({ name, state, position }) => `${name} ${state} at ${position}`).join())
    return found
  }
  for (const { name, failure, position } of await eventually(allPaused, patient)) {
    assert.equal([failure?.subject, failure?.sequence === position + 1], [subject, true], name)
  }
  await world.manager.streams.purge('CASEBOOK_EVENTS', { filter: subject })
  for (const name of names) assert.is(await set.resume(name), name !== 'audit')
  for (const name of names) await set.waitFor(name, before + 15, 60_000)
  const rows = await database.query('SELECT subject, error FROM audit_v1.commits WHERE error IS NOT NULL')
  assert.equal(
    rows.map((row) => row['subject']),
    [subject],
  )
  const sessions = await database.query("SELECT status FROM sessions_v4.sessions WHERE id = 'ses_AFTER'")
  assert.equal(sessions, [{ status: 'completed' }])
})

test.run()

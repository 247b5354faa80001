// Postgres killed, cut off, or silent at the worst moment: the projection waits, goes on by itself, and each commit counts once.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createDatabase } from '../../infra/postgres/database.ts'
import { migrate } from '../../infra/postgres/migrations.ts'
import { readCheckpoint } from '../../projections/checkpoints.ts'
import { DatabaseUnavailable } from '../../projections/database.ts'
import type { Projection } from '../../projections/projection.ts'
import { startProjections } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory, other, sessionStream, startedOnly } from '../support/histories.ts'
import { startPostgres } from '../support/servers.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { applied, tally } from './probes.ts'

const postgres = await startPostgres()
test.after(() => postgres.stop())

const patient = { withinMs: 60_000 }
const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

const history = createHistory()
for (const sequence of upTo(60)) {
  const id = `ses_${String(sequence).padStart(4, '0')}`
  history.commit(sessionStream(id, other), startedOnly(id, id))
}

/** Calls back once, inside the transaction of the batch that holds the sequence. */
const interrupted = (sequence: number, when: 'first' | 'last', interrupt: () => unknown) => {
  const counting = tally()
  let pending = true
  const projection: Projection = {
    ...counting,
    apply: async (sql, entries) => {
      const now = pending && entries.some((entry) => entry.sequence === sequence)
      if (now) pending = false
      if (now && when === 'first') await interrupt()
      await counting.apply(sql, entries)
      if (now && when === 'last') await interrupt()
    },
  }
  return projection
}

/** A runner whose way to Postgres is a proxy, and a connection of the test's own that is not. */
const startWorld = async (projection: (proxy: TcpProxy) => Projection) => {
  const url = new URL(await postgres.createDatabase())
  // What was committed survives the kill of the server, as it does with PostgreSQL's own settings.
  url.searchParams.set('options', '-c synchronous_commit=on')
  const direct = createDatabase(url.href, 2)
  const proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  const throughProxy = createDatabase(url.href)
  const chosen = projection(proxy)
  await migrate(direct, [chosen])
  const log = createArrayLog(history.entries.slice(0, 40))
  const problems: string[] = []
  const set = await startProjections({
    database: throughProxy,
    reader: log,
    run: true,
    projections: [chosen],
    maxBatch: 10,
    onProblem: (message) => void problems.push(message),
  })
  return {
    direct,
    throughProxy,
    proxy,
    log,
    set,
    problems,
    position: async () => (await readCheckpoint(direct, chosen)).position,
    stop: async () => {
      await set.stop()
      await Promise.all([direct.close(), throughProxy.close()])
      await proxy.close()
    },
  }
}

type World = Awaited<ReturnType<typeof startWorld>>

const inWorld = async (projection: (proxy: TcpProxy) => Projection, work: (world: World) => Promise<void>) => {
  const world = await startWorld(projection)
  try {
    await work(world)
  } finally {
    await world.stop()
  }
}

test('the server killed in the middle of a batch costs nothing and doubles nothing', () =>
  inWorld(
    () => interrupted(23, 'last', () => postgres.kill()),
    async ({ direct, log, set }) => {
      await set.waitFor('tally', 40, 60_000)
      log.push(...history.entries.slice(40))
      await set.waitFor('tally', 60, 60_000)
      assert.equal(await eventually(() => applied(direct, 'tally'), patient), upTo(60))
    },
  ))

test('a commit whose answer is lost is found to have landed', () =>
  inWorld(
    (its) => interrupted(23, 'last', its.dropAnswers),
    async ({ direct, proxy, set, position }) => {
      await eventually(async () => (await position()) === 30, patient)
      proxy.heal()
      await set.waitFor('tally', 40, 60_000)
      assert.equal(await applied(direct, 'tally'), upTo(40))
    },
  ))

test('a batch whose connection is cut is rolled back and done again', () =>
  inWorld(
    (its) => interrupted(23, 'first', its.cut),
    async ({ direct, proxy, set }) => {
      // Twenty are there before the cut, too: healed that early, the proxy would be cut for good.
      await eventually(proxy.isCut, patient)
      await eventually(async () => (await applied(direct, 'tally')).length === 20, patient)
      proxy.heal()
      await set.waitFor('tally', 40, 60_000)
      assert.equal(await applied(direct, 'tally'), upTo(40))
    },
  ))

test('while Postgres is away nothing is paused, reads say so, and what came meanwhile is applied afterwards', () =>
  inWorld(
    () => tally(),
    async ({ direct, throughProxy, proxy, log, set, problems }) => {
      await set.waitFor('tally', 40, 60_000)
      proxy.cut()
      log.push(...history.entries.slice(40))
      await eventually(() => problems.some((problem) => problem.includes('waits for Postgres')), patient)
      assert.instance(await set.status().catch((thrown: unknown) => thrown), DatabaseUnavailable)
      assert.instance(await throughProxy.query('SELECT 1').catch((thrown: unknown) => thrown), DatabaseUnavailable)
      proxy.heal()
      await set.waitFor('tally', 60, 60_000)
      const [status] = await set.status()
      assert.equal([status?.state, status?.failure, status?.lag], ['live', null, 0])
      assert.equal(await applied(direct, 'tally'), upTo(60))
    },
  ))

test('a runner that is stopped while Postgres is away stops at once', () =>
  inWorld(
    () => tally(),
    async ({ proxy, log, set, problems }) => {
      await set.waitFor('tally', 40, 60_000)
      proxy.cut()
      log.push(...history.entries.slice(40))
      await eventually(() => problems.length > 0, patient)
    },
  ))

test.run()

// A rebuild beside what serves: seen by nobody until it is whole, done once however many do it, and never skipping.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { migrate } from '../../infra/postgres/migrations.ts'
import { type Database, DatabaseUnavailable } from '../../projections/database.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { BuildStatus, ProjectionSet } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { generationSchemas, held, seen } from './generation-probes.ts'
import { commits, patient, rebuilt, running, statusOf } from './running.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const world = async (count: number, names: readonly string[] = ['held']) => {
  const history = createHistory()
  const log = createArrayLog(commits(history, count))
  const projections = names.map((name) => held(name))
  const [projection] = projections
  if (projection === undefined) throw new Error('no projection')
  const database = await readSide.database(projections)
  return {
    log,
    history,
    projection,
    projections,
    database,
    options: { database, reader: log, projections, maxBatch: 10 },
  }
}

const buildOf = (set: ProjectionSet, wanted: (build: BuildStatus) => boolean, name = 'held') =>
  eventually(async () => (await statusOf(set, name)).builds.find(wanted) ?? false, patient)

const serving = async (set: ProjectionSet, generation: number, name = 'held'): Promise<void> => {
  await eventually(async () => (await statusOf(set, name)).generation === generation, patient)
}

/** Until what was asked for is done, or waits for the row that a batch under way holds, as the renewing of its claim does. */
const doneOrWaiting = (database: Database, asking: Promise<unknown>): Promise<true> => {
  let done = false
  void asking.finally(() => {
    done = true
  })
  return eventually(async () => {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity WHERE ${waitsForRow} AND query NOT LIKE '%SET lease_until%'`,
    )
    return done || rows.length > 0
  }, patient)
}
/** Who asks for anything waits for a moment for whoever claims something: for the advisory lock. */
const waitsForRow = `datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`

test('while it is filled the old one serves and follows; then everybody sees the new one, and the old one is dropped by command', async () => {
  const { log, history, projection, database, options } = await world(40)
  await running(options, async (set) => {
    await set.waitFor('held', 40, 60_000)
    projection.holdAfter = 20
    const generation = await set.rebuild('held')
    const build = await buildOf(set, ({ position }) => position === 20)
    assert.equal([build.kind, build.state, build.head, build.failure], ['rebuild', 'running', 40, null])
    log.push(...commits(history, 10))
    await set.waitFor('held', 50, 60_000)
    assert.equal(await seen(database), { rows: 50, mixed: 0, repeated: 0 })
    projection.holdAfter = null
    await serving(set, generation)
    assert.equal(await seen(database), { rows: 50, mixed: 0, repeated: 0 })
    log.push(...commits(history, 3))
    await set.waitFor('held', 53, 60_000)
    const made = await database.query('SELECT DISTINCT made FROM held_live.one')
    assert.equal(made, [{ made: `held_v1_g${generation}` }])
    assert.equal((await statusOf(set, 'held')).old, [1])
    assert.equal(await set.dropOld('held'), [1])
    assert.equal(await database.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'held_v1'`), [])
    assert.equal(await seen(database), { rows: 53, mixed: 0, repeated: 0 })
  })
})

test('a reader that never rests sees all rows of one generation, whatever is switched meanwhile', async () => {
  const { database, options } = await world(30)
  const readers = Array.from({ length: 3 }, () => readSide.connect(database))
  await running(options, async (set) => {
    await set.waitFor('held', 30, 60_000)
    let reading = true
    let reads = 0
    const hammering = readers.map(async (reader) => {
      for (; reading; reads++) assert.equal(await seen(reader), { rows: 30, mixed: 0, repeated: 0 })
    })
    let rounds = 0
    const rebuilding = async (): Promise<void> => {
      for (; rounds < 5 || reads <= 50; rounds++) await rebuilt(set, 'held')
    }
    await Promise.all([
      ...hammering,
      rebuilding().finally(() => {
        reading = false
      }),
    ])
    assert.is((await set.dropOld('held')).length, rounds)
  })
})

test('who reads at length holds the switch up, and neither that reader nor any other is held up by it', async () => {
  const { database, options } = await world(10)
  const slow = readSide.connect(database)
  const all = { rows: 10, mixed: 0, repeated: 0 }
  await running(options, async (set) => {
    await set.waitFor('held', 10, 60_000)
    const generation = await slow.transaction(async (reading) => {
      await reading.query('SET LOCAL idle_in_transaction_session_timeout TO 0')
      assert.equal(await seen(reading), all)
      const asked = await set.rebuild('held')
      for (const reader of [reading, database]) {
        await eventually(async () => {
          const rows = await database.query(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'CREATE OR REPLACE VIEW%'`,
          )
          return rows.length > 0
        }, patient)
        assert.equal(await seen(reader), all)
      }
      assert.is((await statusOf(set, 'held')).generation, 1)
      return asked
    })
    await serving(set, generation)
    assert.equal(await seen(database), all)
  })
})

test('an entry that cannot be applied pauses the rebuild and is named; what serves goes on, and so does the rebuild once mended', async () => {
  const { log, history, projection, database, options } = await world(40)
  projection.poison = 27
  await running(options, async (set) => {
    const generation = await set.rebuild('held')
    const { failure, position } = await buildOf(set, ({ state }) => state === 'paused')
    assert.equal(
      [position, failure?.sequence, failure?.eventId, failure?.message],
      [26, 27, 'cmd-27.0', 'it does not fit'],
    )
    log.push(...commits(history, 1))
    await set.waitFor('held', 41, 60_000)
    assert.equal(await seen(database), { rows: 41, mixed: 0, repeated: 0 })
    projection.poison = null
    assert.is(await set.resume('held'), true)
    await serving(set, generation)
    assert.equal(await seen(database), { rows: 41, mixed: 0, repeated: 0 })
  })
})

test('asked for twice it is one; paused it stands still, cancelled nothing of it is left', async () => {
  const { projection, database, log, options } = await world(400)
  // No batch begins beyond it: what is asked for in the middle of one comes before the next one.
  let readable = 20
  const reader: LogReader = {
    head: log.head,
    async *follow(...asked) {
      for await (const batch of log.follow(...asked)) {
        await eventually(() => batch.last <= readable || asked[2].aborted, patient)
        yield batch
      }
    },
  }
  projection.holdAfter = 15
  await running({ ...options, reader }, async (set) => {
    const generation = await set.rebuild('held')
    assert.is(await set.rebuild('held'), generation)
    await eventually(() => projection.heldAt === 16, patient)
    // It takes hold after the batch under way.
    const pausing = set.pause('held')
    await doneOrWaiting(database, pausing)
    projection.holdAfter = null
    assert.is(await pausing, true)
    assert.is(await set.pause('held'), false)
    const { position, failure } = await buildOf(set, ({ state }) => state === 'paused')
    assert.equal([position, failure], [20, null])
    readable = 400
    await set.waitFor('held', 400, 60_000)
    assert.is((await statusOf(set, 'held')).builds[0]?.position, 20)
    assert.is(await set.resume('held'), true)
    await serving(set, generation)

    readable = 10
    projection.holdAfter = 5
    await set.rebuild('held')
    await set.verify('held')
    assert.is((await generationSchemas(database)).length, 3)
    await eventually(() => projection.heldAt === 6, patient)
    const cancelling = set.cancel('held')
    await doneOrWaiting(database, cancelling)
    projection.holdAfter = null
    assert.is(await cancelling, true)
    assert.is(await set.cancel('held'), false)
    assert.equal(await generationSchemas(database), [`held_v1_g${generation}`])
    assert.equal((await statusOf(set, 'held')).builds, [])
    assert.equal(await seen(database), { rows: 400, mixed: 0, repeated: 0 })
  })
})

test('no more are under way than allowed; the others wait for their turn', async () => {
  const { projections, options } = await world(20, ['first', 'second', 'third'])
  for (const each of projections) each.holdAfter = 5
  await running({ ...options, buildsAtOnce: 2 }, async (set) => {
    const generations = new Map<string, number>()
    for (const { name } of projections) generations.set(name, await set.rebuild(name))
    await buildOf(set, ({ state }) => state === 'running', 'first')
    await buildOf(set, ({ state }) => state === 'running', 'second')
    assert.is((await statusOf(set, 'third')).builds[0]?.state, 'queued')
    for (const each of projections) each.holdAfter = null
    for (const [name, generation] of generations) await serving(set, generation, name)
  })
})

test('a batch that takes longer than its claim lasts is under way: nobody takes it, begins one more, or waits for it', async () => {
  const { projections, database, options } = await world(20, ['first', 'second'])
  const [first] = projections
  if (first === undefined) throw new Error('no projection')
  first.holdAfter = 0
  const another = { ...options, database: readSide.connect(database), buildsAtOnce: 1 }
  const both = (work: (set: ProjectionSet) => Promise<void>) =>
    running(another, () => running({ ...options, buildsAtOnce: 1 }, work))
  await both(async (set) => {
    const generation = await set.rebuild('first')
    await buildOf(set, ({ state }) => state === 'running', 'first')
    await eventually(async () => {
      const rows = await database.query(`SELECT 1 FROM casebook.projection WHERE role = 'next' AND lease_until < now()`)
      return rows.length > 0
    }, patient)
    const next = await set.rebuild('second')
    assert.is((await statusOf(set, 'first')).builds[0]?.state, 'running')
    assert.is((await statusOf(set, 'second')).builds[0]?.state, 'queued')
    const waiting = await eventually(async () => {
      const rows = await database.query(`SELECT query FROM pg_stat_activity WHERE ${waitsForRow}`)
      return rows.length > 0 && rows.map(({ query }) => /SET (\w+)/.exec(String(query))?.[1])
    }, patient)
    assert.equal(waiting, ['lease_until'])
    first.holdAfter = null
    await serving(set, generation, 'first')
    await serving(set, next, 'second')
    assert.equal(await seen(database, 'first'), { rows: 20, mixed: 0, repeated: 0 })
  })
})

test('two processes at the same rebuild fill it once and switch it once', async () => {
  const { database, options } = await world(300)
  const another = { ...options, database: readSide.connect(database), maxBatch: 7 }
  await running(another, (other) =>
    running(options, async (set) => {
      const generation = await set.rebuild('held')
      // Neither is kept away by the claim of the other.
      await eventually(async () => {
        await database.query(`UPDATE casebook.projection SET lease_until = NULL WHERE role = 'next'`)
        return (await statusOf(set, 'held')).generation === generation
      }, patient)
      assert.equal(await seen(database), { rows: 300, mixed: 0, repeated: 0 })
      assert.equal((await statusOf(set, 'held')).old, [1])
      assert.is((await statusOf(other, 'held')).generation, generation)
    }),
  )
})

test('a process that ends in the middle is followed by another, which goes on where it stood', async () => {
  const { projection, database, options } = await world(60)
  projection.holdAfter = 30
  let generation = 0
  await running(options, async (set) => {
    generation = await set.rebuild('held')
    await buildOf(set, ({ position }) => position === 30)
  })
  await running(options, (set) => serving(set, generation))
  assert.equal(await seen(database), { rows: 60, mixed: 0, repeated: 0 })
})

/** Fails once: at the statement, or after the commit of the transaction it belongs to. */
const failing = (inner: Database, statement: RegExp, when: 'before' | 'committed'): Database & { failed: boolean } => {
  const outer: Database & { failed: boolean } = {
    failed: false,
    query: inner.query,
    transaction: async (work) => {
      let met = false
      const result = await inner.transaction((sql) =>
        work({
          copy: sql.copy,
          query: (text, values) => {
            met ||= !outer.failed && statement.test(text)
            if (met && when === 'before') {
              outer.failed = true
              return Promise.reject(new DatabaseUnavailable())
            }
            return sql.query(text, values)
          },
        }),
      )
      if (met) {
        outer.failed = true
        throw new DatabaseUnavailable()
      }
      return result
    },
  }
  return outer
}

for (const when of ['before', 'committed'] as const) {
  test(`a switch that breaks off ${when === 'before' ? 'half done is not done, and done again' : 'with its answer lost is done'}`, async () => {
    const { database, options } = await world(20)
    const broken = failing(database, /CREATE OR REPLACE VIEW held_live.two/, when)
    await running({ ...options, database: broken }, async (set) => {
      const generation = await rebuilt(set, 'held')
      assert.ok(broken.failed)
      assert.equal(await seen(database), { rows: 20, mixed: 0, repeated: 0 })
      const status = await statusOf(set, 'held')
      assert.equal([status.generation, status.old, status.builds], [generation, [1], []])
    })
  })
}

test('Postgres killed in the middle is waited for, and nothing is applied twice', async () => {
  const { projection, database, options } = await world(200)
  projection.holdAfter = 100
  await running(options, async (set) => {
    const generation = await set.rebuild('held')
    await buildOf(set, ({ position }) => position === 100)
    // The server of the tests writes behind its commits: what was asked for is to survive.
    await database.query('CHECKPOINT')
    await readSide.postgres.restart()
    projection.holdAfter = null
    await eventually(async () => (await statusOf(set, 'held').catch(() => null))?.generation === generation, patient)
    assert.equal(await seen(database), { rows: 200, mixed: 0, repeated: 0 })
  })
})

test('an empty log is rebuilt and verified at once', async () => {
  const { options } = await world(0)
  await running(options, async (set) => {
    await rebuilt(set, 'held')
    const generation = await set.verify('held')
    const { verification } = await eventually(async () => {
      const status = await statusOf(set, 'held')
      return status.verification?.generation === generation && status
    }, patient)
    assert.equal([verification?.ok, verification?.rows, verification?.position], [true, 0, 0])
  })
})

test('a new version in the code is built by itself while the old one serves, and follows with its own code', async () => {
  const { log, history, database, options } = await world(30)
  const newer = held('held', 2)
  newer.holdAfter = 12
  await running(options, async (old) => {
    await old.waitFor('held', 30, 60_000)
    const pool = readSide.connect(database)
    await migrate(pool, [newer])
    await running({ ...options, database: pool, projections: [newer] }, async (set) => {
      await buildOf(set, ({ position }) => position >= 10)
      log.push(...commits(history, 5))
      // The code of the old version is what moves it on.
      await set.waitFor('held', 35, 60_000)
      const status = await statusOf(set, 'held')
      assert.equal([status.version, status.state], [1, 'catching_up'])
      assert.equal(await seen(pool), { rows: 35, mixed: 0, repeated: 0 })
      newer.holdAfter = null
      await eventually(async () => (await statusOf(set, 'held')).version === 2, patient)
      assert.equal(await database.query('SELECT DISTINCT extra FROM held_live.one'), [{ extra: 'more' }])
      log.push(...commits(history, 5))
      await set.waitFor('held', 40, 60_000)
      assert.equal(await seen(pool), { rows: 40, mixed: 0, repeated: 0 })
      // Older code that starts beside it reads what there is.
      await migrate(database, options.projections)
      assert.equal((await statusOf(old, 'held')).builds, [])
    })
  })
})

test.run()

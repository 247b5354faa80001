// A runner's promises: each commit once however many run and whenever they start, and none on over another log.
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Database } from '../../projections/database.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { Projection } from '../../projections/projection.ts'
import { LogBehindCheckpoint, LogRecreated } from '../../projections/projection-errors.ts'
import { type ProjectionSet, startProjections } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { applied, tally } from './probes.ts'
import { commits, patient, paused, rebuilt, running, upTo } from './running.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

test('three runners of one projection apply every commit once and in order, whoever lands which batch', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 200))
  const counting = tally()
  const database = await readSide.database([counting])
  const allRunning = async (
    [maxBatch, ...others]: readonly number[],
    sets: readonly ProjectionSet[],
    work: (sets: readonly ProjectionSet[]) => Promise<void>,
  ): Promise<void> => {
    if (maxBatch === undefined) return work(sets)
    const options = { database: readSide.connect(database), reader: log, projections: [counting], maxBatch }
    await running(options, (set) => allRunning(others, [...sets, set], work))
  }
  await allRunning([7, 10, 64], [], async (sets) => {
    for (let round = 0; round < 40; round++) {
      log.push(...commits(history, 5))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(sets.map((set) => set.waitFor('tally', 400, 60_000)))
    assert.equal(await applied(database, 'tally'), upTo(400))
  })
})

test('a runner that takes over where another was stopped misses nothing and repeats nothing', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 300))
  const counting = tally()
  const database = await readSide.database([counting])
  for (const target of [20, 150, 300]) {
    const options = { database, reader: log, projections: [counting], maxBatch: 10 }
    await running(options, (set) => set.waitFor('tally', target, 60_000))
  }
  assert.equal(await applied(database, 'tally'), upTo(300))
})

test('a process that starts while another moves on is not told that the log lost its end', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 10))
  const counting = tally()
  const database = await readSide.database([counting])
  const options = { reader: log, projections: [counting] }
  await running({ ...options, database }, async (first) => {
    await first.waitFor('tally', 10, 60_000)
    const own = readSide.connect(database)
    let starting = true
    // Between any two things the starting process asks for, the other one lands five more commits.
    const meanwhile = async (): Promise<void> => {
      if (!starting) return
      log.push(...commits(history, 5))
      await first.waitFor('tally', history.entries.length, 60_000)
    }
    const busy: Database = {
      transaction: own.transaction,
      query: async (text, values) => {
        await meanwhile()
        const rows = await own.query(text, values)
        await meanwhile()
        return rows
      },
    }
    await running({ ...options, database: busy }, async (second) => {
      for (const { head, position, state } of await second.status()) {
        assert.ok(head >= position, `head ${head}, position ${position}`)
        assert.is.not(state, 'paused')
      }
      starting = false
    })
    // Also what the second one's last look has added.
    await first.waitFor('tally', history.entries.length, 60_000)
  })
  assert.equal(await applied(database, 'tally'), upTo(history.entries.length))
})

test('catching up for seconds is one reading of the log, not one a second', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 300))
  const counting = tally()
  const slow: Projection = {
    ...counting,
    apply: async (sql, entries) => {
      await sql.query('SELECT pg_sleep(0.05)')
      await counting.apply(sql, entries)
    },
  }
  let follows = 0
  const reader: LogReader = {
    head: log.head,
    follow: (...args) => {
      follows++
      return log.follow(...args)
    },
  }
  const database = await readSide.database([slow])
  // Answers to what is asked outside of a batch are some batches old.
  const late: Database = {
    transaction: database.transaction,
    query: async (text, values) => {
      const rows = await database.query(text, values)
      await delay(150)
      return rows
    },
  }
  const options = { database: late, reader, projections: [slow], maxBatch: 5 }
  await running(options, (set) => set.waitFor('tally', 300, 60_000))
  assert.equal(await applied(database, 'tally'), upTo(300))
  assert.is(follows, 1)
})
test('a database set back to an earlier state is filled again from there', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const database = await readSide.database([counting])
  await running({ database, reader: log, projections: [counting] }, async (set) => {
    await set.waitFor('tally', 20, 60_000)
    await database.transaction(async (sql) => {
      await sql.query('UPDATE casebook.projection SET position = 5')
      await sql.query('DELETE FROM tally_v1.seen WHERE sequence > 5')
    })
    await eventually(async () => (await applied(database, 'tally')).length === 20, patient)
  })
  assert.equal(await applied(database, 'tally'), upTo(20))
})
test('a log created anew stops the runner with the reason; rebuilt, it shows the new log alone', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, async (set) => {
    await set.waitFor('tally', 20, 60_000)
    log.recreate()
    const renewed = createHistory()
    log.push(...commits(renewed, 30))
    assert.is((await paused(set, 'tally')).failure?.code, 'log_recreated')
    assert.equal(await applied(options.database, 'tally'), upTo(20))
    await rebuilt(set, 'tally')
  })
  assert.equal(await applied(options.database, 'tally'), upTo(30))
})

test('a log that lost its end stops the runner with the reason', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, async (set) => {
    await set.waitFor('tally', 20, 60_000)
    log.entries.splice(15)
    assert.is((await paused(set, 'tally')).failure?.code, 'log_behind_checkpoint')
  })
})

test('nothing starts over another log, or over one that lost its end', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, (set) => set.waitFor('tally', 20, 60_000))
  const refusal = () => startProjections({ ...options, run: false }).catch((thrown: unknown) => thrown)
  log.entries.splice(15)
  assert.instance(await refusal(), LogBehindCheckpoint)
  log.recreate()
  assert.instance(await refusal(), LogRecreated)
})

test.run()

// A runner's promises: each commit once however many run, a poison commit stops one projection in plain sight, another log none.
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { Database } from '../../projections/database.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { Projection } from '../../projections/projection.ts'
import { LogBehindCheckpoint, LogRecreated, ProjectionBehind } from '../../projections/projection-errors.ts'
import type { ProjectionStatus } from '../../projections/projection-set.ts'
import { type ProjectionSetOptions, startProjections } from '../../projections/projection-set.ts'
import { badEntry, createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory, other, sessionStream, startedOnly, subjectOf } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { applied, fussy, tally } from './probes.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const patient = { withinMs: 30_000 }

/** One session a commit. */
const commits = (history: ReturnType<typeof createHistory>, count: number) =>
  Array.from({ length: count }, () => {
    const id = `ses_${String(history.entries.length + 1).padStart(6, '0')}`
    return history.commit(sessionStream(id, other), startedOnly(id, id))
  })

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

type Set = Awaited<ReturnType<typeof startProjections>>

const running = async (options: Omit<ProjectionSetOptions, 'run'>, work: (set: Set) => Promise<void>) => {
  const set = await startProjections({ ...options, run: true })
  try {
    await work(set)
  } finally {
    await set.stop()
  }
}

const statusOf = async (set: Set, name: string): Promise<ProjectionStatus> => {
  const found = (await set.status()).find((each) => each.name === name)
  if (found === undefined) throw new Error(`no status of ${name}`)
  return found
}

const paused = (set: Set, name: string) =>
  eventually(async () => {
    const status = await statusOf(set, name)
    return status.state === 'paused' && status
  }, patient)

test('three runners of one projection apply every commit once and in order, whoever lands which batch', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 200))
  const counting = tally()
  const database = await readSide.database([counting])
  const pools = [7, 10, 64].map((maxBatch) => ({ maxBatch, pool: readSide.connect(database) }))
  const sets = await Promise.all(
    pools.map(({ maxBatch, pool }) =>
      startProjections({ database: pool, reader: log, run: true, projections: [counting], maxBatch }),
    ),
  )
  for (let round = 0; round < 40; round++) {
    log.push(...commits(history, 5))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(sets.map((set) => set.waitFor('tally', 400, 60_000)))
  assert.equal(await applied(database, 'tally'), upTo(400))
  for (const set of sets) await set.stop()
})

test('a runner that takes over where another was stopped misses nothing and repeats nothing', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 300))
  const counting = tally()
  const database = await readSide.database([counting])
  for (const target of [20, 150, 300]) {
    const options = { database, reader: log, projections: [counting], maxBatch: 10 }
    await running(options, (set) => set.waitFor('tally', target, 30_000))
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
    await first.waitFor('tally', 10, 30_000)
    const own = readSide.connect(database)
    // Between any two things the starting process asks for, the other one lands five more commits.
    const meanwhile = async (): Promise<void> => {
      log.push(...commits(history, 5))
      await first.waitFor('tally', history.entries.length, 30_000)
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
    })
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

test('a poison commit pauses its projection alone, at that commit, with the failure stored and shown', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const broken = fussy()
  broken.failure = { sequence: 13, error: new Error('no room for\u0000it') }
  const projections = [tally(), broken]
  const database = await readSide.database(projections)
  const problems: string[] = []
  const options = { database, reader: log, projections, onProblem: (message: string) => void problems.push(message) }
  await running(options, async (set) => {
    const { failure, ...status } = await paused(set, 'fussy')
    assert.equal({ position: status.position, lag: status.lag, head: status.head }, { position: 12, lag: 8, head: 20 })
    const { at, ...what } = failure ?? { at: '' }
    assert.ok(Date.parse(at) > 0)
    assert.equal(what, {
      sequence: 13,
      subject: subjectOf(sessionStream('ses_000013', other)),
      eventId: 'cmd-13.0',
      code: 'apply_failed',
      message: 'no room for\ufffdit',
    })
    log.push(...commits(history, 5))
    await set.waitFor('tally', 25, 30_000)
    assert.is((await statusOf(set, 'tally')).state, 'live')
    assert.is((await statusOf(set, 'fussy')).position, 12)
    assert.ok(problems.some((problem) => problem.includes('fussy pauses at 13')))
    const error = await set.waitFor('fussy', 13, 100).catch((thrown: unknown) => thrown)
    assert.instance(error, ProjectionBehind)
  })
  assert.equal(await applied(database, 'tally'), upTo(25))
  assert.equal(await applied(database, 'fussy'), upTo(12))
})

test('a pause outlives the process, and what was mended goes on from the commit that failed', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const broken = fussy()
  broken.failure = { sequence: 13, error: 'thrown as text' }
  const options = { database: await readSide.database([broken]), reader: log, projections: [broken] }
  await running(options, async (set) => {
    assert.is((await paused(set, 'fussy')).failure?.message, 'thrown as text')
  })
  await running(options, async (set) => {
    assert.is((await statusOf(set, 'fussy')).state, 'paused')
    assert.is(await set.resume('fussy'), true)
    // Not mended yet: it pauses again, at the same place.
    assert.is((await paused(set, 'fussy')).position, 12)
    broken.failure = null
    await eventually(() => set.resume('fussy'), patient)
    await set.waitFor('fussy', 20, 30_000)
    const { state, failure } = await statusOf(set, 'fussy')
    assert.equal([state, failure], ['live', null])
    assert.is(await set.resume('fussy'), false)
  })
  assert.equal(await applied(options.database, 'fussy'), upTo(20))
})

test('a paused projection that is rebuilt fills from the beginning', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const broken = fussy()
  broken.failure = { sequence: 13, error: new Error('no') }
  const options = { database: await readSide.database([broken]), reader: log, projections: [broken] }
  await running(options, async (set) => {
    await paused(set, 'fussy')
    broken.failure = null
    await set.rebuild('fussy')
    await set.waitFor('fussy', 20, 30_000)
    assert.is((await statusOf(set, 'fussy')).failure, null)
  })
  assert.equal(await applied(options.database, 'fussy'), upTo(20))
})

test('a pause lifted or a rebuild asked for in another process is noticed', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const broken = fussy()
  broken.failure = { sequence: 13, error: new Error('no') }
  const projections = [broken]
  const database = await readSide.database(projections)
  await running({ database, reader: log, projections }, async (set) => {
    const elsewhere = await startProjections({
      database: readSide.connect(database),
      reader: log,
      run: false,
      projections,
    })
    await paused(elsewhere, 'fussy')
    broken.failure = null
    assert.is(await elsewhere.resume('fussy'), true)
    await elsewhere.waitFor('fussy', 20, 30_000)
    await elsewhere.rebuild('fussy')
    await elsewhere.waitFor('fussy', 20, 30_000)
    await set.waitFor('fussy', 20, 30_000)
  })
  assert.equal(await applied(database, 'fussy'), upTo(20))
})

test('a database set back to an earlier state is filled again from there', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const database = await readSide.database([counting])
  await running({ database, reader: log, projections: [counting] }, async (set) => {
    await set.waitFor('tally', 20, 30_000)
    await database.transaction(async (sql) => {
      await sql.query('UPDATE casebook.projection SET position = 5')
      await sql.query('DELETE FROM tally_v1.seen WHERE sequence > 5')
    })
    await eventually(async () => (await applied(database, 'tally')).length === 20, patient)
  })
  assert.equal(await applied(database, 'tally'), upTo(20))
})

test('an entry nobody can decode stops every read model at it, but not the second copy', async () => {
  const history = createHistory()
  const subject = 'casebook.events.other.session.ses_bad'
  const log = createArrayLog(commits(history, 3))
  log.push(badEntry(4, subject, 'not\u0000json'))
  const database = await readSide.database()
  await running({ database, reader: log }, async (set) => {
    await set.waitFor('audit', 4, 30_000)
    for (const { name } of catalogue.filter((each) => each.name !== 'audit')) {
      const { position, failure } = await paused(set, name)
      assert.equal([position, failure?.sequence, failure?.subject, failure?.eventId], [3, 4, subject, null], name)
      assert.is(failure?.code, 'corrupt_commit')
    }
  })
  const rows = await database.query('SELECT payload, error, org, types FROM audit_v1.commits WHERE sequence = 4')
  assert.equal(rows, [{ payload: 'not\ufffdjson', error: 'it is not JSON', org: null, types: [] }])
})

test('a log created anew stops the runner with the reason; rebuilt, it shows the new log alone', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, async (set) => {
    await set.waitFor('tally', 20, 30_000)
    log.recreate()
    const renewed = createHistory()
    log.push(...commits(renewed, 30))
    assert.is((await paused(set, 'tally')).failure?.code, 'log_recreated')
    assert.equal(await applied(options.database, 'tally'), upTo(20))
    await set.rebuild('tally')
    await set.waitFor('tally', 30, 30_000)
  })
  assert.equal(await applied(options.database, 'tally'), upTo(30))
})

test('a log that lost its end stops the runner with the reason', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, async (set) => {
    await set.waitFor('tally', 20, 30_000)
    log.entries.splice(15)
    assert.is((await paused(set, 'tally')).failure?.code, 'log_behind_checkpoint')
  })
})

test('nothing starts over another log, or over one that lost its end', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 20))
  const counting = tally()
  const options = { database: await readSide.database([counting]), reader: log, projections: [counting] }
  await running(options, (set) => set.waitFor('tally', 20, 30_000))
  const refusal = () => startProjections({ ...options, run: false }).catch((thrown: unknown) => thrown)
  log.entries.splice(15)
  assert.instance(await refusal(), LogBehindCheckpoint)
  log.recreate()
  assert.instance(await refusal(), LogRecreated)
})

test.run()

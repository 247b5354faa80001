// Read models of another time: exactly what they were then, bounded, and gone by themselves.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { classified } from '../../infra/postgres/database.ts'
import { type AsOfBounds, defaultAsOfBounds } from '../../projections/as-of.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { ProjectionSet } from '../../projections/projection-set.ts'
import { createQueries } from '../../projections/queries.ts'
import { sessionId } from '../../schemas/ids.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { acme, createHistory, investigation, sessionStream, timeAt } from '../support/histories.ts'
import { allRows, startReadSide } from '../support/read-side.ts'
import { generationSchemas, held } from './generation-probes.ts'
import { commits, patient, running, statusOf } from './running.ts'
import { alertStory, chatStory, inputStory, lineageStory, taskStory, troubledStory } from './stories.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const world = async (count: number, names: readonly string[] = ['held'], asOf: Partial<AsOfBounds> = {}) => {
  const log = createArrayLog(commits(createHistory(), count))
  const projections = names.map((name) => held(name))
  const database = await readSide.database(projections)
  const bounds = { ...defaultAsOfBounds, ...asOf }
  return { log, projections, database, options: { database, reader: log, projections, maxBatch: 10, asOf: bounds } }
}

const ready = (set: ProjectionSet, name: string, generation: number) =>
  eventually(
    async () =>
      (await statusOf(set, name)).asOf.some((each) => each.generation === generation && each.state === 'ready'),
    patient,
  )

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

test('every read model as of a sequence holds the rows it held then, and what serves stays as it is', async () => {
  const history = createHistory()
  for (const events of investigation('ses_ASOF01')) history.commit(sessionStream('ses_ASOF01'), ...events)
  for (const story of [alertStory, inputStory, chatStory, lineageStory, taskStory, troubledStory]) {
    const { stream, commits: all } = story('ASOF02')
    for (const events of all) history.commit(stream, ...events)
  }
  const { entries } = history
  const half = Math.floor(entries.length / 2)
  const log = createArrayLog(entries.slice(0, half))
  const database = await readSide.database()
  const options = { database, reader: log, asOf: { ...defaultAsOfBounds, atOnce: catalogue.length } }
  await running(options, async (set) => {
    const everywhere = (sequence: number) =>
      Promise.all(catalogue.map(({ name }) => set.waitFor(name, sequence, 60_000)))
    await everywhere(half)
    const then = await allRows(database)
    const rowsOf = (name: string, table: string) => {
      const schema = `${name.replaceAll('-', '_')}_v`
      const found = Object.entries(then).find(([key]) => key.startsWith(schema) && key.endsWith(`.${table}`))
      return found?.[1] ?? []
    }
    log.push(...entries.slice(half))
    await everywhere(entries.length)
    const now = await allRows(database)
    assert.not.equal(then, now)
    for (const projection of catalogue) {
      const { generation, sequence } = await set.asOf(projection.name, { sequence: half })
      assert.is(sequence, half)
      await ready(set, projection.name, generation)
      const schema = await set.schemaAsOf(projection.name, half)
      for (const table of projection.tableNames) {
        const rows = await database.query(`SELECT * FROM ${schema}.${table} AS row ORDER BY row::text`)
        assert.equal(rows, rowsOf(projection.name, table), `${projection.name} ${table}`)
      }
    }
    assert.equal(await allRows(database), now)
    const [schema, costs] = [await set.schemaAsOf('sessions', half), await set.schemaAsOf('costs', half)]
    const queries = createQueries(database.tables, classified, () => schema)
    const listed = await queries.sessions({ org: acme, limit: 50 })
    assert.is(listed.items.length, rowsOf('sessions', 'sessions').filter(({ org }) => org === acme).length)
    const spent = await createQueries(database.tables, classified, () => costs).sessionCosts(acme, 'ses_ASOF01')
    assert.equal(spent, await createQueries(database.tables, classified).sessionCosts(acme, 'ses_ASOF01'))
  })
})

test('a moment is the last commit that was made by then', async () => {
  const history = createHistory()
  for (const events of investigation('ses_ASOF03')) history.commit(sessionStream('ses_ASOF03'), ...events)
  const database = await readSide.database()
  await running({ database, reader: createArrayLog(history.entries) }, async (set) => {
    // The copy that knows the times; who asks waits for it, though only for seconds.
    await set.waitFor('audit', history.entries.length, 60_000)
    const at = await set.asOf('sessions', { time: timeAt(4) })
    assert.is(at.sequence, 4)
    assert.is(
      (await set.asOf('sessions', { time: new Date(Date.parse(timeAt(5)) - 1).toISOString() })).generation,
      at.generation,
    )
    assert.is((await set.asOf('sessions', { time: timeAt(10_000) })).sequence, history.entries.length)
    assert.is(await refusal(set.asOf('sessions', { time: timeAt(-1) })), 'sequence_out_of_range')
  })
})

test('asked for twice it is one; it is not read before it is whole, nor without being asked for, and nobody waits for its batch', async () => {
  const { projections, database, options } = await world(40)
  const [projection] = projections
  if (projection === undefined) throw new Error('no projection')
  await running(options, async (set) => {
    await set.waitFor('held', 40, 60_000)
    projection.holdAfter = 12
    assert.is(await refusal(set.schemaAsOf('held', 25)), 'as_of_not_found')
    const first = await set.asOf('held', { sequence: 25 })
    // From here on a batch under way holds its row.
    await eventually(() => projection.heldAt === 13, patient)
    assert.is((await set.asOf('held', { sequence: 25 })).generation, first.generation)
    const [build] = (await statusOf(set, 'held')).builds
    assert.equal([build?.kind, build?.target, build?.head], ['as_of', 25, 25])
    assert.is(await refusal(set.schemaAsOf('held', 25)), 'projection_behind')
    projection.holdAfter = null
    await ready(set, 'held', first.generation)
    const schema = await set.schemaAsOf('held', 25)
    assert.equal(await database.query(`SELECT count(*)::int4, max(sequence)::int4 FROM ${schema}.one`), [
      { count: 25, max: 25 },
    ])
    assert.equal((await statusOf(set, 'held')).builds, [])
    assert.is((await statusOf(set, 'held')).generation, 1)
    assert.equal(await set.dropAsOf('held'), [first.generation])
    assert.equal(await generationSchemas(database), [])
    assert.is(await refusal(set.schemaAsOf('held', 25)), 'as_of_not_found')
  })
})

test('no more are kept than allowed, nor filled further than allowed, nor beyond the log', async () => {
  const { options } = await world(40, ['first', 'second'], { atOnce: 2, commits: 30 })
  await running(options, async (set) => {
    await set.asOf('first', { sequence: 10 })
    await set.asOf('second', { sequence: 10 })
    assert.is(await refusal(set.asOf('first', { sequence: 11 })), 'too_many_as_of')
    await set.asOf('first', { sequence: 10 })
    await set.dropAsOf('second')
    await set.asOf('first', { sequence: 30 })
    assert.is(await refusal(set.asOf('first', { sequence: 31 })), 'as_of_too_far')
    assert.is(await refusal(set.asOf('first', { sequence: 41 })), 'sequence_out_of_range')
    assert.is(await refusal(set.asOf('third', { sequence: 1 })), 'unknown_projection')
  })
})

test('what nobody reads is dropped by itself, and so is what takes too long to fill', async () => {
  const { projections, database, options } = await world(40, ['first', 'second'], { keptMs: 6_000 })
  const [first, second] = projections
  if (first === undefined || second === undefined) throw new Error('no projections')
  second.holdAfter = 5
  await running(options, async (set) => {
    for (const name of ['first', 'second']) {
      const { generation } = await set.asOf(name, { sequence: 10 })
      assert.ok((await generationSchemas(database)).includes(`${name}_v1_g${generation}`))
    }
    await eventually(async () => (await set.status()).every(({ asOf }) => asOf.length === 0), patient)
    assert.is(await refusal(set.schemaAsOf('first', 10)), 'as_of_not_found')
    second.holdAfter = null
    await eventually(async () => (await generationSchemas(database)).length === 0, patient)
    assert.equal(await statusOf(set, 'second').then(({ builds }) => builds), [])
  })
})

test('a process that ends in the middle is followed by another', async () => {
  const { projections, options } = await world(60)
  const [projection] = projections
  if (projection === undefined) throw new Error('no projection')
  projection.holdAfter = 30
  let generation = 0
  await running(options, async (set) => {
    generation = (await set.asOf('held', { sequence: 50 })).generation
    await eventually(async () => (await statusOf(set, 'held')).builds[0]?.position === 30, patient)
  })
  await running(options, (set) => ready(set, 'held', generation).then(() => undefined))
})

test('a session that is erased is in none that was filled before, whoever keeps it', async () => {
  const history = createHistory()
  const id = sessionId.parse('ses_ASOF04')
  for (const events of investigation(id)) history.commit(sessionStream(id), ...events)
  const before = history.entries.length
  const log = createArrayLog(history.entries.slice())
  const database = await readSide.database()
  await running({ database, reader: log }, async (set) => {
    for (const name of ['sessions', 'audit']) {
      const { generation } = await set.asOf(name, { sequence: before })
      await ready(set, name, generation)
    }
    const tombstone = {
      sessionId: id,
      reason: 'asked to',
      by: { kind: 'user', id: 'jo' },
      requestedAt: timeAt(90),
      version: 27,
      lastHash: 'x',
    } as const
    history.commit({ org: acme, category: 'erasure', id }, { type: 'erasure.recorded', data: tombstone })
    log.push(...history.entries.slice(before))
    for (const name of ['sessions', 'audit']) {
      await set.waitFor(name, before + 1, 60_000)
      assert.is(await refusal(set.schemaAsOf(name, before)), 'as_of_not_found', name)
    }
  })
})

test.run()

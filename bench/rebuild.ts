// Rebuilds beside bare multi-row inserts of the same rows, verifications beside rebuilds, and reads during a rebuild.
import { join } from 'node:path'
import type { NatsConnection } from '@nats-io/transport-node'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createDatabase, type PostgresDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { isBadEntry } from '../projections/log-reader.ts'
import { liveSchemaOf } from '../projections/projection.ts'
import { type ProjectionSet, startProjections } from '../projections/projection-set.ts'
import { startOfLog } from '../schemas/ids.ts'
import { startCasebook } from '../tests/support/casebook-process.ts'
import { eventually } from '../tests/support/eventually.ts'
import { quiet, temporaryFolder } from '../tests/support/servers.ts'
import { type Figure, median, ms, percentile, rate, ratioOf, spreadOf } from './measure.ts'
import { seedSessions } from './seed-sessions.ts'

interface Postgres {
  createDatabase(): Promise<string>
}

const rowsAtOnce = 1_000
const patient = { withinMs: 300_000 }
/** Two thousand reads and more. */
const idleMs = 10_000

export const benchRebuild = async (
  connection: NatsConnection,
  natsUrl: string,
  postgres: Postgres,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const rounds = quick ? 3 : 5
  await seedSessions(connection, 0, quick ? 4_000 : 6_000)
  const reader = await createJetStreamLogReader(connection, quiet)
  const url = await postgres.createDatabase()
  const database = createDatabase(url, 24)
  await migrate(database, catalogue)
  const names = catalogue.map(({ name }) => name)
  const set = await startProjections({ database, reader, run: true, buildsAtOnce: names.length })
  const { sequence } = await reader.head()
  for (const name of names) await set.waitFor(name, sequence, 300_000)
  const events = await countEvents(reader, sequence)
  const rows = await readRows(database)

  const [rebuilds, verifications, inserts]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round <= rounds; round++) {
    // Before and after: what else the machine does meets both sides.
    const before = await insertAll(database, rows)
    const rebuilt = await timed(() => rebuildAll(set, database, names))
    const after = await insertAll(database, rows)
    const verified = await timed(() => verifyAll(set, database, names))
    for (const name of names) await set.dropOld(name)
    // The first warms everything up.
    if (round === 0) continue
    inserts.push((2 * events) / (before + after))
    rebuilds.push(events / rebuilt)
    verifications.push(events / verified)
  }
  await set.stop()
  await database.close()
  const all = `of all ${names.length} (${events.toLocaleString('en')} events)`
  const { idle, busy, free, watched } = await readsDuring(natsUrl, url, rounds, events)
  return [
    {
      what: `rebuild ${all}, beside inserts of the same rows`,
      value: rate(median(rebuilds)),
      beside: rate(median(inserts)),
      ratio: ratioOf(rebuilds, inserts),
      goal: '≥ 0.5',
      spread: spreadOf(rebuilds),
    },
    {
      what: `verify ${all}, beside the rebuild`,
      value: rate(median(verifications)),
      beside: rate(median(rebuilds)),
      ratio: ratioOf(verifications, rebuilds),
      goal: '≥ 0.8',
      spread: spreadOf(verifications),
    },
    {
      what: 'p99 of GET /v1/sessions/:id during rebuilds, beside without',
      value: ms(median(busy)),
      beside: ms(median(idle)),
      ratio: ratioOf(busy, idle),
      goal: '≤ 1.5',
      spread: spreadOf(busy),
    },
    {
      what: 'these rebuilds meanwhile, beside their rate while nobody reads',
      value: rate(median(watched)),
      beside: rate(median(free)),
      ratio: ratioOf(watched, free),
      goal: '≥ 0.1',
      spread: spreadOf(watched),
    },
  ]
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const countEvents = async (
  reader: Awaited<ReturnType<typeof createJetStreamLogReader>>,
  head: number,
): Promise<number> => {
  const reading = new AbortController()
  let events = 0
  for await (const { entries, last } of reader.follow(startOfLog, { maxBatch: 1_000 }, reading.signal)) {
    for (const entry of entries) events += isBadEntry(entry) ? 0 : entry.commit.events.length
    if (last >= head) break
  }
  reading.abort()
  return events
}

interface Rows {
  readonly table: string
  readonly batches: readonly string[]
}

/** Every row of what serves, a thousand at once. */
const readRows = async (database: PostgresDatabase): Promise<readonly Rows[]> => {
  const tables: Rows[] = []
  await database.query('CREATE SCHEMA like_bare')
  for (const projection of catalogue) {
    for (const table of projection.tableNames) {
      const from = `${liveSchemaOf(projection)}.${table}`
      const [behind] = await database.query(
        `SELECT relnamespace::regnamespace::text AS schema FROM pg_class JOIN pg_depend ON refobjid = pg_class.oid AND relkind = 'r'
         JOIN pg_rewrite ON pg_rewrite.oid = objid WHERE ev_class = $1::regclass LIMIT 1`,
        [from],
      )
      const rows = await database.query(`SELECT to_jsonb(row) AS row FROM ${from} AS row`)
      const batches: string[] = []
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        batches.push(JSON.stringify(rows.slice(at, at + rowsAtOnce).map(({ row }) => row)))
      }
      await database.query(
        `CREATE TABLE like_bare.${table} (LIKE ${String(behind?.['schema'])}.${table} INCLUDING ALL)`,
      )
      tables.push({ table, batches })
    }
  }
  return tables
}

/** Into empty tables with the same indexes, one statement and one transaction a thousand, all tables at once. @returns seconds. */
const insertAll = async (database: PostgresDatabase, tables: readonly Rows[]): Promise<number> => {
  await database.query('DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare')
  for (const { table } of tables)
    await database.query(`CREATE TABLE bare.${table} (LIKE like_bare.${table} INCLUDING ALL)`)
  const seconds = await timed(() =>
    Promise.all(
      tables.map(async ({ table, batches }) => {
        const insert = `INSERT INTO bare.${table} SELECT * FROM jsonb_populate_recordset(NULL::bare.${table}, $1::jsonb)`
        for (const batch of batches) await database.query(insert, [batch])
      }),
    ),
  )
  await database.query('DROP SCHEMA bare CASCADE')
  return seconds
}

/** One statement, seldom enough: to ask for their whole status would be work beside what is measured. */
const bearing = (
  database: PostgresDatabase,
  role: 'live' | 'report',
  wanted: ReadonlyMap<string, number>,
  withinMs: number,
) =>
  eventually(
    async () => {
      const [found] = await database.query(
        `SELECT count(*)::int4 AS done FROM casebook.projection JOIN unnest($1::text[], $2::int4[]) AS wanted (n, g)
         ON name = n AND generation = g WHERE role = $3`,
        [[...wanted.keys()], [...wanted.values()], role],
      )
      return found?.['done'] === wanted.size
    },
    { withinMs, everyMs: 40 },
  )

export const rebuildAll = async (
  set: ProjectionSet,
  database: PostgresDatabase,
  names: readonly string[],
  withinMs = patient.withinMs,
): Promise<void> => {
  const wanted = new Map<string, number>()
  for (const name of names) wanted.set(name, await set.rebuild(name))
  await bearing(database, 'live', wanted, withinMs)
}

const verifyAll = async (set: ProjectionSet, database: PostgresDatabase, names: readonly string[]): Promise<void> => {
  const wanted = new Map<string, number>()
  for (const name of names) wanted.set(name, await set.verify(name))
  await bearing(database, 'report', wanted, patient.withinMs)
  const wrong = (await set.status()).filter(({ verification }) => verification?.ok !== true)
  if (wrong.length > 0) throw new Error(`rows differ: ${JSON.stringify(wrong.map(({ verification }) => verification))}`)
}

/** What a rebuild left for later is done: its pages lie on the disk, and nobody cleans up its tables. */
const untilSettled = async (database: PostgresDatabase): Promise<void> => {
  await database.query('CHECKPOINT')
  await eventually(
    async () =>
      (await database.query(`SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' LIMIT 1`))
        .length === 0,
    patient,
  )
}

/**
 * The real process, asked by four at once: the 99th percentiles of each round in milliseconds, without and during rebuilds of three
 * read models, and the rates of these in events a second while nobody reads and during the reads.
 */
const readsDuring = async (natsUrl: string, databaseUrl: string, rounds: number, events: number) => {
  const casebook = await startCasebook({
    NATS_URL: natsUrl,
    DATABASE_URL: databaseUrl,
    CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
    CASEBOOK_ROLES: 'http,projections',
  })
  const database = createDatabase(databaseUrl, 2)
  try {
    const sessions = await database.query('SELECT id FROM sessions_live.sessions LIMIT 200')
    const ask = async (path: string, method = 'GET'): Promise<unknown> =>
      (await fetch(`${casebook.url}${path}`, { method, headers: { 'casebook-org': 'acme' } })).json()
    const reads = async (until: () => Promise<boolean>): Promise<number> => {
      const took: number[] = []
      let done = false
      const readers = Array.from({ length: 4 }, async (_, nth) => {
        for (let at = nth; !done; at++) {
          const started = performance.now()
          await ask(`/v1/sessions/${String(sessions[at % sessions.length]?.['id'])}`)
          took.push(performance.now() - started)
          // At a steady pace, as people and their pages come.
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })
      await eventually(until, patient)
      done = true
      await Promise.all(readers)
      return percentile(took, 0.99)
    }
    const names = ['sessions', 'timeline', 'audit']
    const askAll = async (what: string): Promise<void> => {
      for (const name of names) await ask(`/v1/projections/${name}/${what}`, 'POST')
    }
    const built = async (): Promise<boolean> =>
      (await database.query(`SELECT 1 FROM casebook.projection WHERE role = 'next' LIMIT 1`)).length === 0
    const rateOf = async (work: () => Promise<void>): Promise<number> => (names.length * events) / (await timed(work))
    const [idle, busy, free, watched]: [number[], number[], number[], number[]] = [[], [], [], []]
    for (let round = 0; round <= rounds; round++) {
      await untilSettled(database)
      const end = performance.now() + idleMs
      const without = await reads(async () => performance.now() > end)
      let during = Number.NaN
      // To the end, so that what is measured is all of it, and that it did not stand still.
      const slower = await rateOf(async () => {
        await askAll('rebuild')
        during = await reads(built)
      })
      await askAll('drop-old')
      const unwatched = await rateOf(async () => {
        await askAll('rebuild')
        await eventually(built, patient)
      })
      await askAll('drop-old')
      // The first warms everything up.
      if (round === 0) continue
      idle.push(without)
      busy.push(during)
      free.push(unwatched)
      watched.push(slower)
    }
    return { idle, busy, free, watched }
  } finally {
    await database.close()
    await casebook.stop()
  }
}

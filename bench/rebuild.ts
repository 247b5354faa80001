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

export const benchRebuild = async (
  connection: NatsConnection,
  natsUrl: string,
  postgres: Postgres,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const rounds = quick ? 3 : 5
  await seedSessions(connection, 0, quick ? 800 : 4_000)
  const reader = await createJetStreamLogReader(connection, quiet)
  const url = await postgres.createDatabase()
  const database = createDatabase(url, 24)
  await migrate(database, catalogue)
  const names = catalogue.map(({ name }) => name)
  const set = await startProjections({ database, reader, run: true, buildsAtOnce: names.length })
  const { sequence } = await reader.head()
  for (const name of names) await set.waitFor(name, sequence, 300_000)
  const events = await countEvents(reader, sequence)

  const [rebuilds, verifications, inserts]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    inserts.push(events / (await insertAll(database)))
    rebuilds.push(events / (await timed(() => rebuildAll(set, names))))
    verifications.push(events / (await timed(() => verifyAll(set, names))))
    for (const name of names) await set.dropOld(name)
  }
  await set.stop()
  await database.close()
  const all = `of all ${names.length} (${events.toLocaleString('en')} events)`
  const { idle, busy } = await readsDuring(natsUrl, url, rounds)
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

/** Every row into empty tables with the same indexes, one statement a thousand, one transaction each. @returns seconds. */
const insertAll = async (database: PostgresDatabase): Promise<number> => {
  const tables: { readonly into: string; readonly batches: readonly string[] }[] = []
  await database.query('DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare')
  for (const projection of catalogue) {
    for (const table of projection.tableNames) {
      const from = `${liveSchemaOf(projection)}.${table}`
      const [behind] = await database.query(
        `SELECT relnamespace::regnamespace::text AS schema FROM pg_class JOIN pg_depend ON refobjid = pg_class.oid AND relkind = 'r'
         JOIN pg_rewrite ON pg_rewrite.oid = objid WHERE ev_class = $1::regclass LIMIT 1`,
        [from],
      )
      await database.query(`CREATE TABLE bare.${table} (LIKE ${String(behind?.['schema'])}.${table} INCLUDING ALL)`)
      const rows = await database.query(`SELECT to_jsonb(row) AS row FROM ${from} AS row`)
      const batches: string[] = []
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        batches.push(JSON.stringify(rows.slice(at, at + rowsAtOnce).map(({ row }) => row)))
      }
      tables.push({ into: `bare.${table}`, batches })
    }
  }
  const seconds = await timed(() =>
    Promise.all(
      tables.map(async ({ into, batches }) => {
        for (const batch of batches) {
          await database.query(`INSERT INTO ${into} SELECT * FROM jsonb_populate_recordset(NULL::${into}, $1::jsonb)`, [
            batch,
          ])
        }
      }),
    ),
  )
  await database.query('DROP SCHEMA bare CASCADE')
  return seconds
}

export const rebuildAll = async (
  set: ProjectionSet,
  names: readonly string[],
  withinMs = patient.withinMs,
): Promise<void> => {
  const wanted = new Map<string, number>()
  for (const name of names) wanted.set(name, await set.rebuild(name))
  await eventually(async () => (await set.status()).every(({ name, generation }) => generation === wanted.get(name)), {
    withinMs,
  })
}

const verifyAll = async (set: ProjectionSet, names: readonly string[]): Promise<void> => {
  const wanted = new Map<string, number>()
  for (const name of names) wanted.set(name, await set.verify(name))
  const done = await eventually(async () => {
    const all = await set.status()
    return all.every(({ name, verification }) => verification?.generation === wanted.get(name)) && all
  }, patient)
  const wrong = done.filter(({ verification }) => verification?.ok !== true)
  if (wrong.length > 0) throw new Error(`rows differ: ${JSON.stringify(wrong.map(({ verification }) => verification))}`)
}

/** The real process, asked by eight at once. @returns the 99th percentiles of each round, in milliseconds. */
const readsDuring = async (natsUrl: string, databaseUrl: string, rounds: number) => {
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
    const building = async (): Promise<boolean> =>
      (await database.query(`SELECT 1 FROM casebook.projection WHERE role = 'next' LIMIT 1`)).length > 0
    const [idle, busy]: [number[], number[]] = [[], []]
    for (let round = 0; round <= rounds; round++) {
      const end = performance.now() + 3_000
      const without = await reads(async () => performance.now() > end)
      const last = performance.now() + 4_000
      // One rebuild after the other, so that what is measured is their work and not their beginning.
      const during = await reads(async () => {
        if (await building()) return false
        if (performance.now() > last) return true
        for (const name of ['sessions', 'timeline', 'audit']) await ask(`/v1/projections/${name}/rebuild`, 'POST')
        return false
      })
      for (const name of ['sessions', 'timeline', 'audit']) await ask(`/v1/projections/${name}/drop-old`, 'POST')
      // The first warms everything up.
      if (round > 0) idle.push(without)
      if (round > 0) busy.push(during)
    }
    return { idle, busy }
  } finally {
    await database.close()
    await casebook.stop()
  }
}

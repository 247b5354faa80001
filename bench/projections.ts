// Events a second into the read models, beside multi-row inserts of the same bytes.
import type { NatsConnection } from '@nats-io/transport-node'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { isBadEntry } from '../projections/log-reader.ts'
import { startProjections } from '../projections/projection-set.ts'
import { startOfLog } from '../schemas/ids.ts'
import { quiet } from '../tests/support/servers.ts'
import { type Figure, median, rate, spreadOf } from './measure.ts'

interface Postgres {
  createDatabase(): Promise<string>
}

const batchRows = 1_000

/** Replays whatever the earlier benches left on the log. */
export const benchProjections = async (
  connection: NatsConnection,
  postgres: Postgres,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const reader = await createJetStreamLogReader(connection, quiet)
  const head = await reader.head()
  const payloads: string[] = []
  let events = 0
  const reading = new AbortController()
  for await (const batch of reader.follow(startOfLog, { maxBatch: batchRows }, reading.signal)) {
    for (const entry of batch.entries) {
      payloads.push(entry.payload)
      events += isBadEntry(entry) ? 0 : entry.commit.events.length
    }
    if (batch.last >= head.sequence) break
  }
  reading.abort()

  const insert = async (): Promise<number> => {
    const database = createDatabase(await postgres.createDatabase(), 4)
    await database.query('CREATE TABLE bare (sequence int8 PRIMARY KEY, payload text NOT NULL)')
    const started = performance.now()
    for (let from = 0; from < payloads.length; from += batchRows) {
      const rows = payloads.slice(from, from + batchRows)
      await database.query('INSERT INTO bare SELECT * FROM unnest($1::int8[], $2::text[])', [
        rows.map((_, index) => from + index),
        rows,
      ])
    }
    const seconds = (performance.now() - started) / 1000
    await database.close()
    return events / seconds
  }

  const project = async (names: readonly string[]): Promise<number> => {
    const chosen = catalogue.filter(({ name }) => names.includes(name))
    const database = createDatabase(await postgres.createDatabase(), 12)
    await migrate(database, chosen)
    // A reader of its own: nothing is decoded already.
    const fresh = await createJetStreamLogReader(connection, quiet)
    const started = performance.now()
    const set = await startProjections({ database, reader: fresh, run: true, projections: chosen })
    await Promise.all(chosen.map(({ name }) => set.waitFor(name, head.sequence, 300_000)))
    const seconds = (performance.now() - started) / 1000
    await set.stop()
    await database.close()
    return events / seconds
  }

  const rounds = quick ? 2 : 5
  const figures: Figure[] = []
  const all = catalogue.map(({ name }) => name)
  for (const [what, names] of [
    ...all.map((name): [string, string[]] => [name, [name]]),
    [`all ${all.length} at once`, all] as [string, string[]],
  ]) {
    const projected: number[] = []
    const inserted: number[] = []
    for (let round = 0; round < rounds; round++) {
      inserted.push(await insert())
      projected.push(await project(names))
    }
    figures.push({
      what: `projection ${what} (${events.toLocaleString('en')} events)`,
      value: rate(median(projected)),
      beside: rate(median(inserted)),
      ratio: (median(projected) / median(inserted)).toFixed(2),
      goal: names.length === 1 ? '≥ 30,000/s' : '≥ 20,000/s',
      spread: spreadOf(projected),
    })
  }
  return figures
}

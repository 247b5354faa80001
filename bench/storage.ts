// What long sessions take on the log and in Postgres, beside what their models and tools said.
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { eventsStream } from '../infra/jetstream/streams.ts'
import { createDatabase, type PostgresDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { startProjections } from '../projections/projection-set.ts'
import { quiet } from '../tests/support/servers.ts'
import { runLongSession } from './long-session.ts'
import type { Figure } from './measure.ts'

/** Each of two hundred steps and 0.4 MB; several, so that empty pages count little. */
const sessions = 25
const shape = { turns: 99, bytesPerStep: 2_000 }

interface Postgres {
  createDatabase(): Promise<string>
}

/** `natsFolder` is where the nats-server keeps its streams. */
export const benchStorage = async (
  connection: NatsConnection,
  natsFolder: string,
  postgres: Postgres,
): Promise<readonly Figure[]> => {
  let said = 0
  for (let nth = 0; nth < sessions; nth++) said += (await runLongSession(connection, shape)).said
  const { state } = await (await jetstreamManager(connection)).streams.info(eventsStream)

  const database = createDatabase(await postgres.createDatabase(), 12)
  await migrate(database, catalogue)
  const before = await tableBytes(database)
  const reader = await createJetStreamLogReader(connection, quiet)
  const set = await startProjections({ database, reader, run: true })
  const { sequence } = await reader.head()
  await Promise.all(catalogue.map(({ name }) => set.waitFor(name, sequence, 300_000)))
  const after = await tableBytes(database)
  await set.stop()
  await database.close()

  const grown = (of: readonly string[]): number =>
    of.reduce((sum, table) => sum + (after.get(table) ?? 0) - (before.get(table) ?? 0), 0)
  const tables = [...after.keys()]
  const copy: readonly string[] = ['commits']
  const figure = (what: string, bytes: number, goal?: string): Figure => ({
    what,
    value: megabytes(bytes / sessions),
    beside: megabytes(said / sessions),
    ratio: (bytes / said).toFixed(2),
    goal,
  })
  return [
    figure('on the log', state.bytes, '≤ 2'),
    figure(`  its files, nats-server ${connection.info?.version}`, filesOf(natsFolder, eventsStream)),
    figure('in the read models', grown(tables.filter((name) => !copy.includes(name))), '≤ 2'),
    figure('in the verbatim copy of the log', grown(copy), '≤ 2'),
  ]
}

/** Newer servers compress a block when it is full: the last is not. */
const filesOf = (folder: string, stream: string): number =>
  globSync(`**/streams/${stream}/msgs/*.blk`, { cwd: folder })
    .map((file) => statSync(join(folder, file)).size)
    .reduce((sum, size) => sum + size, 0)

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2)} MB`

/** Of each table with its indexes and its large values, by its name. */
const tableBytes = async (database: PostgresDatabase): Promise<ReadonlyMap<string, number>> => {
  const rows = await database.query(
    `SELECT relname AS name, sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') GROUP BY relname`,
  )
  return new Map(rows.map(({ name, bytes }) => [String(name), Number(bytes)]))
}

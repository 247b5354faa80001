// The servers of a Casebook that does not run, for as long as a command works on them.
import type { NatsConnection } from '@nats-io/transport-node'
import type { Log } from '../../handlers/ports/log.ts'
import { projections } from '../../projections/catalogue.ts'
import type { Environment } from '../../schemas/environment.ts'
import { awaitConfiguredServers } from '../configured-servers.ts'
import { startEmbeddedServers } from '../embedded/embedded-servers.ts'
import { connectNats } from '../jetstream/connect.ts'
import { replicasFor } from '../jetstream/replicas.ts'
import { createDatabase, type PostgresDatabase } from '../postgres/database.ts'
import { migrate } from '../postgres/migrations.ts'

export interface OpenServers {
  /** It does not reconnect. */
  readonly connection: NatsConnection
  readonly database: PostgresDatabase
  /** On how many servers a stream is to be kept. */
  readonly replicas: number
}

/** @throws DataFolderInUse while Casebook runs there, and what else its start throws. */
export const withServers = async <T>(
  environment: Environment,
  log: Log,
  work: (servers: OpenServers) => Promise<T>,
): Promise<T> => {
  const configured = { natsUrl: environment.NATS_URL, databaseUrl: environment.DATABASE_URL, log }
  await awaitConfiguredServers(configured)
  const { CASEBOOK_DATA_DIR: dataDir, NATS_SERVER_BIN: natsServerBin } = environment
  const servers = await startEmbeddedServers({ ...configured, dataDir, natsServerBin })
  try {
    const connection = await connectNats(servers.natsUrl, `casebook-${process.pid}`, log, { reconnect: false })
    const database = createDatabase(servers.databaseUrl, 4)
    try {
      await migrate(database, projections)
      const replicas = await replicasFor(connection, environment.CASEBOOK_REPLICAS)
      return await work({ connection, database, replicas })
    } finally {
      await connection.close()
      await database.close()
    }
  } finally {
    await servers.stop()
  }
}

// A PostgreSQL of our own, from npm's platform package: loopback only, one database, a password only this user can read.
import { join } from 'node:path'
import { Client } from 'pg'
import type { Log } from '../../handlers/ports/log.ts'
import { findPostgres, type NativePackage } from './find-postgres.ts'
import { endLeftover } from './leftover-server.ts'
import type { EmbeddedServer } from './nats-server.ts'
import { clusterPassword, clusterVersion, createCluster, dropStrangersPidFile } from './postgres-cluster.ts'
import { postgresHome } from './postgres-home.ts'
import { onRememberedPort } from './remembered-port.ts'
import { supervise } from './supervised-process.ts'

export interface PostgresOptions {
  /** Settings beside the defaults; tests turn fsync off. */
  readonly settings?: readonly string[]
  /** Where the platform package is unpacked, if not where npm puts it. */
  readonly native?: NativePackage | null
}

/** @throws PostgresNotFound, EmbeddedServerFailed */
export const startPostgresServer = async (
  folder: string,
  log: Log,
  options: PostgresOptions = {},
): Promise<EmbeddedServer> => {
  const logFile = join(folder, 'postgres.log')
  const home = await postgresHome(folder, log)
  const { cluster, identity } = home
  const { native } = options
  const wanted = { identity, dataFolder: folder, major: clusterVersion(home), ...(native !== undefined && { native }) }
  const binaries = await findPostgres(wanted)
  if (wanted.major === null) {
    log.info({}, 'Creating the PostgreSQL cluster …')
    await createCluster(home, binaries, logFile)
  }
  const password = clusterPassword(home, logFile)
  // The space ends the path: `…/data` is not to be found in `…/data2`.
  const trace = { proof: `${cluster} `, pidFile: join(home.folder, 'postgres.pid'), stopSignal: 'SIGINT' } as const
  const ended = await endLeftover(trace)
  if (ended !== null) log.warn({ pid: ended }, 'A postgres of an earlier run was still there; ended it.')
  dropStrangersPidFile(cluster)
  return onRememberedPort(folder, 'postgres', async (port) => {
    const url = (database: string): string => `postgres://casebook:${password}@127.0.0.1:${port}/${database}`
    const supervised = await supervise({
      ...trace,
      name: 'postgres',
      command: binaries.postgres,
      args: [
        '-D',
        cluster,
        '-p',
        String(port),
        ...[...settings, ...(options.settings ?? [])].flatMap((each) => ['-c', each]),
      ],
      env: binaries.env,
      identity,
      logFile,
      probe: () => query(url('postgres'), (client) => client.query('SELECT 1')),
      log,
    })
    try {
      await query(url('postgres'), createDatabase)
    } catch (error) {
      await supervised.stop()
      throw error
    }
    return { url: url('casebook'), process: supervised }
  })
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  'shared_buffers=128MB',
  'logging_collector=off',
  'log_min_messages=warning',
]

const createDatabase = async (client: Client): Promise<void> => {
  const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'casebook'")
  if (rowCount === 0) await client.query('CREATE DATABASE casebook')
}

const query = async (url: string, work: (client: Client) => Promise<unknown>): Promise<void> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

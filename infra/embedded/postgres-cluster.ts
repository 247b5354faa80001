// PostgreSQL's data folder: made once, whole or not at all, with a password only its user can read.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedServerFailed } from './embedded-errors.ts'
import type { PostgresBinaries } from './find-postgres.ts'
import { readPid } from './leftover-server.ts'
import type { PostgresHome } from './postgres-home.ts'
import { commandLineOf, startTimeOf } from './process-identity.ts'

const run = promisify(execFile)
const passwordFileIn = (folder: string): string => join(folder, 'password')

/** The major version of the cluster there is; null when there is none. */
export const clusterVersion = ({ cluster }: PostgresHome): number | null => {
  const file = join(cluster, 'PG_VERSION')
  const major = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN
  return Number.isInteger(major) ? major : null
}

/** @throws EmbeddedServerFailed */
export const createCluster = async (home: PostgresHome, binaries: PostgresBinaries, logFile: string): Promise<void> => {
  const { folder, cluster, identity } = home
  for (const name of readdirSync(folder).filter((each) => each.startsWith('data'))) {
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
  }
  const draft = join(folder, `data.${process.pid}`)
  const passwordFile = passwordFileIn(folder)
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (identity !== undefined) {
    for (const each of [draft, passwordFile]) chownSync(each, identity.uid, identity.gid)
  }
  const how = ['-U', 'casebook', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C']
  try {
    await run(binaries.initdb, ['-D', draft, ...how], { cwd: '/', env: binaries.env, ...identity })
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    const nameless = reason?.includes('could not look up effective user') === true
    const mend = nameless ? '; run as a user that /etc/passwd knows, or point DATABASE_URL at a server' : ''
    throw new EmbeddedServerFailed('postgres', `initdb failed (${reason})${mend}`, logFile)
  }
  // The version file is among the first things initdb writes, so only the name says that it got to the end.
  renameSync(draft, cluster)
}

/** @throws EmbeddedServerFailed when it is lost. */
export const clusterPassword = ({ folder, cluster }: PostgresHome, logFile: string): string => {
  const file = passwordFileIn(folder)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const mend = `put it back, or move ${cluster} away to begin with an empty database`
  throw new EmbeddedServerFailed('postgres', `${file} with its password is gone; ${mend}`, logFile)
}

/**
 * After a reboot, or in a container, the pid in a killed server's file may be another process' by now, for which
 * PostgreSQL would refuse to start. It is left alone in every other case: it guards against a second server.
 */
export const dropStrangersPidFile = (cluster: string): void => {
  const file = join(cluster, 'postmaster.pid')
  const pid = readPid(file)
  if (pid !== null && startTimeOf(pid) !== null && !commandLineOf(pid).includes('postgres'))
    rmSync(file, { force: true })
}

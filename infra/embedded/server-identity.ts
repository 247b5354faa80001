// PostgreSQL refuses to run as root: then it runs as another user, in folders that user can reach.
import { createHash } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/** @returns undefined when we are not root and stay who we are. */
export const unprivilegedIdentity = (): Identity | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(user?.[2] ?? 65_534), gid: Number(user?.[3] ?? 65_534) }
}

/** Whether every folder above `path`, and it itself, lets the identity through. */
export const canReach = (path: string, identity: Identity | undefined): boolean => {
  if (identity === undefined) return true
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { uid, gid, mode } = statSync(folder)
      const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}

/** The cluster's folder: inside the data folder, or beside the system's data when the data folder cannot be reached. */
export const reachableHome = (dataFolder: string, identity: Identity | undefined): string => {
  const inside = join(dataFolder, 'postgres')
  if (canReach(dataFolder, identity)) return owned(inside, identity)
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)
  const outside = owned(join('/var/lib/casebook', name), identity)
  writeFileSync(join(dataFolder, 'postgres.location'), `${outside}\n`)
  return outside
}

const owned = (folder: string, identity: Identity | undefined): string => {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid)
  return folder
}

/** The binaries where the identity can run them: copied once when the project lies in a closed folder. */
export const reachableBinaries = (native: string, version: string, identity: Identity | undefined): string => {
  if (canReach(native, identity)) return native
  const copy = join('/var/cache/casebook', `postgres-${version}`)
  if (!existsSync(join(copy, 'complete'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(join(copy, 'complete'), '')
  }
  return copy
}

// Where the cluster lives: in the data folder, or outside it when the server's user cannot reach into there.
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Log } from '../../handlers/ports/log.ts'
import { canEnter, type Identity, unprivilegedIdentity } from './server-identity.ts'

export interface PostgresHome {
  readonly folder: string
  /** PostgreSQL's own data folder; may not exist yet. */
  readonly cluster: string
  readonly identity: Identity | undefined
}

const outsideRoot = '/var/lib/casebook'

// The inode tells a moved data folder from a copied one: two copies must never share a cluster.
const location = z.object({ folder: z.string(), inode: z.number() })

export const postgresHome = async (dataFolder: string, log: Log): Promise<PostgresHome> => {
  const inside = join(dataFolder, 'postgres')
  const outside = readOutside(dataFolder)
  const known = outside === null ? [inside] : [inside, outside]
  const identity = unprivilegedIdentity(known.map(clusterIn))
  if (await canEnter(dataFolder, identity)) return owned(inside, identity)
  if (outside !== null) return owned(outside, identity)
  const folder = join(outsideRoot, randomBytes(8).toString('hex'))
  const home = owned(folder, identity)
  const pointer = { folder, inode: statSync(dataFolder).ino }
  writeFileSync(pointerIn(dataFolder), `${JSON.stringify(pointer)}\n`, { mode: 0o600 })
  log.warn({ folder }, `The user PostgreSQL runs as cannot enter ${dataFolder}; its files are in ${folder}.`)
  return home
}

const clusterIn = (folder: string): string => join(folder, 'data')
const pointerIn = (dataFolder: string): string => join(dataFolder, 'postgres.location')

const readOutside = (dataFolder: string): string | null => {
  try {
    const { folder, inode } = location.parse(JSON.parse(readFileSync(pointerIn(dataFolder), 'utf8')))
    return inode === statSync(dataFolder).ino ? folder : null
  } catch {
    return null
  }
}

const owned = (folder: string, identity: Identity | undefined): PostgresHome => {
  if (dirname(folder) === outsideRoot) {
    mkdirSync(outsideRoot, { recursive: true })
    // Whatever the umask says, the server's user passes through here.
    chmodSync(outsideRoot, 0o755)
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid)
  return { folder, cluster: clusterIn(folder), identity }
}

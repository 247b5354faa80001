// The data folder belongs to one running Casebook: a lock names it, and a dead owner's lock is taken over.
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { DataFolderInUse, DataFolderUnusable } from './embedded-errors.ts'
import { startTimeOf } from './process-identity.ts'

const ownerShape = z.object({ pid: z.int(), startTime: z.string() })
type Owner = z.infer<typeof ownerShape>

export interface DataFolder {
  readonly path: string
  release(): void
}

/** @throws DataFolderInUse when another process that lives holds it. @throws DataFolderUnusable */
export const claimDataFolder = (folder: string): DataFolder => {
  const path = resolve(folder)
  const lock = join(path, 'lock')
  const mine: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' }
  const draft = `${lock}.${process.pid}`
  tried(() => makeFolder(path), 'EEXIST', path)
  try {
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o644 })
  } catch (error) {
    throw new DataFolderUnusable(path, error)
  }
  try {
    for (let attempt = 1; ; attempt++) {
      // A link appears with its whole content, so nobody ever reads half a lock.
      if (tried(() => linkSync(draft, lock), 'EEXIST', path)) return { path, release: () => release(lock, mine) }
      const holder = readOwner(lock)
      if (holder !== null && (lives(holder) || attempt > 5)) throw new DataFolderInUse(path, holder.pid)
      takeAway(lock, path)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Closed to everybody else. Root's PostgreSQL runs as another user, who may pass through without looking around.
 * One level at a time: Node's own `recursive` never returns where the system answers ENOENT, as below /proc.
 */
const makeFolder = (path: string): void => {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true })
  mkdirSync(path, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
}

/** Moved away and looked at again: of two that find the same dead owner, the slower must not remove the quicker's lock. */
const takeAway = (lock: string, path: string): void => {
  const aside = `${lock}.stale.${process.pid}`
  if (!tried(() => renameSync(lock, aside), 'ENOENT', path)) return
  const moved = readOwner(aside)
  if (moved !== null && lives(moved)) tried(() => linkSync(aside, lock), 'EEXIST', path)
  rmSync(aside, { force: true })
}

const release = (lock: string, mine: Owner): void => {
  const holder = readOwner(lock)
  if (holder?.pid === mine.pid && holder.startTime === mine.startTime) rmSync(lock, { force: true })
}

const lives = ({ pid, startTime }: Owner): boolean => startTimeOf(pid) === startTime

const readOwner = (lock: string): Owner | null => {
  try {
    return ownerShape.parse(JSON.parse(readFileSync(lock, 'utf8')))
  } catch {
    return null
  }
}

/** @returns false when it failed with the code expected. */
const tried = (work: () => void, expected: string, path: string): boolean => {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === expected) return false
    throw new DataFolderUnusable(path, error)
  }
}

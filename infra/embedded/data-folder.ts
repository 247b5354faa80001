// The data folder belongs to one running Casebook: a lock names it, and a dead owner's lock is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { DataFolderInUse } from './embedded-errors.ts'
import { startTimeOf } from './process-identity.ts'

const owner = z.object({ pid: z.int(), startTime: z.string() })

export interface DataFolder {
  readonly path: string
  release(): void
}

/** @throws DataFolderInUse when another process that lives holds it. */
export const claimDataFolder = (folder: string): DataFolder => {
  const path = resolve(folder)
  mkdirSync(path, { recursive: true })
  const lock = join(path, 'lock')
  const mine = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' }
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(lock, JSON.stringify(mine), { flag: 'wx', mode: 0o600 })
      return { path, release: () => rmSync(lock, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 2) throw error
    }
    const holder = readOwner(lock)
    const alive = holder !== null && startTimeOf(holder.pid) === holder.startTime && holder.pid !== process.pid
    if (holder !== null && alive) throw new DataFolderInUse(path, holder.pid)
    rmSync(lock, { force: true })
  }
}

const readOwner = (lock: string): z.infer<typeof owner> | null => {
  try {
    return owner.parse(JSON.parse(readFileSync(lock, 'utf8')))
  } catch {
    return null
  }
}

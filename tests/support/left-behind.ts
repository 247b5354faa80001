// What a test file left behind: files in the temporary folder it was given, processes that still live under it.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { processesOf } from './processes-of.ts'

export interface Sandbox {
  /** The TMPDIR of the file and of every process it starts. */
  readonly folder: string
  /** Ends and removes what was left. @returns what that was. */
  clear(): Promise<readonly string[]>
}

export const openSandbox = (): Sandbox => {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-run-'))
  // A PostgreSQL under another user passes through.
  chmodSync(folder, 0o755)
  return {
    folder,
    clear: async () => {
      // What was told to end a moment ago may still be at it.
      for (let look = 0; look < 300 && living(folder).length > 0; look++) await delay(100)
      const left = living(folder).flatMap(({ pid, command }) => (end(pid) ? [`process ${command.slice(0, 200)}`] : []))
      left.push(...readdirSync(folder).filter((name) => name !== 'node-compile-cache'))
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      return left
    },
  }
}

/** @returns whether it was still there. */
const end = (pid: number): boolean => {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** Servers name their folder; what else was started has it in its environment, which only Linux shows. */
const living = (folder: string) =>
  processesOf('').filter(({ pid, command }) => command.includes(folder) || inherits(pid, folder))

const inherits = (pid: number, folder: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`TMPDIR=${folder}`)
  } catch {
    return false
  }
}

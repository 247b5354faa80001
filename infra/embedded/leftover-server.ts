// A server that outlived its Casebook still holds the data folder: it is recognised and ended before the next start.
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { graceMs } from './guardian.ts'
import { commandLineOf, startTimeOf } from './process-identity.ts'

export interface ServerTrace {
  readonly pidFile: string
  /** Part of the command line that proves a running process is this very server: a path in its data folder. */
  readonly proof: string
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
}

/** The pid of the running server, or null. A pid used again by a stranger does not count. */
export const serverPid = ({ pidFile, proof }: ServerTrace): number | null => {
  const pid = readPid(pidFile)
  return pid !== null && commandLineOf(pid).includes(proof) ? pid : null
}

/** Resolves with its pid when it is gone, with null when there was none; it is killed when it does not go by itself. */
export const endLeftover = async (trace: ServerTrace): Promise<number | null> => {
  await exitUnderWay(trace)
  const pid = serverPid(trace)
  if (pid === null) return null
  const born = startTimeOf(pid)
  const goneWithin = async (ms: number): Promise<boolean> => {
    const deadline = performance.now() + ms
    while (born !== null && startTimeOf(pid) === born) {
      if (performance.now() > deadline) return false
      await delay(50)
    }
    return true
  }
  signal(pid, trace.stopSignal)
  if (!(await goneWithin(graceMs))) {
    signal(pid, 'SIGKILL')
    await goneWithin(2_000)
  }
  return pid
}

/** A process that exits loses its command line before its port and its files, and could be taken for a stranger's. */
const exitUnderWay = async ({ pidFile }: ServerTrace): Promise<void> => {
  const pid = readPid(pidFile)
  const deadline = performance.now() + 2_000
  while (pid !== null && startTimeOf(pid) !== null && commandLineOf(pid).trim() === '') {
    if (performance.now() > deadline) return
    await delay(20)
  }
}

export const readPid = (file: string): number | null => {
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN
  return Number.isInteger(pid) && pid > 0 ? pid : null
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It went first, or is another user's; the start that follows says so.
  }
}

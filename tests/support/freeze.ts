// SIGSTOP, waited for: the signal is on its way when `kill` returns, and the process may answer once more.
import { readFileSync } from 'node:fs'
import { eventually } from './eventually.ts'

/** One that ends meanwhile does nothing more either. @throws when there is none from the start. */
export const freeze = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP')
  const stands = (): boolean => {
    const state = stateOf(pid)
    if (['T', 'Z', 'X', null].includes(state)) return true
    // Whoever else halts processes now and then may have set it going.
    process.kill(pid, 'SIGSTOP')
    return false
  }
  await eventually(stands, { describe: `process ${pid} stands still` })
}

const stateOf = (pid: number): string | null => {
  try {
    // Behind the name, which may hold spaces and parentheses.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0] ?? null
  } catch {
    return null
  }
}

// SIGSTOP, waited for: the signal is on its way when `kill` returns, and the process may answer once more.
import { readFileSync } from 'node:fs'
import { eventually } from './eventually.ts'

export const freeze = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGSTOP')
  // Behind the name, which may hold spaces and parentheses.
  const state = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0] ?? ''
  await eventually(() => state() === 'T', { describe: `process ${pid} stands still` })
}

// Whether a pid still names the process we think it names: pids are used again.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Start time of a process as the system counts it; null when there is no such process. */
export const startTimeOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie holds nothing any more.
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return process.platform === 'linux' ? null : psField(pid, 'lstart')
  }
}

/** The command line of a process, or an empty text. */
export const commandLineOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return process.platform === 'linux' ? '' : (psField(pid, 'command') ?? '')
  }
}

const psField = (pid: number, field: string): string | null => {
  try {
    const text = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
    return text === '' ? null : text
  } catch {
    return null
  }
}

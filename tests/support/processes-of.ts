// Which running processes work in a folder, seen from outside: from their command lines, as an operator would look.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { eventually } from './eventually.ts'

export interface RunningProcess {
  readonly pid: number
  readonly command: string
}

/** Those whose command line names the folder; the asking process itself does not count. */
export const processesOf = (folder: string): readonly RunningProcess[] =>
  (existsSync('/proc/self/cmdline') ? fromProc() : fromPs()).filter(
    ({ pid, command }) => pid !== process.pid && command.includes(folder),
  )

/** Awaited, because a guardian looks for its server's end ten times a second. */
export const nobodyWorksIn = (folder: string): Promise<true> =>
  eventually(() => processesOf(folder).length === 0, { withinMs: 30_000, describe: `nobody works in ${folder}` })

const fromProc = (): readonly RunningProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
      } catch {
        return []
      }
    })

const fromPs = (): readonly RunningProcess[] =>
  execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+) (.*)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ pid: Number(match[1]), command: match[2] ?? '' }]))

// Which running processes work in a folder, seen from outside: from their command lines, as an operator would look.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { startTimeOf } from '../../infra/embedded/process-identity.ts'
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
  eventually(() => processesOf(folder).length === 0, { withinMs: 60_000, describe: `nobody works in ${folder}` })

/** Children, their children, and so on; read before the parent dies, for then they have another. */
export const descendantsOf = (pid: number): readonly number[] => {
  const parents = parentOfEach()
  const below = (parent: number): readonly number[] =>
    parents.filter((each) => each.parent === parent).flatMap((each) => [each.pid, ...below(each.pid)])
  return below(pid)
}

export interface Descendants {
  readonly count: number
  /** Resolves when none of them lives any more, whoever bears its pid by then. */
  gone(): Promise<true>
}

/** Those that live below it now. */
export const watchDescendants = (pid: number): Descendants => {
  const born = descendantsOf(pid).map((each) => ({ pid: each, since: startTimeOf(each) }))
  return {
    count: born.length,
    gone: () =>
      eventually(() => born.every((each) => each.since === null || startTimeOf(each.pid) !== each.since), {
        describe: `all that was below ${pid} is gone`,
      }),
  }
}

const parentOfEach = (): readonly { readonly pid: number; readonly parent: number }[] =>
  existsSync('/proc/self/stat')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => {
          try {
            const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
            return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }]
          } catch {
            return []
          }
        })
    : execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .map(([pid = 0, parent = 0]) => ({ pid, parent }))

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

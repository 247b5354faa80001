// A server as our child: ready before it is used, restarted when it dies, and gone when we are gone.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../handlers/ports/log.ts'
import { EmbeddedServerFailed } from './embedded-errors.ts'
import { commandLineOf, startTimeOf } from './process-identity.ts'

export interface SupervisedOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined
  /** Part of the command line that proves a running process is this very server: its data folder. */
  readonly proof: string
  readonly pidFile: string
  readonly logFile: string
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
  /** Resolves when the server answers; throws while it does not. */
  readonly probe: () => Promise<void>
  readonly log: Log
}

export interface Supervised {
  readonly name: string
  /** The server's own pid; null while it is being restarted. */
  readonly pid: () => number | null
  readonly restarts: () => number
  stop(): Promise<void>
}

/**
 * Runs the server under a shell that watches a pipe from us: when this process dies, however it dies,
 * the pipe closes and the shell ends the server.
 */
const guardian = `
exec 3<&0
signal=$1; pidfile=$2; shift 2
"$@" </dev/null 3<&- &
server=$!
echo $server > "$pidfile"
( cat <&3 >/dev/null 2>&1; kill -s $signal $server 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server 2>/dev/null || exit 0; sleep 1; done
  kill -s KILL $server 2>/dev/null ) >/dev/null 2>&1 3<&3 &
exec 3<&-
wait $server
`

const readyWithinMs = 60_000

/** @throws EmbeddedServerFailed when the server does not become ready the first time. */
export const supervise = async (options: SupervisedOptions): Promise<Supervised> => {
  const { name, log } = options
  await endLeftover(options)
  let stopping = false
  let restarts = 0
  let child = launch(options)
  let exited = exitOf(child)
  await ready(options, exited)

  const watch = async (): Promise<void> => {
    while (!stopping) {
      await exited
      if (stopping) return
      restarts++
      log.warn({ server: name, restarts }, `${name} died; starting it again.`)
      await delay(Math.min(5_000, 100 * 2 ** Math.min(restarts, 6)))
      if (stopping) return
      await endLeftover(options)
      child = launch(options)
      exited = exitOf(child)
      await ready(options, exited).then(
        () => log.info({ server: name }, `${name} is back.`),
        (error: unknown) => log.error({ server: name, err: error }, `${name} did not come back yet.`),
      )
    }
  }
  const watching = watch()

  return {
    name,
    pid: () => serverPid(options),
    restarts: () => restarts,
    stop: async () => {
      stopping = true
      // Closing the pipe is the order to stop: the same path as our own death, so it is always exercised.
      child.stdin?.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await exited
      clearTimeout(timer)
      await watching
      rmSync(options.pidFile, { force: true })
    },
  }
}

const launch = (options: SupervisedOptions): ChildProcess => {
  const output = openSync(options.logFile, 'a', 0o600)
  const { stopSignal, pidFile, command, args, identity } = options
  const child = spawn('sh', ['-c', guardian, 'casebook-guardian', stopSignal.slice(3), pidFile, command, ...args], {
    stdio: ['pipe', output, output],
    // Not in our process group: Ctrl-C reaches us alone, and we stop the servers last.
    detached: true,
    cwd: '/',
    env: options.env ?? { PATH: process.env['PATH'] },
    ...(identity !== undefined && identity),
  })
  closeSync(output)
  child.stdin?.on('error', () => undefined)
  return child
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
    )
  })

const ready = async (options: SupervisedOptions, exited: Promise<string>): Promise<void> => {
  const deadline = performance.now() + readyWithinMs
  let ended: string | null = null
  void exited.then((reason) => {
    ended = reason
  })
  for (;;) {
    if (ended !== null)
      throw new EmbeddedServerFailed(options.name, `${ended}${lastLine(options.logFile)}`, options.logFile)
    try {
      return await options.probe()
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new EmbeddedServerFailed(
          options.name,
          `no answer within ${readyWithinMs / 1000} s (${reason})`,
          options.logFile,
        )
      }
      await delay(25)
    }
  }
}

const lastLine = (file: string): string => {
  const line = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) : undefined
  return line === undefined || line === '' ? '' : `: ${line}`
}

const serverPid = ({ pidFile, proof }: SupervisedOptions): number | null => {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').trim()) : Number.NaN
  return Number.isInteger(pid) && pid > 0 && commandLineOf(pid).includes(proof) ? pid : null
}

/** A server that outlived its Casebook (its guardian was killed too) still holds the folder: it is ended first. */
const endLeftover = async (options: SupervisedOptions): Promise<void> => {
  const pid = serverPid(options)
  if (pid === null) return
  options.log.warn({ server: options.name, pid }, `A ${options.name} of an earlier run is still there; ending it.`)
  process.kill(pid, options.stopSignal)
  const deadline = performance.now() + 10_000
  while (startTimeOf(pid) !== null) {
    if (performance.now() > deadline) process.kill(pid, 'SIGKILL')
    await delay(50)
  }
}

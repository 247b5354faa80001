// The shell between us and a server, so that the server ends when we do, however we end.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'

export interface GuardedCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined
  /** Gets the server's own pid; the child's pid is the shell's. */
  readonly pidFile: string
  readonly logFile: string
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
}

// The subshell reads a pipe from us that nobody writes to: its end is our end, or our order to stop.
const script = `
exec 3<&0
signal=$1; pidfile=$2; shift 2
"$@" </dev/null 3<&- &
server=$!
echo $server > "$pidfile"
( cat <&3; kill -s $signal $server
  i=0
  while kill -0 $server; do
    [ $i -ge 100 ] && kill -s KILL $server
    i=$((i+1)); sleep 0.1
  done ) >/dev/null 2>&1 3<&3 &
exec 3<&-
wait $server
`
/** How long the script lets a server end by itself: 100 rounds of 0.1 s. */
export const graceMs = 10_000

const keptLogBytes = 16 * 1024 * 1024

/** Starts the command; closing the child's stdin ends it. */
export const launchGuarded = (options: GuardedCommand): ChildProcess => {
  const { stopSignal, pidFile, logFile, command, args, identity } = options
  // A pid of an earlier run would pass for this one's until the shell has written its own.
  rmSync(pidFile, { force: true })
  if (existsSync(logFile) && statSync(logFile).size > keptLogBytes) renameSync(logFile, `${logFile}.1`)
  const output = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn('sh', ['-c', script, 'casebook-guardian', stopSignal.slice(3), pidFile, command, ...args], {
      stdio: ['pipe', output, output],
      // Not in our process group: Ctrl-C reaches us alone, and we stop the servers last.
      detached: true,
      cwd: '/',
      env: options.env ?? { PATH: process.env['PATH'] },
      ...(identity !== undefined && identity),
    })
    child.stdin?.on('error', () => undefined)
    return child
  } finally {
    closeSync(output)
  }
}

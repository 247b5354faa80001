// The real process, as a user starts it: waited for until it is ready, stopped or killed by its pid.
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface CasebookProcess {
  /** Empty when its roles have no HTTP. */
  readonly url: string
  readonly pid: number
  /** Everything it wrote so far, both streams. */
  readonly output: () => string
  /** The exit code, once it is gone and all that it wrote has been read. */
  readonly exited: Promise<number | null>
  /** SIGTERM and the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL, resolved when it is gone. */
  kill(): Promise<void>
}

export interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly exited: Promise<number | null>
}

/** Starts `casebook <args>` with only the environment given (and PATH, HOME). */
export const startCommand = (args: readonly string[], environment: Readonly<Record<string, string>>): Started => {
  const { PATH = '', HOME = '', NATS_SERVER_BIN = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [join(root, 'main.ts'), ...args], {
    cwd: root,
    env: { PATH, HOME, NATS_SERVER_BIN, NODE_COMPILE_CACHE, TMPDIR: tmpdir(), LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that fails may not get to stop it.
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    // A character may come in two chunks.
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  // Not `exit`: what was written last may still be in the pipes then.
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return { child, output: () => output, exited }
}

/** What only a start that hangs takes: its output is worth more than the silence of a file that is stopped. */
const startWithinMs = 420_000

export const startCasebook = async (environment: Readonly<Record<string, string>>): Promise<CasebookProcess> => {
  // Zero, not a free port found beforehand: another test could take it in between.
  const { child, output, exited } = startCommand(['serve'], { CASEBOOK_PORT: '0', ...environment })
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`casebook ${what} before it was ready:\n${output()}`))
    const late = setTimeout(() => {
      fail(`ran for ${startWithinMs} ms`)
      child.kill('SIGKILL')
    }, startWithinMs)
    // Of its own: what the other stream says may come in the middle of a line. A line is whole with its end.
    let said = ''
    child.stdout?.on('data', (chunk: string) => {
      said += chunk
      const ready = /^casebook ready (?:(http\S+)|\(.*\))\n/m.exec(said)
      if (ready === null) return
      clearTimeout(late)
      resolve(ready[1] ?? '')
    })
    void exited.then((code) => {
      clearTimeout(late)
      fail(`ended with code ${code}`)
    })
  })
  const handles = [child, ...[child.stdout, child.stderr].filter((stream) => stream instanceof Socket)]
  // A test that fails may not get to stop it: only whoever waits for its end is kept by it.
  for (const handle of handles) handle.unref()
  const ended = (): Promise<number | null> => {
    for (const handle of handles) handle.ref()
    return exited
  }
  return {
    url,
    pid: child.pid ?? 0,
    output,
    get exited() {
      return ended()
    },
    stop: () => {
      child.kill('SIGTERM')
      return ended()
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended()
    },
  }
}

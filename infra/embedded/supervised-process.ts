// A server as our child: ready before it is used, restarted when it dies, and gone when we are gone.
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../handlers/ports/log.ts'
import { EmbeddedServerFailed } from './embedded-errors.ts'
import { type GuardedCommand, graceMs, launchGuarded } from './guardian.ts'
import { endLeftover, type ServerTrace, serverPid } from './leftover-server.ts'

export interface SupervisedOptions extends GuardedCommand, ServerTrace {
  readonly name: string
  /** Resolves when the server answers; throws while it does not. */
  readonly probe: () => Promise<void>
  /** For each run: asked again and again for a reason to end the server, to be started anew. */
  readonly watch?: () => () => Promise<string | null>
  readonly onChange?: (status: ServerStatus) => void
  readonly log: Log
}

export type ServerStatus = 'running' | 'restarting' | 'stopped'

export interface Supervised {
  readonly name: string
  readonly status: () => ServerStatus
  /** The server's own pid; null while there is none. */
  readonly pid: () => number | null
  /** How often it was started again since the first start. */
  readonly restarts: () => number
  stop(): Promise<void>
}

/** Long, because a database may have to recover first; a server that ends is noticed at once. */
const readyWithinMs = 120_000
/** A server that ran this long is healthy again: the next restart is a quick one. */
const healthyAfterMs = 30_000
const longestPauseMs = 5_000
const watchEveryMs = 3_000

/** @throws EmbeddedServerFailed when the server does not become ready the first time; nothing of it is left then. */
export const supervise = async (options: SupervisedOptions): Promise<Supervised> => {
  const { name, log } = options
  const stopping = new AbortController()
  let status: ServerStatus = 'running'
  let restarts = 0
  const change = (next: ServerStatus): void => {
    if (next === status) return
    status = next
    options.onChange?.(next)
  }

  let run = launch(options)
  try {
    await ready(options, run, stopping.signal)
  } catch (error) {
    await run.end()
    throw error
  }

  const keepRunning = async (): Promise<void> => {
    let failures = 0
    for (let since = performance.now(); ; since = performance.now()) {
      void endWhenUseless(options, run, stopping.signal)
      const reason = await run.exited
      if (stopping.signal.aborted) return
      failures = performance.now() - since > healthyAfterMs ? 0 : failures + 1
      restarts++
      change('restarting')
      log.warn({ server: name, restarts }, `${name} died (${reason}); starting it again.`)
      await delay(Math.min(longestPauseMs, 50 * 2 ** failures), undefined, { signal: stopping.signal }).catch(
        () => null,
      )
      await endLeftover(options)
      if (stopping.signal.aborted) return
      run = launch(options)
      await ready(options, run, stopping.signal).then(
        () => {
          change('running')
          log.info({ server: name }, `${name} is back.`)
        },
        (error: unknown) => {
          if (!stopping.signal.aborted) log.error({ server: name, err: error }, `${name} did not come back yet.`)
        },
      )
    }
  }
  const kept = keepRunning().catch((error: unknown) => {
    log.error({ server: name, err: error }, `${name} is no longer watched over.`)
  })

  return {
    name,
    status: () => status,
    pid: () => serverPid(options),
    restarts: () => restarts,
    stop: async () => {
      stopping.abort()
      await run.end()
      await kept
      change('stopped')
      rmSync(options.pidFile, { force: true })
    },
  }
}

interface Run {
  /** Resolves with a reason, never rejects. */
  readonly exited: Promise<string>
  /** What the server wrote in this run. */
  readonly output: () => string
  end(): Promise<void>
}

const launch = (options: SupervisedOptions): Run => {
  const from = existsSync(options.logFile) ? statSync(options.logFile).size : 0
  const child = launchGuarded(options)
  const exited = exitOf(child)
  return {
    exited,
    output: () => {
      const bytes = existsSync(options.logFile) ? readFileSync(options.logFile) : Buffer.alloc(0)
      return bytes.subarray(bytes.length < from ? 0 : from).toString('utf8')
    },
    end: async () => {
      // Closing the pipe is the order to stop: the same path as our own death, so it is always exercised.
      child.stdin?.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs + 2_000)
      await exited
      clearTimeout(timer)
      await endLeftover(options)
    },
  }
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : signal))
  })

const ready = async ({ name, logFile, probe }: SupervisedOptions, run: Run, stop: AbortSignal): Promise<void> => {
  const deadline = performance.now() + readyWithinMs
  let ended: string | null = null
  void run.exited.then((reason) => {
    ended = reason
  })
  for (;;) {
    if (ended !== null)
      throw new EmbeddedServerFailed(name, `it ended (${ended})${complaint(run.output())}`, logFile, true)
    try {
      return await probe()
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new EmbeddedServerFailed(name, `no answer within ${readyWithinMs / 1000} s (${reason})`, logFile)
      }
      await delay(20, undefined, { signal: stop })
    }
  }
}

const endWhenUseless = async ({ name, log, watch }: SupervisedOptions, run: Run, stop: AbortSignal): Promise<void> => {
  const look = watch?.()
  if (look === undefined) return
  let over = false
  void run.exited.then(() => {
    over = true
  })
  for (;;) {
    await delay(watchEveryMs, undefined, { signal: stop, ref: false }).catch(() => null)
    if (over || stop.aborted) return
    const reason = await look().catch(() => null)
    if (reason === null || over || stop.aborted) continue
    log.warn({ server: name }, `${name} is to be started again: ${reason}.`)
    return run.end()
  }
}

/** The line that says why; servers write others after it while they go down. */
const complaint = (output: string): string => {
  const lines = output.trimEnd().split('\n')
  const line = lines.findLast((each) => /\b(FATAL|FTL|PANIC|error)\b/i.test(each)) ?? lines.at(-1) ?? ''
  return line === '' ? '' : `: ${line.slice(0, 500)}`
}

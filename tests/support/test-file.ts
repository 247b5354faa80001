// One test file run: in a process of its own, or, when it is quick, after others in a process they share.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { join } from 'node:path'
import { openSandbox, type Sandbox } from './left-behind.ts'

export interface FileResult {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  readonly output: string
}

/** The long form of the chaos tests takes its time. */
const fileTimeoutMs = (process.env['CHAOS'] === 'long' ? 30 : 10) * 60_000

/** Stripping the types of the same files again for each of hundreds of processes is a third of a run. */
const environment = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node'),
  ...process.env,
  FORCE_COLOR: '0',
}

const listen = (child: ChildProcess, hear: (text: string) => void): void => {
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => hear(chunk.toString()))
}

/** A file that ran nothing, or died after its last assertion, has failed: uvu passes silently without `test.run()`. */
const count = (output: string, died: boolean): { readonly passed: number; readonly failed: number } => {
  const sum = (label: RegExp): number => [...output.matchAll(label)].reduce((all, match) => all + Number(match[1]), 0)
  const [total, passed] = [sum(/^\s*Total:\s+(\d+)/gm), sum(/^\s*Passed:\s+(\d+)/gm)]
  return { passed, failed: total - passed + (total === 0 || (died && passed === total) ? 1 : 0) }
}

export const runAlone = (file: string): Promise<FileResult> =>
  new Promise((resolve) => {
    const started = performance.now()
    const sandbox = openSandbox()
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, TMPDIR: sandbox.folder },
    })
    let output = ''
    listen(child, (text) => {
      output += text
    })
    const deadline = setTimeout(() => {
      output += `\n${file}: stopped after ${fileTimeoutMs / 60_000} minutes\n`
      child.kill('SIGKILL')
    }, fileTimeoutMs)
    child.on('close', async (code) => {
      clearTimeout(deadline)
      const { passed, failed } = count(output, code !== 0)
      const left = await sandbox.clear()
      if (left.length > 0) output += `\n${file}: left behind: ${left.join(', ')}\n`
      const seconds = (performance.now() - started) / 1000
      resolve({ file, passed, failed: failed + (left.length > 0 ? 1 : 0), seconds, output })
    })
  })

export interface SharedProcess {
  run(file: string): Promise<FileResult>
  /** Ends the process. @returns what is known only then: what the files left behind, and that the process did not end by itself. */
  end(): Promise<readonly FileResult[]>
}

export const openSharedProcess = (): SharedProcess => {
  const sandboxes = new Map<string, Sandbox>()
  let child: ChildProcess | null = null
  let said = ''
  const start = (): ChildProcess => {
    const begun = fork(join(import.meta.dirname, 'quick-worker.ts'), {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environment,
    })
    listen(begun, (text) => {
      said += text
    })
    return begun
  }
  return {
    run: async (file) => {
      const started = performance.now()
      const sandbox = openSandbox()
      sandboxes.set(file, sandbox)
      child ??= start()
      const worker = child
      said = ''
      const { promise, resolve } = Promise.withResolvers<string | null>()
      const answer = (output: unknown): void => resolve(String(output))
      const died = (): void => resolve(null)
      worker.once('message', answer)
      worker.once('close', died)
      const deadline = setTimeout(() => worker.kill('SIGKILL'), fileTimeoutMs)
      worker.send({ file, folder: sandbox.folder })
      const output = await promise
      clearTimeout(deadline)
      worker.off('message', answer)
      worker.off('close', died)
      if (output === null) child = null
      const seconds = (performance.now() - started) / 1000
      const told = output ?? `${said}\n${file}: ended the process it ran in (${worker.exitCode ?? worker.signalCode})\n`
      return { file, ...count(told, output === null), seconds, output: told }
    },
    end: async () => {
      const faults: FileResult[] = []
      const fault = (file: string, output: string): void => {
        faults.push({ file, passed: 0, failed: 1, seconds: 0, output })
      }
      const worker = child
      child = null
      if (worker !== null) {
        const ended = new Promise((resolve) => worker.once('exit', resolve))
        const deadline = setTimeout(() => {
          fault([...sandboxes.keys()].join(' '), 'one of these keeps its process from ending')
          worker.kill('SIGKILL')
        }, 30_000)
        worker.disconnect()
        await ended
        clearTimeout(deadline)
      }
      for (const [file, sandbox] of sandboxes) {
        const left = await sandbox.clear()
        if (left.length > 0) fault(file, `${file}: left behind: ${left.join(', ')}\n`)
      }
      return faults
    },
  }
}

// A process that holds embedded servers and nothing else, to be stopped, killed, or run as another user.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const servers = pathToFileURL(join(import.meta.dirname, '..', '..', 'infra', 'embedded', 'embedded-servers.ts')).href

const program = `
import { startEmbeddedServers } from ${JSON.stringify(servers)}
const say = (kind) => (fields, message) => process.stderr.write(kind + ' ' + message + '\\n')
try {
  const log = { info: say('info'), warn: say('warn'), error: say('error') }
  const held = await startEmbeddedServers({
    dataDir: process.argv[1], natsServerBin: process.env.NATS_SERVER_BIN || undefined, log,
  })
  const { natsUrl, databaseUrl, children } = held
  const pids = Object.fromEntries(children.map((child) => [child.name, child.pid()]))
  process.once('SIGTERM', () => held.stop())
  process.stdout.write(JSON.stringify({ natsUrl, databaseUrl, pids }) + '\\n')
} catch (error) {
  process.stderr.write(error.code + ': ' + error.message + '\\n')
  process.exitCode = 1
}
`

const started = z.object({
  natsUrl: z.string(),
  databaseUrl: z.string(),
  pids: z.object({ 'nats-server': z.int(), postgres: z.int() }),
})
export type Servers = z.infer<typeof started>

export interface Holder {
  readonly pid: number
  /** The servers, or null when it ended without any. */
  readonly ready: Promise<Servers | null>
  readonly exited: Promise<number | null>
  /** What it logged and complained of. */
  readonly said: () => string
  /** SIGTERM and the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL; resolved when it is gone. */
  kill(): Promise<void>
}

export interface HolderOptions {
  readonly uid?: number
  readonly gid?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Its home is the data folder's parent: what is fetched or copied by the test's user stays out of it. */
export const startHolder = (folder: string, { environment, ...identity }: HolderOptions = {}): Holder => {
  const { PATH = '', NATS_SERVER_BIN = '' } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    cwd: '/',
    env: { PATH, NATS_SERVER_BIN, HOME: join(folder, '..'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  })
  let output = ''
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<Servers | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('\n')) resolve(started.parse(JSON.parse(output)))
    })
    void exited.then(() => resolve(null))
  })
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    said: () => complaints,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

// Real servers for tests: each on its own free port and in its own temporary folder, gone afterwards.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Log } from '../../handlers/ports/log.ts'
import { type EmbeddedServer, startNatsServer } from '../../infra/embedded/nats-server.ts'
import { startPostgresServer } from '../../infra/embedded/postgres-server.ts'
import { eventually } from './eventually.ts'

export const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Gone when the process ends, if not before. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-test-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

export const startNats = async (folder = temporaryFolder(), silentForMs?: number) => {
  const server = await startNatsServer(folder, process.env['NATS_SERVER_BIN'], quiet, silentForMs)
  return handles(server, folder)
}

export const startPostgres = async ({ durable = false } = {}) => {
  const folder = temporaryFolder()
  // Durability is not what most tests are about; the settings cut their start by half. Several read sides stand on one server.
  const careless = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const settings = [...careless, 'max_connections=200']
  const server = await startPostgresServer(folder, quiet, { settings })
  const admin = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  return {
    ...handles(server, folder),
    createDatabase: async (): Promise<string> => {
      const name = `test_${randomBytes(6).toString('hex')}`
      await admin(`CREATE DATABASE ${name}`)
      return server.url.replace(/\/casebook$/, `/${name}`)
    },
  }
}

const handles = (server: EmbeddedServer, folder: string) => {
  /** To the server itself; its supervisor starts it again on the same port. */
  const kill = (signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void => {
    const pid = server.process.pid()
    if (pid !== null) process.kill(pid, signal)
  }
  return {
    url: server.url,
    pid: server.process.pid,
    folder,
    kill,
    /** Killed, and up again when this resolves. */
    restart: async (signal?: 'SIGTERM'): Promise<void> => {
      const before = server.process.restarts()
      kill(signal)
      await eventually(() => server.process.restarts() > before && server.process.status() === 'running', {
        withinMs: 60_000,
        describe: `${server.process.name} is back`,
      })
    },
    stop: async (): Promise<void> => {
      await server.process.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

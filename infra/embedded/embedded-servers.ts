// The servers Casebook brings along when none are configured, started together and stopped together.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../handlers/ports/log.ts'
import { claimDataFolder } from './data-folder.ts'
import { startNatsServer } from './nats-server.ts'
import { startPostgresServer } from './postgres-server.ts'
import type { Supervised } from './supervised-process.ts'

export interface EmbeddedServersOptions {
  readonly dataDir: string
  readonly natsUrl?: string | undefined
  readonly databaseUrl?: string | undefined
  readonly natsServerBin?: string | undefined
  readonly log: Log
}

export interface EmbeddedServers {
  readonly natsUrl: string
  readonly databaseUrl: string
  readonly children: readonly Supervised[]
  stop(): Promise<void>
}

/** Starts what is not configured. @throws DataFolderInUse, DataFolderUnusable, NatsServerNotFound, PostgresNotFound, EmbeddedServerFailed. */
export const startEmbeddedServers = async (options: EmbeddedServersOptions): Promise<EmbeddedServers> => {
  const folder = claimDataFolder(options.dataDir)
  const [nats, postgres] = await Promise.allSettled([
    options.natsUrl === undefined ? startNatsServer(folder.path, options.natsServerBin, options.log) : null,
    options.databaseUrl === undefined ? startPostgresServer(folder.path, options.log) : null,
  ])
  const children = [nats, postgres].flatMap((each) =>
    each.status === 'fulfilled' && each.value !== null ? [each.value.process] : [],
  )
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()))
    folder.release()
  }
  if (nats.status === 'rejected' || postgres.status === 'rejected') {
    await stop()
    throw nats.status === 'rejected' ? nats.reason : postgres.status === 'rejected' ? postgres.reason : undefined
  }
  const natsUrl = nats.value?.url ?? options.natsUrl ?? ''
  const databaseUrl = postgres.value?.url ?? options.databaseUrl ?? ''
  // For the user's own NATS tools; readable by nobody else.
  if (nats.value !== null) writeFileSync(join(folder.path, 'nats.url'), `${natsUrl}\n`, { mode: 0o600 })
  return { natsUrl, databaseUrl, children, stop }
}

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

/** Starts what is not configured. @throws DataFolderInUse, DataFolderUnusable, and what the two starts throw. */
export const startEmbeddedServers = async (options: EmbeddedServersOptions): Promise<EmbeddedServers> => {
  const { natsUrl, databaseUrl } = options
  // Nothing is kept here then, so any number of processes may share the folder's name.
  if (natsUrl !== undefined && databaseUrl !== undefined) {
    return { natsUrl, databaseUrl, children: [], stop: async () => undefined }
  }
  const folder = claimDataFolder(options.dataDir)
  const [nats, postgres] = await Promise.allSettled([
    natsUrl === undefined ? startNatsServer(folder.path, options.natsServerBin, options.log) : null,
    databaseUrl === undefined ? startPostgresServer(folder.path, options.log) : null,
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
  const ownNats = nats.value?.url
  // For the user's own NATS tools; readable by nobody else.
  if (ownNats !== undefined) writeFileSync(join(folder.path, 'nats.url'), `${ownNats}\n`, { mode: 0o600 })
  return {
    natsUrl: ownNats ?? natsUrl ?? '',
    databaseUrl: postgres.value?.url ?? databaseUrl ?? '',
    children,
    stop,
  }
}

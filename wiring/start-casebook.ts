// Starts the process part by part, and stops it in reverse.

import { createCommandBus } from '../commands/command-bus.ts'
import { ForkHeld } from '../commands/erasure-errors.ts'
import { startSimulator } from '../gateways/simulator/simulator.ts'
import { createArchiveStanding } from '../handlers/archive-standing.ts'
import { awaitConfiguredServers } from '../infra/configured-servers.ts'
import { startEmbeddedServers } from '../infra/embedded/embedded-servers.ts'
import { createMayErase } from '../infra/jetstream/delete-messages.ts'
import { createLog } from '../infra/logger.ts'
import { createMetrics } from '../infra/metrics.ts'
import { takeOverWarnings } from '../infra/quiet-console.ts'
import { startLiveConfiguration } from '../infra/settings/live-configuration.ts'
import { createTeardown } from '../infra/teardown.ts'
import { startTelemetry } from '../infra/telemetry.ts'
import { heldFork } from '../projections/held-fork.ts'
import type { CasebookError } from '../schemas/casebook-error.ts'
import type { Environment } from '../schemas/environment.ts'
import { sessionId } from '../schemas/ids.ts'
import { hasPublishedPrice } from './has-published-price.ts'
import { openDoors } from './open-doors.ts'
import { openLog } from './open-log.ts'
import { openTables } from './open-tables.ts'
import { type RunningHandlers, startHandlers } from './start-handlers.ts'

export interface RunningCasebook {
  readonly url: string
  /** Resolves when the log is no longer the one that was begun on: there is nothing to go on with. */
  readonly lost: Promise<CasebookError>
  stop(): Promise<void>
}

/** @throws what keeps a part from starting; those before it are stopped by then. */
export const startCasebook = async (environment: Environment, root: string): Promise<RunningCasebook> => {
  const log = createLog()
  takeOverWarnings(log)
  const teardown = createTeardown(log)
  try {
    return await start(root, environment, log, teardown)
  } catch (error) {
    await teardown.run()
    throw error
  }
}

const start = async (
  root: string,
  environment: Environment,
  log: ReturnType<typeof createLog>,
  teardown: ReturnType<typeof createTeardown>,
): Promise<RunningCasebook> => {
  const has = (role: Environment['CASEBOOK_ROLES'][number]): boolean => environment.CASEBOOK_ROLES.includes(role)
  const telemetry = await startTelemetry(process.env)
  teardown.add('telemetry', telemetry.shutdown)

  const simulator = await startSimulator()
  teardown.add('simulator', simulator.close)
  const settings = await startLiveConfiguration({
    log,
    builtInDir: `${root}/config`,
    userDir: environment.CASEBOOK_CONFIG_DIR,
    variables: {
      ...process.env,
      CASEBOOK_NODE: process.execPath,
      CASEBOOK_ROOT: root,
      CASEBOOK_SIMULATOR_URL: simulator.url,
    },
    defaultProvider:
      environment.OPENAI_API_KEY === undefined && environment.OPENAI_BASE_URL === undefined ? 'simulator' : 'openai',
    hasPublishedPrice,
  })

  const configured = { natsUrl: environment.NATS_URL, databaseUrl: environment.DATABASE_URL, log }
  await awaitConfiguredServers(configured)
  const servers = await startEmbeddedServers({
    ...configured,
    dataDir: environment.CASEBOOK_DATA_DIR,
    natsServerBin: environment.NATS_SERVER_BIN,
  })
  teardown.add('servers', servers.stop)

  const wiring = { environment, log, teardown, settings, servers, has }
  const opened = await openLog(wiring)
  const tables = await openTables(wiring, opened)
  const { ownCommits, deadLetters, queue, archived, reader } = opened
  const { projections, guard, eventLog, keys } = tables
  const logMayErase = createMayErase(opened.nats)
  const bus = createCommandBus(eventLog, {
    limits: () => settings.current().configuration.defaults.queue,
    mayErase: async (org, id) => {
      await logMayErase()
      const fork = await heldFork(tables.database, org, id)
      if (fork !== null) throw new ForkHeld(id, fork)
    },
  })
  const stopForgetting = opened.feed.subscribe(({ stream, events }) => {
    for (const event of events) {
      if (event.type === 'erasure.completed') bus.forgetSession(stream.org, sessionId.parse(stream.id))
      if (event.type !== 'person.key_destroyed') continue
      keys.drop(stream.org, event.data.personId)
      bus.forgetStates()
    }
  })
  teardown.add('erased sessions', async () => stopForgetting())

  let handlers: RunningHandlers | undefined
  const standing =
    archived === null ? null : createArchiveStanding(archived.archive, reader, () => handlers?.archivist ?? null)
  const metrics = createMetrics({
    ownCommits,
    projections: projections.status,
    deadLetters: deadLetters.count,
    queue: queue.counts,
    archive: standing?.standing,
    inFlight: () => handlers?.inFlight() ?? {},
  })
  if (has('handlers')) handlers = await startHandlers(wiring, opened, tables, bus)
  const archive = standing?.describe
  const behind = { root, bus, metrics: metrics.render, archive, toolServers: handlers?.toolServers }
  const url = await openDoors(wiring, opened, tables, behind)
  return { url, lost: guard.lost, stop: teardown.run }
}

// The one place that wires everything: servers, log, handlers, projections and doors, started in order and stopped in reverse.
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCommandBus } from './commands/command-bus.ts'
import { overrideFaults as faultsOf } from './domain/plan/apply-overrides.ts'
import { readAlerts } from './gateways/alerts/read-alerts.ts'
import { openArchive } from './gateways/archive/open-archive.ts'
import { createDecideQueued } from './gateways/bus/decide-queued.ts'
import { serveCommands } from './gateways/bus/serve-commands.ts'
import { createApiClient } from './gateways/cli/api-client.ts'
import { DemoFailed } from './gateways/cli/cli-errors.ts'
import { lastLineOf, runDemo } from './gateways/cli/demo.ts'
import { createProgram } from './gateways/cli/program.ts'
import type { HttpDependencies } from './gateways/http/dependencies.ts'
import { createHttpServer } from './gateways/http/server.ts'
import { createOpenAiModel } from './gateways/llm/openai-model.ts'
import { createPriceOfReply, publishedPrice } from './gateways/llm/price-of-reply.ts'
import { createCheckArguments } from './gateways/mcp/check-arguments.ts'
import { createMcpToolBox } from './gateways/mcp/mcp-tool-box.ts'
import { startSimulator } from './gateways/simulator/simulator.ts'
import { createAbortions } from './handlers/abortions.ts'
import { startAdmission } from './handlers/admission.ts'
import { createAgentRunner } from './handlers/agent-runner.ts'
import { createAlertFollower } from './handlers/alert-follower.ts'
import { createArchiveStanding } from './handlers/archive-standing.ts'
import { type RunningArchivist, startArchivist } from './handlers/archivist.ts'
import { createBookkeeper } from './handlers/bookkeeper.ts'
import { createChildKeeper } from './handlers/child-keeper.ts'
import { startCommandIntake } from './handlers/command-intake.ts'
import { createDayLedger } from './handlers/day-ledger.ts'
import { startIntake } from './handlers/intake.ts'
import { createJanitor } from './handlers/janitor.ts'
import { createPlanner } from './handlers/planner.ts'
import { createQueueView } from './handlers/queue-view.ts'
import { type RunningReactor, startReactor } from './handlers/reactor.ts'
import { createRecordConfiguration } from './handlers/record-configuration.ts'
import { releaseTools } from './handlers/release-tools.ts'
import { createResultSummarizer } from './handlers/result-summarizer.ts'
import { createStoreText } from './handlers/store-text.ts'
import { createSummarizer } from './handlers/summarizer.ts'
import { createTaskFollower } from './handlers/task-follower.ts'
import { createTaskStarter } from './handlers/task-starter.ts'
import { createTimekeeper } from './handlers/timekeeper.ts'
import { createToolExecutor } from './handlers/tool-executor.ts'
import { takeBackup } from './infra/backups/take-backup.ts'
import { builtDashboard } from './infra/built-dashboard.ts'
import { startCommitFeed } from './infra/commit-feed.ts'
import { awaitConfiguredServers } from './infra/configured-servers.ts'
import { durabilityInWords, readDurability } from './infra/durability.ts'
import { startEmbeddedServers } from './infra/embedded/embedded-servers.ts'
import { createHealth } from './infra/health.ts'
import { createAlertIntake } from './infra/jetstream/alert-intake.ts'
import { createCommandQueue } from './infra/jetstream/command-queue.ts'
import { connectNats } from './infra/jetstream/connect.ts'
import { createDeadLetters } from './infra/jetstream/dead-letters.ts'
import { startGivenUpMessages } from './infra/jetstream/given-up-messages.ts'
import { createJetStreamBlobStore } from './infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamCommitSource } from './infra/jetstream/jetstream-commit-source.ts'
import { createJetStreamEventLog } from './infra/jetstream/jetstream-event-log.ts'
import { createLiveDeltas } from './infra/jetstream/jetstream-live-channel.ts'
import { createJetStreamLogReader } from './infra/jetstream/jetstream-log-reader.ts'
import { createJetStreamQueueStore } from './infra/jetstream/jetstream-queue-store.ts'
import { ensureReplicas, replicasFor } from './infra/jetstream/replicas.ts'
import { createRequestKeys } from './infra/jetstream/request-keys.ts'
import { createRequestReplies } from './infra/jetstream/request-replies.ts'
import { startRetriedLetters } from './infra/jetstream/retried-letters.ts'
import { createMessageAt } from './infra/jetstream/stored-message.ts'
import { ensureStreams } from './infra/jetstream/streams.ts'
import { eventSubject, everyRequest } from './infra/jetstream/subjects.ts'
import { createLog } from './infra/logger.ts'
import { createMetrics } from './infra/metrics.ts'
import { observeAppends } from './infra/own-commits.ts'
import { classified, createDatabase } from './infra/postgres/database.ts'
import { migrate } from './infra/postgres/migrations.ts'
import { createPipe } from './infra/postgres/pipe.ts'
import { takeOverWarnings } from './infra/quiet-console.ts'
import { startRebuildThread } from './infra/rebuilds/rebuild-thread.ts'
import { createRestoreTools } from './infra/restores/restore-tools.ts'
import { createSessionEraser } from './infra/session-eraser.ts'
import type { HasPublishedPrice } from './infra/settings/check-prices.ts'
import { createConfigurationTools } from './infra/settings/configuration-tools.ts'
import { startLiveConfiguration } from './infra/settings/live-configuration.ts'
import { environmentWarnings, loadEnvironment } from './infra/settings/load-environment.ts'
import { EnvironmentInvalid } from './infra/settings/settings-errors.ts'
import { listenForStop } from './infra/stop-signals.ts'
import { createStrictEventLog } from './infra/strict-event-log.ts'
import { createTeardown } from './infra/teardown.ts'
import { startTelemetry } from './infra/telemetry.ts'
import { createWarnings } from './infra/warnings.ts'
import { readWholeLog } from './infra/whole-log.ts'
import { ArchiveNotConfigured } from './projections/archive-errors.ts'
import { auditProjection } from './projections/audit.ts'
import { verifyAudit } from './projections/audit-verify.ts'
import { blobsNamedElsewhere } from './projections/blobs-named.ts'
import { projections as catalogue } from './projections/catalogue.ts'
import { guardLog } from './projections/guard-log.ts'
import { startProjections } from './projections/projection-set.ts'
import { createQueries } from './projections/queries.ts'
import { verifyArchive } from './projections/verify-archive.ts'
import { CasebookError } from './schemas/casebook-error.ts'
import type { Environment } from './schemas/environment.ts'
import { sessionId } from './schemas/ids.ts'
import type { Overrides } from './schemas/overrides.ts'

const version = '0.1.0'
const root = dirname(fileURLToPath(import.meta.url))
/** How long handlers may finish what they have begun when the process is asked to stop. */
const drainMs = 8_000
/** How long an append in strict mode waits for its copy before the answer is that it is not known to be safe. */
const copyWaitMs = 5_000

const hasPublishedPrice: HasPublishedPrice = (provider, model) =>
  publishedPrice(provider, model, { inputTokens: 1, outputTokens: 1 }) !== undefined

interface RunningCasebook {
  readonly url: string
  /** Resolves when the log is no longer the one that was begun on: there is nothing to go on with. */
  readonly lost: Promise<CasebookError>
  stop(): Promise<void>
}

const startCasebook = async (environment: Environment): Promise<RunningCasebook> => {
  const log = createLog()
  takeOverWarnings(log)
  const teardown = createTeardown(log)
  try {
    return await start(environment, log, teardown)
  } catch (error) {
    await teardown.run()
    throw error
  }
}

const start = async (
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

  // The log, and what stands on it.
  const nats = await connectNats(servers.natsUrl, `casebook-${process.pid}`, log)
  teardown.add('nats', () => nats.drain())
  const replicas = await replicasFor(nats, environment.CASEBOOK_REPLICAS)
  await ensureStreams(nats, replicas)
  const ownCommits = observeAppends(await createJetStreamEventLog(nats))
  const reader = await createJetStreamLogReader(nats, log)
  const deadLetters = await createDeadLetters(nats, log)
  const blobs = await createJetStreamBlobStore(nats, replicas)
  const live = await createLiveDeltas(nats)
  const requestKeys = await createRequestKeys(nats, replicas)
  const queueStore = await createJetStreamQueueStore(nats, replicas)
  await ensureReplicas(nats, replicas)
  const queue = createQueueView(queueStore, settings)
  const archived = environment.EVENTSTORE_URL === undefined ? null : openArchive(environment.EVENTSTORE_URL)
  if (archived !== null) teardown.add('archive', archived.archive.close)
  const intakeQueue = createAlertIntake(nats, deadLetters, log)
  const feed = await startCommitFeed(reader)
  teardown.add('commit feed', feed.stop)
  const storeText = createStoreText(blobs)
  const checkArguments = createCheckArguments()
  const overrideFaults = (overrides: Overrides) => faultsOf(overrides, settings.current().configuration)

  // The read side.
  const database = createDatabase(servers.databaseUrl)
  teardown.add('database', database.close)
  // For those who wait for an answer: bounded in time, and never behind a rebuild in the queue for a connection.
  const answers = createDatabase(servers.databaseUrl, 8, 10_000)
  teardown.add('database of queries', answers.close)
  await migrate(database, catalogue)
  const messageAt = await createMessageAt(nats)
  const strict = environment.CASEBOOK_DURABILITY === 'strict'
  const durability = await readDurability(nats, database, {
    mode: environment.CASEBOOK_DURABILITY,
    embedded: environment.NATS_URL === undefined,
  })
  log.info({}, durabilityInWords(durability))
  const onProblem = (message: string, error: unknown): void => log.warn({ err: error }, message)
  const pipe = strict ? createPipe(servers.databaseUrl) : undefined
  if (pipe !== undefined) teardown.add('pipe to the second copy', pipe.close)
  const projections = await startProjections({
    database,
    reader,
    messageAt,
    run: has('projections'),
    buildsAtOnce: 0,
    pipe,
    onProblem,
  })
  teardown.add('projections', projections.stop)
  const guard = guardLog({ database, reader, messageAt, projections: catalogue })
  teardown.add('guard of the log', async () => guard.stop())
  if (has('projections')) {
    const { natsUrl, databaseUrl } = servers
    const atOnce = environment.CASEBOOK_REBUILDS
    teardown.add('rebuilds', startRebuildThread({ natsUrl, databaseUrl, atOnce, database, log }))
  }

  // The write side. In strict mode every process that appends keeps the copy it waits for, whoever else does.
  let eventLog = ownCommits.log
  if (strict) {
    const ofItsOwn = {
      database,
      reader,
      messageAt,
      run: true,
      buildsAtOnce: 0,
      projections: [auditProjection],
      pipe,
      onProblem,
    }
    const copy = has('projections') ? projections : await startProjections(ofItsOwn)
    if (copy !== projections) teardown.add('second copy', copy.stop)
    eventLog = createStrictEventLog(eventLog, (sequence) => copy.waitFor(auditProjection.name, sequence, copyWaitMs))
  }
  const bus = createCommandBus(eventLog)
  const stopForgetting = feed.subscribe(({ stream, events }) => {
    if (events.some(({ type }) => type === 'erasure.completed'))
      bus.forgetSession(stream.org, sessionId.parse(stream.id))
  })
  teardown.add('erased sessions', async () => stopForgetting())

  // The handlers.
  const reactors: RunningReactor[] = []
  let archivist: RunningArchivist | null = null
  const standing = archived === null ? null : createArchiveStanding(archived.archive, reader, () => archivist)
  const metrics = createMetrics({
    ownCommits,
    projections: projections.status,
    deadLetters: deadLetters.count,
    queue: queue.counts,
    archive: standing?.standing,
    inFlight: () => Object.fromEntries(reactors.map((reactor) => [reactor.name, reactor.inFlight()])),
  })
  let toolServers: HttpDependencies['toolServers']
  if (has('handlers')) {
    const recordConfiguration = createRecordConfiguration({ bus, storeText })
    await recordConfiguration(settings.version())
    settings.watch(recordConfiguration)
    teardown.add('configuration', settings.stop)
    const abortions = createAbortions(feed)
    const secret = (name: string): string | undefined => process.env[name]
    const priceOf = createPriceOfReply(() => settings.current().configuration.defaults.model_prices)
    const model = createOpenAiModel({ providers: settings.providers, secret, priceOf })
    const toolBox = createMcpToolBox({ servers: settings.servers, secret, log })
    toolServers = toolBox.health
    const stopReleasing = releaseTools(feed, toolBox, log)
    teardown.add('tools', async () => {
      stopReleasing()
      await toolBox.close()
    })
    const retried = startRetriedLetters(nats, deadLetters, log)
    const givenUp = startGivenUpMessages(nats, deadLetters, log)
    const source = createJetStreamCommitSource(nats, deadLetters, log, retried)
    const worker = `${hostname()}-${process.pid}`
    const sessions = bus
    const admission = startAdmission({
      store: queueStore,
      bus,
      eventLog,
      settings,
      ownCommits,
      feed,
      readWholeLog: () => readWholeLog(reader),
      log,
    })
    const eraser = await createSessionEraser({
      connection: nats,
      eventLog,
      copied: async () => projections.waitFor('audit', (await reader.head()).sequence, 30_000),
      namedElsewhere: (hashes, subject) => blobsNamedElsewhere(database, hashes, subject),
    })
    const dayLedger = createDayLedger({
      bus,
      ledgers: bus,
      budgets: () => settings.current().configuration.defaults.day_budgets,
    })
    const all = [
      createPlanner({ bus, sessions, settings, line: admission }),
      createAgentRunner({
        abortions,
        bus,
        sessions,
        model,
        dayLedger,
        toolBox,
        live,
        storeText,
        checkArguments,
      }),
      createResultSummarizer({ abortions, bus, sessions, model, dayLedger, blobs, storeText }),
      createToolExecutor({ abortions, bus, sessions, toolBox, blobs, storeText, live, feed, worker }),
      createSummarizer({ bus, sessions, model }),
      createBookkeeper({ bus, sessions, ledgers: bus, dayLedger }),
      createAlertFollower({ bus, sessions }),
      createTimekeeper({ bus, sessions }),
      createTaskStarter({ bus, tasks: bus }),
      createTaskFollower({ bus, sessions }),
      createChildKeeper({ bus, sessions }),
      createJanitor({ bus, eraser }),
    ]
    reactors.push(...all.map((reactor) => startReactor(reactor, { source, abortions, log })))
    if (archived !== null) {
      archivist = startArchivist({ archive: archived.archive, tail: reader, blobs, log })
      reactors.push(archivist)
    }
    reactors.push(startIntake({ bus, queue: intakeQueue, readAlerts, log }))
    const decide = createDecideQueued({ bus, requestKeys, storeText, checkArguments, overrideFaults })
    reactors.push(startCommandIntake({ queue: createCommandQueue(nats, deadLetters, log), decide, log }))
    teardown.add('handlers', async () => {
      await Promise.all([givenUp.stop(), retried.stop(), ...reactors.map((reactor) => reactor.stop(drainMs))])
      abortions.stop()
      live.flush()
    })
    // Before the handlers: whoever waits to get in line is let go.
    teardown.add('admission', admission.stop)
  }

  // The doors.
  if (has('bus')) {
    const port = createRequestReplies(nats, everyRequest)
    teardown.add('bus', serveCommands({ bus, requestKeys, storeText, checkArguments, overrideFaults, port, log }))
  }
  let url = ''
  if (has('http')) {
    const http = await createHttpServer({
      bus,
      eventLog,
      logReader: reader,
      commitFeed: feed,
      live,
      queries: createQueries(answers.tables, classified),
      projections,
      alertIntake: intakeQueue,
      requestKeys,
      queue,
      storeText,
      blobs,
      checkArguments,
      overrideFaults,
      health: createHealth({
        reader,
        database: answers,
        projections,
        deadLetters,
        children: servers.children,
        archive: standing?.describe,
        durability: durabilityInWords(durability),
      }),
      warnings: createWarnings({ deadLetters, projections, toolServers }),
      metrics: metrics.render,
      toolServers,
      verifyAudit: async ({ org, session, against }, signal) => {
        const subject = session === null ? null : eventSubject({ org, category: 'session', id: session })
        if (against === 'archive') {
          if (archived === null) throw new ArchiveNotConfigured()
          const holdsBlob = async (sha256: string) => (await blobs.get(sha256).catch(() => null)) !== null
          return verifyArchive({ reader, archive: archived.reader, holdsBlob, subject }, signal)
        }
        const audit = (await projections.status()).find(({ name }) => name === 'audit')
        if (audit === undefined) throw new Error('there is no audit projection')
        return verifyAudit(database, reader, audit.position, subject, signal)
      },
      deadLetters,
      takeBackup: (signal) => takeBackup(nats, reader, signal),
      log,
      options: { token: environment.CASEBOOK_TOKEN, version, dashboard: await builtDashboard(root, log) },
    })
    url = await http.listen(environment.CASEBOOK_HOST, environment.CASEBOOK_PORT)
    teardown.add('http', http.close)
  }
  return { url, lost: guard.lost, stop: teardown.run }
}

interface Begun extends RunningCasebook {
  readonly environment: Environment
}

const say = (text: string): void => {
  process.stdout.write(text)
}

/** True once there is something to stop in order. */
let serving = false
// Whoever reads us may go first, as in `casebook events --global | head`: that ends a client command, and no server.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
  if (!serving) process.exit(0)
})

const begin = async (roles: Environment['CASEBOOK_ROLES'] = []): Promise<Begun> => {
  const environment = loadEnvironment(process.env)
  if (!roles.every((role) => environment.CASEBOOK_ROLES.includes(role))) {
    const message = `must have ${roles.join(', ')} for the demo; unset it`
    throw new EnvironmentInvalid([{ variable: 'CASEBOOK_ROLES', message }])
  }
  for (const warning of environmentWarnings(process.env)) process.stderr.write(`casebook: ${warning}\n`)
  serving = true
  const running = await startCasebook(environment)
  say(`casebook ready ${running.url || `(${environment.CASEBOOK_ROLES.join(', ')})`}\n`)
  return { ...running, environment }
}

const stop = listenForStop()

const program = createProgram(
  {
    serve: async () => {
      const running = await begin()
      const lost = await Promise.race([stop.asked(), running.lost])
      await running.stop()
      if (lost !== undefined) throw lost
    },
    demo: async ({ exit }) => {
      const running = await begin(['http', 'handlers', 'projections'])
      const stopping = stop.asked()
      let lastLine: string
      try {
        const api = createApiClient(running.url, running.environment.CASEBOOK_TOKEN)
        const demo = runDemo(api, say)
        const stopped = stopping.then(() => {
          throw new DemoFailed('The demo was stopped before its report.')
        })
        lastLine = lastLineOf(await Promise.race([demo, stopped]))
        if (!exit) {
          say(lastLine)
          process.stderr.write(`The server stays up at ${running.url}; Ctrl-C stops it.\n`)
          await stopping
        }
      } finally {
        await running.stop()
      }
      // After everything that stops may have had to say, so that it is the last line wherever it is read.
      if (exit) say(lastLine)
    },
    restore: createRestoreTools(process.env, openArchive),
    configuration: createConfigurationTools({
      builtInDir: `${root}/config`,
      variables: process.env,
      hasPublishedPrice,
    }),
  },
  process.env,
  say,
)

try {
  await program.parseAsync()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    `casebook: ${error instanceof CasebookError || process.env['DEBUG'] === undefined ? message : error instanceof Error ? error.stack : message}\n`,
  )
  process.exitCode = 1
}

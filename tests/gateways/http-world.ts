// The HTTP door over a real NATS and a real PostgreSQL, wired as in the process itself.

import { jetstreamManager } from '@nats-io/jetstream'
import type { Command } from '../../commands/command.ts'
import { createCommandBus } from '../../commands/command-bus.ts'
import { newCommandId } from '../../commands/new-id.ts'
import { rankPolicies } from '../../domain/retention/rank-policies.ts'
import { executionIdOf, stageIdOf } from '../../domain/session/session-ids.ts'
import { readAlerts } from '../../gateways/alerts/read-alerts.ts'
import type { HttpDependencies, HttpOptions } from '../../gateways/http/dependencies.ts'
import { createHttpServer } from '../../gateways/http/server.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { startIntake } from '../../handlers/intake.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { createQueueView } from '../../handlers/queue-view.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { takeApart } from '../../infra/backups/take-apart.ts'
import { takeBackup } from '../../infra/backups/take-backup.ts'
import { startCommitFeed } from '../../infra/commit-feed.ts'
import { exportLog } from '../../infra/exports/export-log.ts'
import { importLog } from '../../infra/exports/import-log.ts'
import { createAlertIntake } from '../../infra/jetstream/alert-intake.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createConsumerStandings } from '../../infra/jetstream/consumer-standings.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createLiveDeltas } from '../../infra/jetstream/jetstream-live-channel.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { createRequestKeys } from '../../infra/jetstream/request-keys.ts'
import { startRetriedLetters } from '../../infra/jetstream/retried-letters.ts'
import { ensureStreams, intakeStream } from '../../infra/jetstream/streams.ts'
import { createMemoryQueueStore } from '../../infra/memory/memory-queue-store.ts'
import { createOpenPersonal } from '../../infra/personal/open-personal.ts'
import { createKeyRing } from '../../infra/personal/person-keys.ts'
import { classified, createDatabase } from '../../infra/postgres/database.ts'
import { migrate } from '../../infra/postgres/migrations.ts'
import { createWarnings } from '../../infra/warnings.ts'
import { verifyAudit } from '../../projections/audit-verify.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import { previewRetention } from '../../projections/expired-sessions.ts'
import { startProjections } from '../../projections/projection-set.ts'
import { createQueries } from '../../projections/queries.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import { correlationId, type OrgId, orgId, type SessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres } from '../support/servers.ts'
import { plan } from '../support/session-samples.ts'

export const defaultOrg = orgId.parse('default')

/** On a machine that many share, read models come later than a person would wait; who wants to be told `behind` says so. */
const patienceMs = 60_000

export const startHttpWorld = async () => {
  const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
  const lines: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[] = []
  const note = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    lines.push({ fields, message })
  }
  const log: Log = { info: note, warn: note, error: note }
  const connection = await connectNats(nats.url, 'http-test', quiet)
  await ensureStreams(connection)
  const manager = await jetstreamManager(connection)
  const eventLog = await createJetStreamEventLog(connection)
  const logReader = await createJetStreamLogReader(connection, quiet)
  const live = await createLiveDeltas(connection)
  const deadLetters = await createDeadLetters(connection)
  const retried = startRetriedLetters(connection, deadLetters, quiet)
  const alertIntake = createAlertIntake(connection, deadLetters, quiet)
  const bus = createCommandBus(eventLog)
  const database = createDatabase(await postgres.createDatabase())
  await migrate(database, catalogue)
  const keys = createKeyRing(database)
  const projections = await startProjections({ database, reader: logReader, run: true })
  const commitFeed = await startCommitFeed(logReader)
  const intake = startIntake({ bus, queue: alertIntake, readAlerts, log: quiet })

  const queueStore = createMemoryQueueStore()
  const settings = configuration.parse({
    defaults: { provider: 'none', chain: 'none', summary_agent: 'none', queue: { max_sessions: 1, max_waiting: 2 } },
    ...{ agents: {}, chains: {}, mcp_servers: {}, providers: {} },
  })
  const queue = createQueueView(queueStore, { current: () => ({ configuration: settings, hash: '' }) })

  let ready = true
  const deps = (options: Partial<HttpOptions>): HttpDependencies => ({
    bus,
    eventLog,
    logReader,
    commitFeed,
    live,
    queries: createQueries(database.tables, classified),
    queriesAsOf: async (name, sequence) => {
      const schema = await projections.schemaAsOf(name, sequence)
      return createQueries(database.tables, classified, () => schema)
    },
    projections,
    alertIntake,
    requestKeys,
    queue,
    storeText: createStoreText(blobs),
    blobs,
    checkArguments: createCheckArguments(),
    health: async () => ({ ready, parts: { nats: { ok: ready } } }),
    metrics: async () => 'casebook_up 1\n',
    verifyAudit: async ({ org, session }, signal) => {
      const { sequence } = await logReader.head()
      await projections.waitFor('audit', sequence, patienceMs)
      const subject = session === null ? null : `casebook.events.${org}.session.${session}`
      return verifyAudit(database, logReader, sequence, subject, signal)
    },
    deadLetters,
    warnings: createWarnings({ deadLetters, projections }),
    personOf: keys.find,
    openPersonal: createOpenPersonal(keys),
    previewRetention: ({ policies, ...asked }) => previewRetention(database, rankPolicies(policies ?? {}), asked),
    exports: {
      exportLog: (scope) => exportLog(connection, blobs, scope),
      importLog: (org, file) => importLog(connection, blobs, org, file),
    },
    takeApart: () => takeApart(connection, database),
    takeBackup: (signal) => takeBackup(connection, logReader, signal),
    consumers: createConsumerStandings(connection),
    configuration: {
      summary: () => ({
        hash: '0'.repeat(64),
        loadedAt: new Date(0).toISOString(),
        defaultChain: 'one',
        chains: ['one'],
        warnings: [{ file: 'a.yaml', line: 1, path: 'defaults', message: 'odd' }],
      }),
      explain: (chain) =>
        chain === 'one'
          ? [{ title: 'chain one', fields: [{ field: 'model', value: 'm', layer: 'chain', from: 'a.yaml:1' }] }]
          : null,
    },
    toolServers: () => [
      {
        server: 'away',
        status: 'down',
        reason: 'ECONNREFUSED',
        since: new Date(0),
        checkedAt: new Date(1),
        executions: 2,
      },
      { server: 'unused', status: 'unknown', executions: 0 },
    ],
    log,
    options: { version: '0.0.0-test', waitMs: patienceMs, answerWithinMs: 2 * patienceMs, ...options },
  })
  const requestKeys = await createRequestKeys(connection)
  const blobs = await createJetStreamBlobStore(connection)

  const servers: { close(): Promise<void> }[] = []
  const serve = async (options: Partial<HttpOptions> = {}, changes: Partial<HttpDependencies> = {}) => {
    const server = await createHttpServer({ ...deps(options), ...changes })
    servers.push(server)
    return { url: await server.listen('127.0.0.1', 0), close: () => server.close() }
  }

  return {
    bus,
    blobs,
    keys,
    live,
    logReader,
    projections,
    queueStore,
    connection,
    lines,
    deps,
    serve,
    natsPid: (): number => {
      const pid = nats.pid()
      if (pid === null) throw new Error('nats-server is not running')
      return pid
    },
    setReady: (value: boolean) => {
      ready = value
    },
    head: async () => (await logReader.head()).sequence,
    /** Every alert that was accepted is decided: its queue forgets it then, and the log grows no more by it. */
    settled: () =>
      eventually(async () => (await manager.streams.info(intakeStream)).state.messages === 0, {
        describe: 'no alert waits to be decided',
      }),
    deadLetters: deadLetters.count,
    stopPostgres: () => postgres.stop(),
    stop: async () => {
      await Promise.all(servers.map((server) => server.close()))
      await retried.stop()
      await intake.stop(1_000)
      await commitFeed.stop()
      await projections.stop()
      await database.close()
      await connection.close()
      await Promise.all([nats.stop(), postgres.stop()])
    },
  }
}

export type HttpWorld = Awaited<ReturnType<typeof startHttpWorld>>

/** A command as a handler sends it. */
export const asHandler = (command: Pick<Command, 'type' | 'data'>, org: OrgId = defaultOrg): Command =>
  ({
    ...command,
    metadata: {
      org,
      commandId: newCommandId(),
      actor: { kind: 'handler', id: 'test' },
      at: new Date().toISOString(),
      correlationId: correlationId.parse('test'),
      causationId: 'test',
    },
  }) as Command

export const executionOf = (session: SessionId) => executionIdOf(session, 1, 1)

/** One stage, one agent, its first turn open. */
export const adoptPlan = (session: SessionId): Pick<Command, 'type' | 'data'> => {
  const sample = plan()
  const stages = sample.stages.map((stage) => ({
    ...stage,
    stageId: stageIdOf(session, 1),
    agents: stage.agents.map((each) => ({ ...each, executionId: executionOf(session) })),
  }))
  return { type: 'AdoptPlan', data: { sessionId: session, plan: { ...sample, stages } } }
}

/** One more commit on a session, with nothing following from it. */
export const note = (session: SessionId, key: string): Pick<Command, 'type' | 'data'> => ({
  type: 'NoteAlert',
  data: {
    sessionId: session,
    alertId: 'alr_TEST' as never,
    what: 'repeated',
    occurrenceKey: key,
    at: '2026-03-01T09:00:00.000Z',
  },
})

/** The open turn is answered: the session goes on to its summary. */
export const reply = (session: SessionId, text: string): Pick<Command, 'type' | 'data'> => ({
  type: 'RecordModelReply',
  data: {
    sessionId: session,
    executionId: executionOf(session),
    turn: 1,
    text: { text },
    toolCalls: [],
    finishReason: 'stop',
    usage: { inputTokens: 10, outputTokens: 5 },
    by: { provider: 'simulator', model: 'm', simulated: true },
    durationMs: 5,
  },
})

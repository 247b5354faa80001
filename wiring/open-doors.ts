// The doors: commands on the bus, and HTTP.
import type { WriteSide } from '../commands/command-bus.ts'
import { dayBudgetOf, standingOf } from '../domain/ledger/day-budget.ts'
import { rankPolicies } from '../domain/retention/rank-policies.ts'
import { serveCommands } from '../gateways/bus/serve-commands.ts'
import type { HttpDependencies } from '../gateways/http/dependencies.ts'
import { createHttpServer } from '../gateways/http/server.ts'
import { takeApart } from '../infra/backups/take-apart.ts'
import { takeBackup } from '../infra/backups/take-backup.ts'
import { builtDashboard } from '../infra/built-dashboard.ts'
import { durabilityInWords } from '../infra/durability.ts'
import { exportLog } from '../infra/exports/export-log.ts'
import { importLog } from '../infra/exports/import-log.ts'
import { createHealth } from '../infra/health.ts'
import { createConsumerStandings } from '../infra/jetstream/consumer-standings.ts'
import { createIntakeBacklog } from '../infra/jetstream/intake-backlog.ts'
import { createRequestReplies } from '../infra/jetstream/request-replies.ts'
import { eventSubject, everyRequest } from '../infra/jetstream/subjects.ts'
import { createOpenPersonal } from '../infra/personal/open-personal.ts'
import { createSealPersonal } from '../infra/personal/seal-personal.ts'
import { classified } from '../infra/postgres/database.ts'
import { createWarnings } from '../infra/warnings.ts'
import { ArchiveNotConfigured } from '../projections/archive-errors.ts'
import { verifyAudit } from '../projections/audit-verify.ts'
import { previewRetention } from '../projections/expired-sessions.ts'
import { createQueries } from '../projections/queries.ts'
import { verifyArchive } from '../projections/verify-archive.ts'
import type { OpenLog } from './open-log.ts'
import type { OpenTables } from './open-tables.ts'
import type { Wiring } from './wiring.ts'

const version = '0.1.0'

export interface Behind {
  readonly root: string
  readonly bus: WriteSide
  readonly metrics: () => Promise<string>
  readonly archive: Parameters<typeof createHealth>[0]['archive']
  readonly toolServers: HttpDependencies['toolServers']
}

/** @returns where HTTP is served; empty when it is not. */
export const openDoors = async (
  { environment, log, teardown, servers, settings, has }: Wiring,
  { nats, reader, deadLetters, blobs, live, requestKeys, queue, intakeQueue, feed, ...opened }: OpenLog,
  { database, answers, projections, durability, eventLog, untilSafe, keys }: OpenTables,
  { root, bus, metrics, archive, toolServers }: Behind,
): Promise<string> => {
  const { storeText, checkArguments, overrideFaults, archived } = opened
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
      queriesAsOf: async (name, sequence) => {
        const schema = await projections.schemaAsOf(name, sequence)
        return createQueries(answers.tables, classified, () => schema)
      },
      projections: {
        ...projections,
        rebuild: (name, source) => {
          if (source === 'archive' && archived === null) throw new ArchiveNotConfigured()
          return projections.rebuild(name, source)
        },
      },
      alertIntake: intakeQueue,
      requestKeys,
      queue,
      storeText,
      blobs,
      checkArguments,
      overrideFaults,
      dayLimit: async (org, day) => {
        const budget = dayBudgetOf(settings.current().configuration.defaults.day_budgets, org)
        if (budget?.usd === undefined) return null
        return standingOf(budget, await bus.ledger(org, day)).find((each) => each.budget === 'cost')?.limit ?? null
      },
      intakeBacklog: await createIntakeBacklog(nats),
      health: createHealth({
        reader,
        database: answers,
        projections,
        deadLetters,
        children: servers.children,
        archive,
        durability: durabilityInWords(durability),
      }),
      personOf: keys.find,
      openPersonal: createOpenPersonal(keys),
      sealPersonal: environment.CASEBOOK_PERSONAL_FIELDS === 'sealed' ? createSealPersonal(keys) : undefined,
      previewRetention: ({ policies, ...asked }) =>
        previewRetention(answers, rankPolicies(policies ?? settings.current().configuration.defaults.retention), asked),
      warnings: createWarnings({ deadLetters, projections, toolServers }),
      metrics,
      toolServers,
      consumers: createConsumerStandings(nats),
      configuration: {
        summary: () => {
          const { chains, defaults } = settings.current().configuration
          const { hash, loadedAt } = settings.version()
          const warnings = [...settings.warnings()]
          return { hash, loadedAt, defaultChain: defaults.chain, chains: Object.keys(chains).sort(), warnings }
        },
        explain: settings.explain,
      },
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
      exports: {
        exportLog: (scope) => exportLog(nats, blobs, scope),
        importLog: async (org, file) => {
          const report = await importLog(nats, blobs, org, file)
          await untilSafe()
          return report
        },
      },
      takeApart: () => takeApart(nats, database),
      takeBackup: (signal) => takeBackup(nats, reader, signal),
      log,
      options: { token: environment.CASEBOOK_TOKEN, version, dashboard: await builtDashboard(root, log) },
    })
    url = await http.listen(environment.CASEBOOK_HOST, environment.CASEBOOK_PORT)
    teardown.add('http', http.close)
  }
  return url
}

// The thread in which rebuilds and verifications run, with connections of its own; it ends when there is nothing to do.
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { openArchive } from '../gateways/archive/open-archive.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { createInheritingLogReader } from '../infra/jetstream/inheriting-log-reader.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { parseEventSubject } from '../infra/jetstream/subjects.ts'
import { createLog } from '../infra/logger.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { connectionGivesWay, readersLately, threadGivesWay } from '../infra/rebuilds/give-way.ts'
import { createArchiveLogReader } from '../projections/archive-log-reader.ts'
import { defaultAsOfBounds } from '../projections/as-of.ts'
import { sourcesOf, startBuilder } from '../projections/builder.ts'
import { projections } from '../projections/catalogue.ts'
import { hasWork } from '../projections/generations.ts'
import { createManners } from '../projections/manners.ts'
import { createPausingLogReader } from '../projections/pausing-log-reader.ts'
import { createSharedLogReader } from '../projections/shared-log-reader.ts'

const { natsUrl, databaseUrl, eventStoreUrl, atOnce } = z
  .object({ natsUrl: z.string(), databaseUrl: z.string(), eventStoreUrl: z.string().optional(), atOnce: z.int() })
  .parse(workerData)
/** Nobody waits for the answer of a statement here, and a comparison is one. */
const statementMs = 6 * 60 * 60 * 1_000
/** Each holds up to three, and one renews its claim. */
const connections = atOnce * 4 + 1
const idleMs = 5_000
/** Two batches of a filling. */
const held = { entries: 8_000, bytes: 32 * 1024 * 1024 }

threadGivesWay()
const log = createLog()
const stopping = new AbortController()
parentPort?.once('message', () => stopping.abort())

const nats = await connectNats(natsUrl, `casebook-rebuild-${process.pid}`, log)
const database = createDatabase(databaseUrl, connections, statementMs, connectionGivesWay)
const reader = await createJetStreamLogReader(nats, log)
const eventLog = await createJetStreamEventLog(nats)
const archived = eventStoreUrl === undefined ? null : openArchive(eventStoreUrl)
const manners = createManners(() => readersLately(database))
const builder = startBuilder({
  database,
  manners,
  // Several rebuilds read the log once.
  reader: createSharedLogReader(createPausingLogReader(createInheritingLogReader(reader, eventLog), manners), { held }),
  ...(archived !== null && {
    openArchived: () =>
      createPausingLogReader(
        createInheritingLogReader(
          createArchiveLogReader({ archive: archived.reader, log: reader, streamOf: parseEventSubject }),
          eventLog,
        ),
        manners,
      ),
  }),
  projections,
  atOnce,
  asOf: defaultAsOfBounds,
  onProblem: (message, error) => log.warn({ err: error }, message),
})

for (let idleSince = performance.now(); !stopping.signal.aborted && performance.now() - idleSince < idleMs; ) {
  await delay(500, undefined, { signal: stopping.signal }).catch(() => undefined)
  // While Postgres is away there may be something to do.
  if (await hasWork(database, projections, sourcesOf(archived !== null)).catch(() => true))
    idleSince = performance.now()
}
await builder.stop()
await database.close()
await archived?.archive.close()
await nats.close()
parentPort?.close()

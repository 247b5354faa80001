// The read side, and the log as it is written to: in strict mode through a journal in Postgres.
import { startBlobCopier } from '../infra/blob-copier.ts'
import { durabilityInWords, readDurability } from '../infra/durability.ts'
import { createInheritingLogReader } from '../infra/jetstream/inheriting-log-reader.ts'
import { createMessageAt } from '../infra/jetstream/stored-message.ts'
import { createKeyRing } from '../infra/personal/person-keys.ts'
import { createSealingEventLog } from '../infra/personal/sealing-event-log.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { patiently } from '../infra/postgres/patiently.ts'
import { createPipe } from '../infra/postgres/pipe.ts'
import { answering } from '../infra/rebuilds/give-way.ts'
import { startRebuildThread } from '../infra/rebuilds/rebuild-thread.ts'
import { createStrictEventLog } from '../infra/strict-event-log.ts'
import { defaultAsOfBounds } from '../projections/as-of.ts'
import { auditProjection } from '../projections/audit.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { guardLog } from '../projections/guard-log.ts'
import { beginJournal, journalProjection, trimJournal } from '../projections/journal.ts'
import { startProjections } from '../projections/projection-set.ts'
import type { OpenLog } from './open-log.ts'
import type { Wiring } from './wiring.ts'

/** How long an append in strict mode waits for the journal before the answer is that it is not known to be safe. */
const journalWaitMs = 5_000
const importWaitMs = 60_000
const erasureWaitMs = 30_000
const trimMs = 1_000

export type OpenTables = Awaited<ReturnType<typeof openTables>>

export const openTables = async (
  { environment, log, teardown, servers, has }: Wiring,
  { nats, reader, ofOwnEntries, ownCommits, blobs }: OpenLog,
) => {
  const database = createDatabase(servers.databaseUrl)
  teardown.add('database', database.close)
  // For those who wait for an answer: bounded in time, and never behind a rebuild in the queue for a connection.
  const answers = createDatabase(servers.databaseUrl, 8, 10_000, undefined, answering)
  teardown.add('database of queries', answers.close)
  await patiently(() => migrate(database, catalogue))
  const messageAt = await createMessageAt(nats)
  const strict = environment.CASEBOOK_DURABILITY === 'strict'
  const durability = await patiently(() =>
    readDurability(nats, database, {
      mode: environment.CASEBOOK_DURABILITY,
      embedded: environment.NATS_URL === undefined,
    }),
  )
  log.info({}, durabilityInWords(durability))
  const onProblem = (message: string, error: unknown): void => log.warn({ err: error }, message)
  const projections = await patiently(() =>
    startProjections({
      database,
      reader: createInheritingLogReader(reader, ownCommits.log),
      messageAt,
      run: has('projections'),
      buildsAtOnce: 0,
      asOf: { ...defaultAsOfBounds, commits: environment.CASEBOOK_AS_OF_COMMITS },
      onProblem,
    }),
  )
  teardown.add('projections', projections.stop)
  const guard = guardLog({ database, reader, messageAt, projections: [...catalogue, journalProjection] })
  teardown.add('guard of the log', async () => guard.stop())
  if (has('projections')) {
    teardown.add('copies of long texts', startBlobCopier({ database, blobs, log }).stop)
    const { natsUrl, databaseUrl } = servers
    const { CASEBOOK_REBUILDS: atOnce, EVENTSTORE_URL: eventStoreUrl } = environment
    const worker = new URL('./rebuild-worker.ts', import.meta.url)
    teardown.add('rebuilds', startRebuildThread({ worker, natsUrl, databaseUrl, eventStoreUrl, atOnce, database, log }))
  }

  // What was written down when strict mode was last on, and has rows by now.
  await patiently(() => trimJournal(database))
  let eventLog = ownCommits.log
  let untilSafe = (): Promise<void> => Promise.resolve()
  if (strict) {
    await patiently(() => beginJournal(database))
    const pipe = createPipe(servers.databaseUrl)
    teardown.add('pipe to the journal', pipe.close)
    // Every process that appends keeps the journal it waits for, whoever else does.
    const journal = await patiently(() =>
      startProjections({
        database,
        reader: ofOwnEntries,
        run: true,
        buildsAtOnce: 0,
        projections: [journalProjection],
        pipe,
        onProblem,
      }),
    )
    teardown.add('journal', journal.stop)
    const trimming = setInterval(() => void trimJournal(database).catch(() => undefined), trimMs)
    teardown.add('trimming of the journal', async () => clearInterval(trimming))
    // An import writes past the log's port, and as much as it likes.
    untilSafe = async () => journal.waitFor(journalProjection.name, (await reader.head()).sequence, importWaitMs)
    eventLog = createStrictEventLog(eventLog, (at) => journal.waitFor(journalProjection.name, at, journalWaitMs))
  }
  /** For an erasure: afterwards no row of the copy and no group of the journal holds what its tombstone takes. */
  const untilLetGo = async (): Promise<void> => {
    await untilSafe()
    await projections.waitFor(auditProjection.name, (await reader.head()).sequence, erasureWaitMs)
    await trimJournal(database)
  }
  const keys = createKeyRing(database)
  return {
    database,
    answers,
    projections,
    guard,
    durability,
    keys,
    untilSafe,
    untilLetGo,
    eventLog: createSealingEventLog(eventLog, keys, environment.CASEBOOK_PERSONAL_FIELDS === 'sealed'),
  }
}

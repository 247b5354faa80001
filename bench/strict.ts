// Commands a second in strict mode, and of a raw publish and a bare insert in series, both beside the default mode.
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus, type WriteSide } from '../commands/command-bus.ts'
import { newSessionId } from '../commands/new-id.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createOwnEntries } from '../infra/jetstream/own-entries.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { createPipe } from '../infra/postgres/pipe.ts'
import { createStrictEventLog } from '../infra/strict-event-log.ts'
import { auditProjection } from '../projections/audit.ts'
import { beginJournal, journalProjection, trimJournal } from '../projections/journal.ts'
import { startProjections } from '../projections/projection-set.ts'
import { quiet } from '../tests/support/servers.ts'
import { startOfSession } from './commands.ts'
import { type Figure, inFlight, median, ms, percentile, rate, ratioOf, spreadOf } from './measure.ts'

const width = 64
const warmUp = 600

/** On a Postgres that syncs: what strict mode is for. */
export const benchStrict = async (
  connection: NatsConnection,
  databaseUrl: string,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const count = quick ? 4_000 : 15_000
  const rounds = quick ? 9 : 11
  const own = createOwnEntries()
  const log = await createJetStreamEventLog(connection)
  const ownLog = await createJetStreamEventLog(connection, { onStored: own.add })
  const reader = await createJetStreamLogReader(connection, quiet)
  const database = createDatabase(databaseUrl)
  await migrate(database, [auditProjection])
  await database.query('CREATE TABLE bare (subject text PRIMARY KEY, payload text NOT NULL)')

  const client = jetstream(connection)
  const payload = JSON.stringify(startOfSession(newSessionId())).padEnd(1_000)
  let raw = 0
  const publishAndInsert = async (): Promise<void> => {
    const subject = `casebook.events.raw.session.ses_raw${raw++}`
    await client.publish(subject, payload)
    await database.query('INSERT INTO bare VALUES ($1, $2)', [subject, payload])
  }
  const send = (bus: WriteSide) => () => bus.send(startOfSession(newSessionId()))
  const byDefault = createCommandBus(log)

  /** As every process with the role `projections` does. */
  const beside = async <T>(work: () => Promise<T>): Promise<T> => {
    const options = { database, reader, run: true, projections: [auditProjection], buildsAtOnce: 0 }
    const copy = await startProjections(options)
    await copy.waitFor('audit', (await reader.head()).sequence, 300_000)
    const trimming = setInterval(() => void trimJournal(database).catch(() => undefined), 1_000)
    try {
      return await work()
    } finally {
      clearInterval(trimming)
      await copy.stop()
    }
  }
  /** From where the copy ends, like a process that has just started. */
  const strictly = async <T>(work: (bus: WriteSide) => Promise<T>): Promise<T> => {
    await beside(() => beginJournal(database))
    const pipe = createPipe(databaseUrl)
    const projections = [journalProjection]
    const journal = await startProjections({
      database,
      reader: own.reader(reader),
      run: true,
      projections,
      buildsAtOnce: 0,
      pipe,
    })
    await journal.waitFor('journal', (await reader.head()).sequence, 30_000)
    const bus = createCommandBus(createStrictEventLog(ownLog, (at) => journal.waitFor('journal', at, 30_000)))
    try {
      // Until the connection is open, and what is appended here comes from memory.
      await inFlight(warmUp, width, send(bus))
      return await work(bus)
    } finally {
      await journal.stop()
      await pipe.close()
    }
  }

  const of: Rates = { series: [], plain: [], strict: [], plainBesideCopy: [], strictBesideCopy: [] }
  const waits: number[] = []
  for (let round = -1; round < rounds; round++) {
    const sent = round < 0 ? count / 2 : count
    const perSecond = async (work: () => Promise<unknown>): Promise<number> =>
      sent / (await inFlight(sent, width, work))
    const timed = (bus: WriteSide) => async (): Promise<void> => {
      const began = performance.now()
      await send(bus)()
      if (round >= 0) waits.push(performance.now() - began)
    }
    const measured = {
      series: await perSecond(publishAndInsert),
      plain: await perSecond(send(byDefault)),
      strict: await strictly((bus) => perSecond(timed(bus))),
      plainBesideCopy: await beside(() => perSecond(send(byDefault))),
      strictBesideCopy: await strictly((bus) => beside(() => perSecond(send(bus)))),
    }
    // The first meets cold code.
    if (round >= 0) for (const which of kinds) of[which].push(measured[which])
  }
  await database.close()
  return [
    {
      what: `strict commands, ${width} in flight, beside the default mode`,
      value: rate(median(of.strict)),
      beside: rate(median(of.plain)),
      ratio: ratioOf(of.strict, of.plain),
      goal: '≥ 0.5',
      spread: spreadOf(of.strict),
    },
    {
      what: 'both, while the second copy is kept in the same process',
      value: rate(median(of.strictBesideCopy)),
      beside: rate(median(of.plainBesideCopy)),
      ratio: ratioOf(of.strictBesideCopy, of.plainBesideCopy),
      spread: spreadOf(of.strictBesideCopy),
    },
    {
      what: 'a raw publish, then a bare insert, beside the default mode',
      value: rate(median(of.series)),
      beside: rate(median(of.plain)),
      ratio: ratioOf(of.series, of.plain),
      spread: spreadOf(of.series),
    },
    { what: 'strict command, median', value: ms(median(waits)) },
    { what: 'strict command, 99th percentile', value: ms(percentile(waits, 0.99)) },
  ]
}

const kinds = ['series', 'plain', 'strict', 'plainBesideCopy', 'strictBesideCopy'] as const
type Rates = Record<(typeof kinds)[number], number[]>

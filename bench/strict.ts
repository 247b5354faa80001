// Commands a second in strict mode, beside the default mode and beside a raw publish and a bare insert in series.
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
import { startProjections } from '../projections/projection-set.ts'
import { quiet } from '../tests/support/servers.ts'
import { startOfSession } from './commands.ts'
import { type Figure, inFlight, median, ms, percentile, rate, ratioOf, spreadOf } from './measure.ts'

const width = 64

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
  const copiedLog = await createJetStreamEventLog(connection, { onStored: own.add })
  const database = createDatabase(databaseUrl)
  await migrate(database, [auditProjection])
  await database.query('CREATE TABLE bare (subject text PRIMARY KEY, payload text NOT NULL)')

  const series: number[] = []
  const byDefault: number[] = []
  const strictly: number[] = []
  const besideCopy: number[] = []
  const waits: number[] = []
  const send = (bus: WriteSide) => () => bus.send(startOfSession(newSessionId()))

  const defaultBus = createCommandBus(log)
  const client = jetstream(connection)
  const payload = JSON.stringify(startOfSession(newSessionId())).padEnd(1_000)
  let raw = 0
  const publishAndInsert = async (): Promise<void> => {
    const subject = `casebook.events.raw.session.ses_raw${raw++}`
    await client.publish(subject, payload)
    await database.query('INSERT INTO bare VALUES ($1, $2)', [subject, payload])
  }

  for (let round = -1; round < rounds; round++) {
    const of = round < 0 ? count / 2 : count
    const alone = of / (await inFlight(of, width, publishAndInsert))
    const plain = of / (await inFlight(of, width, send(defaultBus)))
    // Like a process that has just started: its copy is up to date before anybody is served.
    const reader = own.reader(await createJetStreamLogReader(connection, quiet))
    const pipe = createPipe(databaseUrl)
    const projections = [auditProjection]
    const copy = await startProjections({ database, reader, run: true, projections, buildsAtOnce: 0, pipe })
    await copy.waitFor('audit', (await reader.head()).sequence, 300_000)
    const bus = createCommandBus(createStrictEventLog(copiedLog, (sequence) => copy.waitFor('audit', sequence, 30_000)))
    const timed = async (): Promise<void> => {
      const began = performance.now()
      await send(bus)()
      if (round >= 0) waits.push(performance.now() - began)
    }
    // As every process with the role `projections` does in the default mode.
    const followed = of / (await inFlight(of, width, send(defaultBus)))
    await copy.waitFor('audit', (await reader.head()).sequence, 300_000)
    const strict = of / (await inFlight(of, width, timed))
    await copy.stop()
    await pipe.close()
    // The first meets cold code.
    if (round < 0) continue
    series.push(alone)
    byDefault.push(plain)
    strictly.push(strict)
    besideCopy.push(followed)
  }
  await database.close()
  return [
    {
      what: `strict commands, ${width} in flight, beside the default mode`,
      value: rate(median(strictly)),
      beside: rate(median(byDefault)),
      ratio: ratioOf(strictly, byDefault),
      goal: '≥ 0.5',
      spread: spreadOf(strictly),
    },
    {
      what: 'the same, beside the default mode while its copy is kept',
      value: rate(median(strictly)),
      beside: rate(median(besideCopy)),
      ratio: ratioOf(strictly, besideCopy),
      spread: spreadOf(besideCopy),
    },
    {
      what: 'a raw publish, then a bare insert, beside the same',
      value: rate(median(series)),
      beside: rate(median(byDefault)),
      ratio: ratioOf(series, byDefault),
      spread: spreadOf(series),
    },
    { what: 'strict command, median', value: ms(median(waits)) },
    { what: 'strict command, 99th percentile', value: ms(percentile(waits, 0.99)) },
  ]
}

// The same figures on a log of ten thousand, a hundred thousand and a million events: none should depend on how long it is.
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { type ProjectionSet, startProjections } from '../projections/projection-set.ts'
import { createQueries } from '../projections/queries.ts'
import { sessionId } from '../schemas/ids.ts'
import { acme } from '../tests/support/histories.ts'
import { quiet } from '../tests/support/servers.ts'
import { type Figure, median, ms, percentile, rate, spreadOf } from './measure.ts'
import { rebuildAll } from './rebuild.ts'
import { seedSessions } from './seed-sessions.ts'

interface Postgres {
  createDatabase(): Promise<string>
}

const samples = 30
const patientMs = 1_800_000

/** The last step takes minutes: who waits is told how far it is. */
const say = (what: string): void => {
  process.stderr.write(`  ${Math.round(performance.now() / 1000)} s: ${what}\n`)
}

const telling = async (set: ProjectionSet, work: Promise<unknown>): Promise<void> => {
  const tell = async (): Promise<void> => {
    for (const { name, lag, builds } of await set.status()) {
      if (lag > 0) say(`${name} has ${lag.toLocaleString('en')} commits to go`)
      for (const { position, head } of builds) say(`rebuild of ${name}: ${Math.floor((100 * position) / head)} %`)
    }
  }
  const timer = setInterval(() => void tell().catch(() => undefined), 10_000)
  await work.finally(() => clearInterval(timer))
}

export const benchGrowth = async (
  connection: NatsConnection,
  natsUrl: string,
  postgres: Postgres,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const database = createDatabase(await postgres.createDatabase(), 24)
  await migrate(database, catalogue)
  const reader = await createJetStreamLogReader(connection, quiet)
  const names = catalogue.map(({ name }) => name)
  const set = await startProjections({ database, reader, run: true, buildsAtOnce: names.length })
  const queries = createQueries(database.tables, (work) => work())
  const figures: Figure[] = []
  let sessions = 0
  let events = 0
  try {
    for (const wanted of quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
      let seconds = 0
      let commits = 0
      while (events < wanted) {
        const to = sessions + Math.max(20, Math.min(2_000, Math.ceil((wanted - events) / 25)))
        const seeded = await seedSessions(connection, sessions, to)
        sessions = to
        // The last slice alone: what appends cost at this length.
        seconds = seeded.seconds
        commits = seeded.commits
        events += seeded.events
        say(`${events.toLocaleString('en')} events on the log`)
      }
      const { sequence } = await reader.head()
      await telling(set, Promise.all(names.map((name) => set.waitFor(name, sequence, patientMs))))
      const loads = await coldLoads(natsUrl, sessions)
      const lists = await sampled(() => queries.sessions({ org: acme, limit: 50 }))
      const started = performance.now()
      await telling(set, rebuildAll(set, database, names, patientMs))
      const rebuilt = events / ((performance.now() - started) / 1000)
      for (const name of names) await set.dropOld(name)
      figures.push(
        { what: `${events.toLocaleString('en')} events on the log: appends`, value: rate(commits / seconds) },
        { what: '  cold load of a session', value: ms(median(loads)), spread: spreadOf(loads) },
        {
          what: '  the first page of sessions, p50 / p99',
          value: `${ms(median(lists))} / ${ms(percentile(lists, 0.99))}`,
        },
        { what: `  rebuild of all ${names.length}, events`, value: rate(rebuilt) },
      )
    }
  } finally {
    await set.stop()
    await database.close()
  }
  return figures
}

/** Each by a process that has nothing in memory. */
const coldLoads = async (natsUrl: string, sessions: number): Promise<readonly number[]> => {
  const took: number[] = []
  for (let nth = 0; nth < samples; nth++) {
    const fresh = await connectNats(natsUrl, 'bench', quiet)
    const bus = createCommandBus(await createJetStreamEventLog(fresh))
    const id = sessionId.parse(`ses_bench${Math.floor((nth * sessions) / samples)}`)
    const started = performance.now()
    await bus.session(acme, id)
    took.push(performance.now() - started)
    await fresh.close()
  }
  return took
}

const sampled = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
  const took: number[] = []
  for (let nth = 0; nth < samples * 4; nth++) {
    const started = performance.now()
    await work()
    took.push(performance.now() - started)
  }
  return took
}

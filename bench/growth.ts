// The same figures on a log of ten thousand, a hundred thousand and a million events: none should depend on how long it is.
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId } from '../commands/new-id.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createDatabase } from '../infra/postgres/database.ts'
import { migrate } from '../infra/postgres/migrations.ts'
import { projections as catalogue } from '../projections/catalogue.ts'
import { type ProjectionSet, startProjections } from '../projections/projection-set.ts'
import { createQueries } from '../projections/queries.ts'
import { correlationId, type SessionId, sessionId } from '../schemas/ids.ts'
import { acme, investigation } from '../tests/support/histories.ts'
import { quiet } from '../tests/support/servers.ts'
import { type Figure, median, ms, percentile, rate, spreadOf } from './measure.ts'
import { rebuildAll } from './rebuild.ts'
import { seedSessions } from './seed-sessions.ts'

interface Postgres {
  createDatabase(): Promise<string>
}

interface Nats {
  readonly url: string
  restart(signal: 'SIGTERM'): Promise<void>
}

const samples = 30
const restarts = 9
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
  nats: Nats,
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
      const lists = await sampled(() => queries.sessions({ org: acme, limit: 50 }))
      const started = performance.now()
      await telling(set, rebuildAll(set, database, names, patientMs))
      const rebuilt = events / ((performance.now() - started) / 1000)
      for (const name of names) await set.dropOld(name)
      const { again, first, wide } = await coldLoads(nats, sessions)
      figures.push(
        { what: `${events.toLocaleString('en')} events on the log: appends`, value: rate(commits / seconds) },
        {
          what: `  cold load of a session of ${commitsEach} commits`,
          value: ms(median(again)),
          spread: spreadOf(again),
        },
        { what: '    that the server reads from its disk', value: ms(median(first)), spread: spreadOf(first) },
        {
          what: '    of one that began first and was asked something last',
          value: ms(median(wide)),
          spread: spreadOf(wide),
        },
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

const commitsEach = investigation('ses_bench').length

/** By processes that have nothing in memory, of a server that has just been started: sessions spread over the whole log. */
const coldLoads = async (nats: Nats, sessions: number) => {
  const [first, again, wide]: [number[], number[], number[]] = [[], [], []]
  const nth = (number: number): SessionId => sessionId.parse(`ses_bench${number}`)
  const loaded = async (id: SessionId): Promise<number> => {
    const fresh = await connectNats(nats.url, 'bench', quiet)
    const bus = createCommandBus(await createJetStreamEventLog(fresh))
    const started = performance.now()
    await bus.session(acme, id)
    const took = performance.now() - started
    await fresh.close()
    return took
  }
  for (let round = 0; round < restarts; round++) {
    const [old, asked] = [nth(Math.floor(((round + 0.5) * sessions) / restarts)), nth(round)]
    await ask(nats.url, asked)
    await nats.restart('SIGTERM')
    first.push(await loaded(old))
    again.push(await loaded(old))
    wide.push(await loaded(asked))
  }
  return { first, again, wide }
}

const ask = async (url: string, id: SessionId): Promise<void> => {
  const connection = await connectNats(url, 'bench', quiet)
  await createCommandBus(await createJetStreamEventLog(connection)).send({
    type: 'AskSession',
    data: { sessionId: id, text: 'What was it in the end?' },
    metadata: {
      org: acme,
      commandId: newCommandId(),
      actor: { kind: 'user', id: 'bench' },
      at: new Date().toISOString(),
      correlationId: correlationId.parse('bench'),
      causationId: 'bench',
    },
  })
  await connection.close()
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

// The log itself: appends beside raw publishes of the same bytes, and a long session loaded by a process that never saw it.
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId } from '../commands/new-id.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { messagesOf } from '../infra/jetstream/messages-of.ts'
import { eventSubject } from '../infra/jetstream/subjects.ts'
import { encodeCommit } from '../schemas/commit-codec.ts'
import { correlationId, orgId } from '../schemas/ids.ts'
import { mustAppend } from '../tests/contracts/event-log-contract.ts'
import { draft, stream as newStream, start, unique } from '../tests/support/commit-samples.ts'
import { quiet } from '../tests/support/servers.ts'
import { runLongSession } from './long-session.ts'
import { type Figure, inFlight, median, ms, rate, ratioOf, spreadOf } from './measure.ts'

const rounds = 5
const width = 64

export const benchLog = async (
  connection: NatsConnection,
  natsUrl: string,
  quick: boolean,
): Promise<readonly Figure[]> => [
  await appends(connection, quick ? 15_000 : 30_000),
  ...(await coldLoads(connection, natsUrl)),
]

const appends = async (connection: NatsConnection, count: number): Promise<Figure> => {
  const log = await createJetStreamEventLog(connection)
  const client = jetstream(connection)
  const { payload } = encodeCommit(newStream('ses_sample'), start, draft())
  const publish = () => client.publish(`casebook.events.raw.session.ses_raw${unique()}`, payload)
  const append = () => mustAppend(log, newStream(`ses_append${unique()}`), start, draft())
  await inFlight(count / 4, width, publish)
  await inFlight(count / 4, width, append)
  const [appended, published]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    published.push(count / (await inFlight(count, width, publish)))
    appended.push(count / (await inFlight(count, width, append)))
  }
  return {
    what: 'appends with hash chain, guard and all metadata, 64 in flight',
    value: rate(median(appended)),
    beside: rate(median(published)),
    ratio: ratioOf(appended, published),
    goal: '≥ 0.8',
    spread: spreadOf(appended),
  }
}

/** About five events a turn. */
const turns = 198

const coldLoads = async (connection: NatsConnection, natsUrl: string): Promise<readonly Figure[]> => {
  const { id } = await runLongSession(connection, { turns, bytesPerStep: 400 })
  const org = orgId.parse('bench')
  const stream = { org, category: 'session', id } as const
  const subject = eventSubject(stream)
  const commits = await (await createJetStreamEventLog(connection)).read(stream, start)
  const events = commits.at(-1)?.version ?? 0
  const [bare, loads, sends]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds * 2; round++) {
    // Of a process that has nothing of it in memory.
    const fresh = await connectNats(natsUrl, 'bench', quiet)
    bare.push(await timed(() => Array.fromAsync(messagesOf(fresh, subject))))
    const bus = createCommandBus(await createJetStreamEventLog(fresh))
    loads.push(await timed(() => bus.session(org, id)))
    sends.push(
      await timed(() =>
        bus.send({
          type: 'AskSession',
          data: { sessionId: id, text: `Why, for the ${round}th time?` },
          metadata: {
            org,
            commandId: newCommandId(),
            actor: { kind: 'user', id: 'bench' },
            at: new Date().toISOString(),
            correlationId: correlationId.parse('bench'),
            causationId: 'bench',
          },
        }),
      ),
    )
    await fresh.close()
  }
  return [
    {
      what: `cold load of a session of ${events.toLocaleString('en')} events, beside its bare messages read`,
      value: ms(median(loads)),
      beside: ms(median(bare)),
      ratio: ratioOf(loads, bare),
      spread: spreadOf(loads),
    },
    { what: '  the append after it', value: ms(median(sends)), spread: spreadOf(sends) },
  ]
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

// The log itself: appends beside raw publishes of the same bytes, and a long session loaded by a process that never saw it.
import { jetstream } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId } from '../commands/new-id.ts'
import { createAcknowledgedPublish } from '../infra/jetstream/acknowledged-publish.ts'
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
/** Short ones, and many: a machine that does something else for a second spoils one. */
const shortRounds = 15
const width = 64

export const benchLog = async (
  connection: NatsConnection,
  natsUrl: string,
  quick: boolean,
): Promise<readonly Figure[]> => [
  ...(await appends(connection, quick ? 6_000 : 15_000)),
  ...(await coldLoads(connection, natsUrl)),
]

/**
 * Three times beside raw publishes that wait for their acknowledgements: of the payload alone over the client's own request, the
 * same over the log's own inbox, and of the very message, with its headers and its guards, with the client.
 */
const appends = async (connection: NatsConnection, count: number): Promise<readonly Figure[]> => {
  const log = await createJetStreamEventLog(connection)
  const client = jetstream(connection)
  const { payload, headers: values } = encodeCommit(newStream('ses_sample'), start, draft())
  const subject = (): string => `casebook.events.raw.session.ses_raw${unique()}`
  const publish = () => client.publish(subject(), payload)
  const publishMessage = () => {
    const header = headers()
    for (const [name, value] of Object.entries(values)) if (value !== '') header.set(name, value)
    return client.publish(subject(), payload, {
      headers: header,
      msgID: `raw-${unique()}`,
      expect: { lastSubjectSequence: 0 },
    })
  }
  const acknowledged = createAcknowledgedPublish(connection)
  const publishBare = async (): Promise<void> => {
    const { kind } = await acknowledged(subject(), payload, {}, 5_000)
    if (kind !== 'stored') throw new Error(`A raw publish is ${kind}.`)
  }
  const append = () => mustAppend(log, newStream(`ses_append${unique()}`), start, draft())
  const [published, bare, appended, messages]: [number[], number[], number[], number[]] = [[], [], [], []]
  const sides = [
    [publish, published],
    [publishBare, bare],
    [append, appended],
    [publishMessage, messages],
  ] as const
  for (const [work] of sides) await inFlight(count, width, work)
  for (let round = 0; round < shortRounds; round++) {
    // Who comes first changes: what one side leaves to the server is met by each of the others.
    for (let nth = 0; nth < sides.length; nth++) {
      const [work, rates] = sides[(round + nth) % sides.length] ?? sides[0]
      rates.push(count / (await inFlight(count, width, work)))
    }
  }
  return [
    {
      what: 'appends with hash chain, guard and all metadata, 64 in flight, beside raw publishes of the payload',
      value: rate(median(appended)),
      beside: rate(median(published)),
      ratio: ratioOf(appended, published),
      goal: '≥ 0.8',
      spread: spreadOf(appended),
    },
    {
      what: "  beside raw publishes of the payload over the log's own inbox",
      value: rate(median(appended)),
      beside: rate(median(bare)),
      ratio: ratioOf(appended, bare),
      spread: spreadOf(bare),
    },
    {
      what: '  beside publishes of the same messages with the client, headers and guards too',
      value: rate(median(appended)),
      beside: rate(median(messages)),
      ratio: ratioOf(appended, messages),
      spread: spreadOf(messages),
    },
  ]
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

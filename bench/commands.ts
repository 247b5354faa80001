// Commands a second through the bus, beside raw JetStream publishes of the same bytes in the same run.
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Command } from '../commands/command.ts'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId, newSessionId } from '../commands/new-id.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { encodeCommit } from '../schemas/commit-codec.ts'
import { correlationId, orgId, type SessionId } from '../schemas/ids.ts'
import { type Figure, inFlight, median, rate, ratioOf, spreadOf } from './measure.ts'

const org = orgId.parse('bench')

export const startOfSession = (id: SessionId): Command => ({
  type: 'StartSession',
  data: {
    sessionId: id,
    title: 'Disk of db-1 is 91% full',
    input: { text: 'x'.repeat(400) },
    origin: { kind: 'request' },
    labels: { host: 'db-1', team: 'storage' },
  },
  metadata: {
    org,
    commandId: newCommandId(),
    actor: { kind: 'user', id: 'bench' },
    at: new Date().toISOString(),
    correlationId: correlationId.parse('bench'),
    causationId: 'bench',
  },
})

export const benchCommands = async (connection: NatsConnection, quick: boolean): Promise<readonly Figure[]> => {
  const bus = createCommandBus(await createJetStreamEventLog(connection))
  const client = jetstream(connection)
  const sample = startOfSession(newSessionId())
  const { payload } = encodeCommit(
    { org, category: 'session', id: 'ses_sample' },
    { version: 0, hash: '' },
    {
      ...sample.metadata,
      bodyHash: '0'.repeat(64),
      events: sample.type === 'StartSession' ? [{ type: 'session.started', data: sample.data }] : [],
    },
  )
  let raw = 0
  const publish = () => client.publish(`casebook.events.raw.session.ses_raw${raw++}`, payload)
  const command = () => bus.send(startOfSession(newSessionId()))

  const figures: Figure[] = []
  const rounds = 5
  for (const [width, count] of [
    [1, quick ? 1_000 : 4_000],
    [64, quick ? 15_000 : 30_000],
    [256, quick ? 15_000 : 30_000],
  ] as const) {
    await inFlight(count / 4, width, publish)
    await inFlight(count / 4, width, command)
    const commands: number[] = []
    const publishes: number[] = []
    // One after the other, so that a slow moment of the machine meets both.
    for (let round = 0; round < rounds; round++) {
      publishes.push(count / (await inFlight(count, width, publish)))
      commands.push(count / (await inFlight(count, width, command)))
    }
    figures.push({
      what: `commands, ${width} in flight`,
      value: rate(median(commands)),
      beside: rate(median(publishes)),
      ratio: ratioOf(commands, publishes),
      goal: width === 64 ? '≥ 0.7' : undefined,
      spread: spreadOf(commands),
    })
  }
  return figures
}

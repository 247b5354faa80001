// From an append to an SSE client of the real process, beside a bare NATS publish to a subscriber.
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { createEventSource } from 'eventsource-client'
import { z } from 'zod'
import { createCommandBus } from '../commands/command-bus.ts'
import { newCommandId, newSessionId } from '../commands/new-id.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { correlationId, orgId } from '../schemas/ids.ts'
import { type Figure, ms, percentile } from './measure.ts'

const org = orgId.parse('live')
const frame = z.object({ stream: z.object({ id: z.string() }) })

export const benchLiveLatency = async (
  connection: NatsConnection,
  natsUrl: string,
  casebookUrl: string,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const count = quick ? 300 : 2_000
  const bus = createCommandBus(await createJetStreamEventLog(connection))
  const arrived = new Map<string, () => void>()
  const source = createEventSource({
    url: `${casebookUrl}/v1/stream`,
    headers: { 'casebook-org': org },
    onMessage: ({ event, data }) => {
      if (event === 'commit') arrived.get(frame.parse(JSON.parse(data)).stream.id)?.()
    },
  })
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const id = newSessionId()
      const started = performance.now()
      arrived.set(id, () => {
        arrived.delete(id)
        resolve(performance.now() - started)
      })
      bus
        .send({
          type: 'StartSession',
          data: {
            sessionId: id,
            title: id,
            input: { text: '' },
            origin: { kind: 'request' },
            labels: {},
            chain: 'none',
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
        .catch(reject)
    })
  // The stream is open once a first commit has come through.
  let open = false
  while (!open)
    open = await Promise.race([
      once().then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, 200, false)),
    ])

  const live: number[] = []
  for (let index = 0; index < count; index++) live.push(await once())
  source.close()

  const { username } = new URL(natsUrl)
  const other = await connect({ servers: natsUrl.replace(/\/\/.*@/, '//'), token: username })
  const bare: number[] = []
  let heard: () => void = () => undefined
  const subscription = other.subscribe('bench.bare', { callback: () => heard() })
  await other.flush()
  for (let index = 0; index < count; index++) {
    const started = performance.now()
    const got = new Promise<void>((resolve) => {
      heard = resolve
    })
    connection.publish('bench.bare', 'x'.repeat(700))
    await got
    bare.push(performance.now() - started)
  }
  subscription.unsubscribe()
  await other.close()
  return [
    {
      what: 'append → SSE client, p50 / p99',
      value: `${ms(percentile(live, 0.5))} / ${ms(percentile(live, 0.99))}`,
      beside: `${ms(percentile(bare, 0.5))} / ${ms(percentile(bare, 0.99))}`,
      ratio: (percentile(live, 0.5) / percentile(bare, 0.5)).toFixed(1),
    },
  ]
}

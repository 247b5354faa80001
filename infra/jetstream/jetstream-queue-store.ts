// The queue of sessions as one entry of a key-value bucket: compare-and-set lets any number of processes share it.
import { JetStreamApiError } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { QueuedSession, QueueState } from '../../domain/queue/queue-state.ts'
import type { QueueStore } from '../../handlers/ports/queue-store.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { priority } from '../../schemas/priority.ts'

export const queueBucket = 'casebook_queue'
const key = 'sessions'
/** The revision is not the one named: somebody else wrote. */
const wrongLastSequence = 10071
/** Servers take 1 MiB by default, headers included. */
const maxBytes = 960_000

/** Session, org and chain by their place in `names`, lane by its number, since. */
const row = z.tuple([sessionId, z.int(), z.int(), z.int(), z.int()])
const stored = z.object({
  names: z.array(z.string()),
  running: z.array(row),
  waiting: z.array(row),
  served: z.record(z.string(), z.int()),
})
type Stored = z.infer<typeof stored>

export const createJetStreamQueueStore = async (connection: NatsConnection, replicas = 1): Promise<QueueStore> => {
  const bucket = await new Kvm(connection).create(queueBucket, { history: 1, replicas, storage: 'file' })
  return {
    read: async () => {
      const entry = await bucket.get(key).catch((error: unknown) => {
        throw new LogUnavailable('reading the queue of sessions', { cause: error })
      })
      if (entry === null || entry.operation !== 'PUT') return null
      return { state: decode(stored.parse(entry.json())), revision: entry.revision }
    },
    write: async (state, revision) => {
      const value = JSON.stringify(encode(state))
      if (value.length > maxBytes) return 'too_large'
      try {
        await (revision === null ? bucket.create(key, value) : bucket.update(key, value, revision))
        return 'written'
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return 'conflict'
        throw new LogUnavailable('writing the queue of sessions', { cause: error })
      }
    },
  }
}

const encode = ({ running, waiting, served }: QueueState): Stored => {
  const places = new Map<string, number>()
  const place = (name: string): number => {
    const known = places.get(name)
    if (known !== undefined) return known
    places.set(name, places.size)
    return places.size - 1
  }
  const rowOf = ({ id, org, chain, lane, since }: QueuedSession): z.infer<typeof row> => [
    id,
    place(org),
    place(chain),
    priority.options.indexOf(lane),
    since,
  ]
  const rows = { running: running.map(rowOf), waiting: waiting.map(rowOf) }
  return { names: [...places.keys()], ...rows, served }
}

const decode = ({ names, running, waiting, served }: Stored): QueueState => {
  const sessionOf = ([id, org, chain, lane, since]: z.infer<typeof row>): QueuedSession => ({
    id,
    org: orgId.parse(names[org]),
    chain: names[chain] ?? '',
    lane: priority.options[lane] ?? 'normal',
    since,
  })
  return { running: running.map(sessionOf), waiting: waiting.map(sessionOf), served }
}

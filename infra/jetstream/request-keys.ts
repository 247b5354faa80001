// Idempotency keys of requests: the first use of a key fixes its body and the id it stands for, for good.
import { createHash } from 'node:crypto'
import { JetStreamApiError } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { RequestKeys } from '../../commands/request-keys.ts'
import type { OrgId } from '../../schemas/ids.ts'

export const requestsBucket = 'casebook_requests'

const reservation = z.object({
  bodyHash: z.string(),
  id: z.string(),
  answer: z.record(z.string(), z.unknown()).optional(),
})
const keyExists = 10071

const nameOf = (org: OrgId, key: string): string => `${org}.${createHash('sha256').update(key).digest('hex')}`

export const createRequestKeys = async (connection: NatsConnection, replicas = 1): Promise<RequestKeys> => {
  const bucket = await new Kvm(connection).create(requestsBucket, { history: 1, replicas, storage: 'file' })
  return {
    reserve: async ({ org, key, bodyHash, mint }) => {
      const name = nameOf(org, key)
      const id = mint()
      try {
        await bucket.create(name, JSON.stringify({ bodyHash, id }))
        return { kind: 'reserved', id }
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || error.code !== keyExists) {
          throw new LogUnavailable('reserving an idempotency key', { cause: error })
        }
      }
      const entry = await bucket.get(name).catch((error: unknown) => {
        throw new LogUnavailable('reading an idempotency key', { cause: error })
      })
      if (entry === null) throw new LogUnavailable('reading an idempotency key')
      const { bodyHash: earlier, ...rest } = reservation.parse(entry.json())
      return earlier === bodyHash ? { kind: 'existing', ...rest } : { kind: 'body_differs' }
    },
    remember: (org, key, answer) => {
      const keep = async (): Promise<void> => {
        const entry = await bucket.get(nameOf(org, key))
        if (entry === null) return
        const kept = JSON.stringify({ ...reservation.parse(entry.json()), answer })
        await bucket.update(nameOf(org, key), kept, entry.revision)
      }
      keep().catch(() => undefined)
    },
  }
}

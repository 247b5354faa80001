// Idempotency keys of requests: the first use of a key fixes its body and the id it stands for, for good.
import { createHash } from 'node:crypto'
import { JetStreamApiError } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { OrgId } from '../../schemas/ids.ts'

export interface RequestKeys {
  /** The id this key stands for; `mint` makes one at its first use. @throws LogUnavailable (retryable). */
  reserve(request: {
    readonly org: OrgId
    readonly key: string
    readonly bodyHash: string
    readonly mint: () => string
  }): Promise<{ readonly kind: 'reserved' | 'existing'; readonly id: string } | { readonly kind: 'body_differs' }>
}

const reservation = z.object({ bodyHash: z.string(), id: z.string() })
const keyExists = 10071

export const createRequestKeys = async (connection: NatsConnection, replicas = 1): Promise<RequestKeys> => {
  const bucket = await new Kvm(connection).create('casebook_requests', { history: 1, replicas, storage: 'file' })
  return {
    reserve: async ({ org, key, bodyHash, mint }) => {
      const name = `${org}.${createHash('sha256').update(key).digest('hex')}`
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
      const earlier = reservation.parse(entry.json())
      return earlier.bodyHash === bodyHash ? { kind: 'existing', id: earlier.id } : { kind: 'body_differs' }
    },
  }
}

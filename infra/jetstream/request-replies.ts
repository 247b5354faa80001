// Request/reply on NATS: one process of a queue group answers each request.
import type { NatsConnection } from '@nats-io/transport-node'
import { subscribeGuarded } from './guarded-subscription.ts'

interface Request {
  readonly org: string
  readonly name: string
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
}

export interface RequestReplies {
  serveRequests(handler: (request: Request) => Promise<string>): () => Promise<void>
}

export const createRequestReplies = (connection: NatsConnection, subject: string): RequestReplies => ({
  serveRequests: (handler) => {
    const underWay = new Set<Promise<void>>()
    const subscription = subscribeGuarded(
      connection,
      subject,
      (message) => {
        const [, , org = '', name = ''] = message.subject.split('.')
        const names = message.headers?.keys() ?? []
        const headers = Object.fromEntries(names.map((each) => [each.toLowerCase(), message.headers?.get(each) ?? '']))
        const task = handler({ org, name, payload: message.string(), headers })
          .then((reply) => {
            message.respond(reply)
          })
          // Without an answer the requester asks again, or reports its time-out.
          .catch(() => undefined)
          .finally(() => underWay.delete(task))
        underWay.add(task)
      },
      { queue: 'casebook' },
    )
    return async () => {
      await subscription.drain().catch(() => undefined)
      await Promise.allSettled([...underWay])
    }
  },
})

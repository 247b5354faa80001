// Request/reply on NATS: one process of a queue group answers each request.
import type { NatsConnection } from '@nats-io/transport-node'

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
    const subscription = connection.subscribe(subject, {
      queue: 'casebook',
      callback: (error, message) => {
        if (error !== null) return
        const [, , org = '', name = ''] = message.subject.split('.')
        const names = message.headers?.keys() ?? []
        const headers = Object.fromEntries(names.map((each) => [each.toLowerCase(), message.headers?.get(each) ?? '']))
        const task = handler({ org, name, payload: message.string(), headers })
          .then((reply) => {
            message.respond(reply)
          })
          .finally(() => underWay.delete(task))
        underWay.add(task)
      },
    })
    return async () => {
      await subscription.drain().catch(() => undefined)
      await Promise.allSettled([...underWay])
    }
  },
})

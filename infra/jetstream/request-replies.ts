// Request/reply on core NATS: a queue group, so that one process of several answers each request.
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { everyRequest } from './subjects.ts'

export interface IncomingRequest {
  readonly org: string
  readonly name: string
  readonly payload: string
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>
}

const queue = 'casebook'

export const createRequestReplies = (connection: NatsConnection) => ({
  serveRequests: (handler: (request: IncomingRequest) => Promise<string>): (() => Promise<void>) => {
    const underWay = new Set<Promise<void>>()
    const subscription = connection.subscribe(everyRequest, {
      queue,
      callback: (error, message) => {
        if (error !== null) return
        const task = reply(message, handler).finally(() => underWay.delete(task))
        underWay.add(task)
      },
    })
    return async () => {
      if (!connection.isClosed()) await subscription.drain()
      await Promise.all(underWay)
    }
  },
})

const reply = async (message: Msg, handler: (request: IncomingRequest) => Promise<string>): Promise<void> => {
  const [, , org = '', name = ''] = message.subject.split('.')
  const headers = Object.fromEntries(
    (message.headers?.keys() ?? []).map((key) => [key.toLowerCase(), message.headers?.get(key) ?? '']),
  )
  const answer = await handler({ org, name, payload: message.string(), headers })
  // Nobody may be waiting any more; the command was decided all the same.
  if (message.reply !== undefined && message.reply !== '') message.respond(answer)
}

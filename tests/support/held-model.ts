// A model that answers only when a test lets it: what happens to a process in the middle of a step is decided, not raced for.
import { sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import type { ChatReply, ChatRequest } from '../../gateways/simulator/chat-wire.ts'

export interface HeldModel {
  readonly url: string
  /** Requests so far. */
  readonly asked: () => number
  /** Requests whose caller went away unanswered. */
  readonly abandoned: () => number
  /** From now on requests wait, until `release`. */
  hold(): void
  release(): void
  close(): Promise<void>
}

/** Looks at the machine once, then concludes. */
const decide = (request: ChatRequest): ChatReply => {
  if (request.tools.length === 0) return { text: 'A summary.' }
  if (request.messages.some(({ role }) => role === 'tool')) return { text: 'The conclusion.' }
  return { toolCalls: [{ name: 'host__uptime', arguments: '{}' }] }
}

export const startHeldModel = async (): Promise<HeldModel> => {
  let asked = 0
  let abandoned = 0
  let open = Promise.withResolvers<void>()
  open.resolve()
  const server = await startChatServer({
    model: 'held',
    respond: async (exchange) => {
      asked++
      exchange.response.once('close', () => {
        if (!exchange.response.writableFinished) abandoned++
      })
      await open.promise
      await sendReply(exchange, decide(exchange.request), 'held')
    },
  })
  return {
    url: server.url,
    asked: () => asked,
    abandoned: () => abandoned,
    hold: () => {
      open = Promise.withResolvers<void>()
    },
    release: () => open.resolve(),
    close: async () => {
      open.resolve()
      await server.close()
    },
  }
}

// A model that answers only when a test lets it: what happens to a process in the middle of a step is decided, not raced for.
import { sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import type { ChatReply, ChatRequest } from '../../gateways/simulator/chat-wire.ts'

export interface HeldModel {
  readonly url: string
  /** Requests so far; of agents of sessions with such a title, when one is given. */
  readonly asked: (title?: RegExp) => number
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
  const titles: string[] = []
  let abandoned = 0
  let open = Promise.withResolvers<void>()
  open.resolve()
  const server = await startChatServer({
    model: 'held',
    respond: async (exchange) => {
      const text = exchange.request.messages.map(({ content }) => content).join('\n')
      titles.push(/^Session: (.+)$/m.exec(text)?.[1] ?? '')
      exchange.response.once('close', () => {
        if (!exchange.response.writableFinished) abandoned++
      })
      await open.promise
      await sendReply(exchange, decide(exchange.request), 'held')
    },
  })
  return {
    url: server.url,
    asked: (title = /(?:)/) => titles.filter((each) => title.test(each)).length,
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

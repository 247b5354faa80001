// An OpenAI-compatible endpoint of our own: stands in when no model is configured, so that everything else is real.
import { setTimeout as delay } from 'node:timers/promises'
import { type ChatServer, type ChatServerOptions, sendReply, startChatServer } from './chat-server.ts'
import type { ChatReply, ChatRequest } from './chat-wire.ts'
import { decideReply } from './decide-reply.ts'

/** What the simulator calls itself, whatever model was asked for. */
export const simulatedModel = 'casebook-simulated'

export interface SimulatorOptions extends Pick<ChatServerOptions, 'port' | 'host'> {
  /** Before the first token. */
  readonly latencyMs?: number
  /** Between chunks. */
  readonly tokenDelayMs?: number
  /** Other rules than the built-in ones. */
  readonly decide?: (request: ChatRequest) => ChatReply
}

export const startSimulator = ({
  latencyMs = 0,
  tokenDelayMs = 0,
  decide = builtInReply,
  ...address
}: SimulatorOptions = {}): Promise<ChatServer> =>
  startChatServer({
    ...address,
    model: simulatedModel,
    respond: async (exchange) => {
      const reply = decide(exchange.request)
      if (latencyMs > 0) await delay(latencyMs, undefined, { signal: exchange.signal })
      await sendReply(exchange, reply, simulatedModel, { tokenDelayMs })
    },
  })

export const builtInReply = (request: ChatRequest): ChatReply => decideReply(request.messages, offered(request))

/** `tool_choice: none` withdraws the tools for one reply. */
const offered = (request: ChatRequest) =>
  request.tool_choice === 'none' ? [] : request.tools.map(({ function: tool }) => tool)

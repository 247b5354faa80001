// A chat endpoint that plays a script over real HTTP, in the wire format of the simulator; it keeps what it was asked.
import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ChatExchange,
  type ChatServer,
  type ChatServerOptions,
  sendJson,
  sendReply,
  startChatServer,
} from '../../gateways/simulator/chat-server.ts'
import { type ChatReply, type ChatRequest, errorBody } from '../../gateways/simulator/chat-wire.ts'

/** One answer. `arguments` of a tool call may be text that is no JSON; `delayMs` comes before the first byte. */
export type ScriptedReply =
  | (ChatReply & { readonly delayMs?: number; readonly tokenDelayMs?: number; readonly cutAfterChunks?: number })
  | { readonly emptyReply: true; readonly delayMs?: number }
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: object
      readonly delayMs?: number
    }
  /** `hang`: nothing is ever answered. `afterHeaders`: the stream opens and stays silent. */
  | { readonly hang: true | 'afterHeaders' }
  /** The connection breaks before a byte is sent. */
  | { readonly reset: true }

export type Script =
  | readonly ScriptedReply[]
  | ((request: ChatRequest, callIndex: number) => ScriptedReply | Promise<ScriptedReply>)

export interface ReceivedRequest {
  readonly request: ChatRequest
  readonly headers: IncomingHttpHeaders
  /** True once the client broke the connection before the reply was complete. */
  readonly aborted: () => boolean
}

export interface ScriptedChat extends ChatServer {
  /** In the order of arrival. */
  readonly requests: readonly ReceivedRequest[]
}

export interface ScriptedChatOptions extends Pick<ChatServerOptions, 'port'> {
  readonly script: Script
  /** Who the replies say wrote them; `scripted` unless said otherwise. */
  readonly model?: string
}

/** A script that has run out answers 400, which no client tries again. */
export const startScriptedChat = async ({
  script,
  model = 'scripted',
  ...address
}: ScriptedChatOptions): Promise<ScriptedChat> => {
  const requests: ReceivedRequest[] = []
  const respond = async (exchange: ChatExchange): Promise<void> => {
    const { request, headers, response } = exchange
    let aborted = false
    response.once('close', () => {
      aborted = !response.writableFinished
    })
    const index = requests.push({ request, headers, aborted: () => aborted }) - 1
    const reply = typeof script === 'function' ? await script(request, index) : script[index]
    await play(exchange, reply ?? exhausted(index), model)
  }
  const server = await startChatServer({ ...address, model, respond })
  return { ...server, requests }
}

const exhausted = (index: number): ScriptedReply => ({
  status: 400,
  body: errorBody(`The script has no reply for call ${index}.`, 'invalid_request_error', 'script_exhausted'),
})

const play = async (exchange: ChatExchange, reply: ScriptedReply, model: string): Promise<void> => {
  const { response } = exchange
  if ('reset' in reply) {
    response.destroy()
    return
  }
  if ('hang' in reply) {
    if (reply.hang === 'afterHeaders') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    await once(response, 'close')
    return
  }
  if (reply.delayMs !== undefined) await delay(reply.delayMs)
  if ('status' in reply) {
    const body = reply.body ?? errorBody(`scripted ${reply.status}`, 'scripted')
    return sendJson(response, reply.status, body, reply.headers)
  }
  if ('emptyReply' in reply) return sendReply(exchange, {}, model)
  await sendReply(exchange, reply, model, reply)
}

// The HTTP side of an OpenAI-compatible endpoint: routes, bodies, refusals and streams; what to answer comes from the caller.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type ChatReply, type ChatRequest, chatRequest, chunksOf, completionOf, errorBody } from './chat-wire.ts'

export interface ChatServer {
  /** Base URL, ending in /v1. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export interface ChatExchange {
  readonly request: ChatRequest
  readonly headers: IncomingHttpHeaders
  readonly response: ServerResponse
  /** Fires when nobody reads the answer any more. */
  readonly signal: AbortSignal
}

export interface ChatServerOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Loopback only: whoever reaches this endpoint may use it. */
  readonly host?: '127.0.0.1' | '::1'
  /** The model that `GET /v1/models` names. */
  readonly model: string
  readonly respond: (exchange: ChatExchange) => Promise<void>
}

const maxBodyBytes = 32 * 1024 * 1024

/** Rejects with the system's error when the port is taken. */
export const startChatServer = async (options: ChatServerOptions): Promise<ChatServer> => {
  const { port = 0, host = '127.0.0.1' } = options
  const server = createServer((request, response) => {
    // Who has left is told nothing; anything else that goes wrong is told, as far as the answer has not begun.
    route(request, response, options).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy()
      else sendJson(response, 500, errorBody(error instanceof Error ? error.message : String(error), 'server_error'))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/v1`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const route = async (
  request: IncomingMessage,
  response: ServerResponse,
  { model, respond }: ChatServerOptions,
): Promise<void> => {
  const path = (request.url ?? '').split('?', 1)[0]
  if (request.method === 'GET' && path === '/v1/models') {
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: model, object: 'model', created: 0, owned_by: 'casebook' }],
    })
  }
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    return refuse(response, 404, `There is no ${request.method} ${path}.`)
  }
  const body = await bodyOf(request)
  if (body === null) return refuse(response, 413, `The request is over ${maxBodyBytes} bytes.`)
  const json = parseJson(body)
  if (json === undefined) return refuse(response, 400, 'The body is not JSON.')
  const parsed = chatRequest.safeParse(json)
  if (!parsed.success) return refuse(response, 400, z.prettifyError(parsed.error))
  const left = new AbortController()
  response.once('close', () => left.abort())
  await respond({ request: parsed.data, headers: request.headers, response, signal: left.signal })
}

export interface Pace {
  /** Between chunks of a stream. */
  readonly tokenDelayMs?: number
  /** Destroys the connection after so many chunks. */
  readonly cutAfterChunks?: number
}

/** Sends the reply as it was asked for: in one piece, or as a stream of events. `model` is who the reply says wrote it. */
export const sendReply = async (
  { request, response, signal }: ChatExchange,
  reply: ChatReply,
  model: string,
  { tokenDelayMs = 0, cutAfterChunks = Number.POSITIVE_INFINITY }: Pace = {},
): Promise<void> => {
  signal.throwIfAborted()
  const envelope = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
  if (request.stream !== true) return sendJson(response, 200, completionOf(request, reply, envelope))
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (const [index, chunk] of chunksOf(request, reply, envelope).entries()) {
    if (signal.aborted) return
    if (index >= cutAfterChunks) return cut(response)
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    if (tokenDelayMs > 0) await delay(tokenDelayMs, undefined, { signal })
  }
  response.end('data: [DONE]\n\n')
}

/** What was written leaves before the connection breaks: the reader sees a part, not nothing. */
const cut = (response: ServerResponse): void => {
  response.write(': cut\n\n', () => response.destroy())
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

const refuse = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, errorBody(message, 'invalid_request_error'))

/** Null when it is too large; the rest is read and dropped, so that the refusal reaches a client that is still sending. */
const bodyOf = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size <= maxBodyBytes) chunks.push(bytes)
    else chunks.length = 0
  }
  return size > maxBodyBytes ? null : Buffer.concat(chunks).toString('utf8')
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// An OpenAI-compatible endpoint of our own: stands in when no model is configured, so that everything else is real.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type ChatReply, type ChatRequest, chatRequest, chunksOf, completionOf } from './chat-wire.ts'
import { decideReply } from './decide-reply.ts'

export const simulatedModel = 'casebook-simulated'

export interface Simulator {
  /** Base URL, ending in /v1. */
  readonly url: string
  close(): Promise<void>
}

export interface SimulatorOptions {
  readonly port?: number
  /** Before the first token. */
  readonly latencyMs?: number
  /** Between chunks. */
  readonly tokenDelayMs?: number
  readonly decide?: (request: ChatRequest) => ChatReply
}

const maxBodyBytes = 32 * 1024 * 1024

export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const answer = async (request: IncomingMessage, response: ServerResponse, options: SimulatorOptions): Promise<void> => {
  if (request.method === 'GET' && request.url === '/v1/models') {
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: simulatedModel, object: 'model', owned_by: 'casebook' }],
    })
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return sendError(response, 404, `no such path: ${request.url}`)
  }
  const parsed = chatRequest.safeParse(parseJson(await bodyOf(request)))
  if (!parsed.success) return sendError(response, 400, z.prettifyError(parsed.error))
  const reply = (options.decide ?? decideReply)(parsed.data)
  await delay(options.latencyMs ?? 0)
  const id = `chatcmpl-${randomUUID()}`
  const created = Math.floor(Date.now() / 1000)
  if (!parsed.data.stream) return sendJson(response, 200, completionOf(parsed.data, reply, id, created))
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (const chunk of chunksOf(parsed.data, reply, id, created)) {
    if (response.destroyed) return
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    if (options.tokenDelayMs !== undefined) await delay(options.tokenDelayMs)
  }
  response.end('data: [DONE]\n\n')
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size > maxBodyBytes) throw new Error('the request is too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const sendError = (response: ServerResponse, status: number, message: string): void =>
  sendJson(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } })

// An OpenAI-compatible endpoint that behaves as a test says, call by call: refusals, cut streams, silence.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** What a test looks at of a request; read here anew, so that the product's own reading is not tested with itself. */
const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.string().nullable().default(''),
      tool_call_id: z.string().optional(),
      tool_calls: z
        .array(z.looseObject({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
        .optional(),
    }),
  ),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
})
export type ScriptedRequest = z.infer<typeof chatRequest>

export interface ScriptedReply {
  readonly thinking?: string
  readonly text?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[]
}

export type Behaviour =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly kind: 'hang' }
  /** Frames as server-sent events; then `[DONE]`, an end without it, a broken connection, or silence. */
  | { readonly kind: 'stream'; readonly frames: readonly unknown[]; readonly ending: 'done' | 'end' | 'cut' | 'stall' }

export interface Call {
  /** Counts from 1. */
  readonly number: number
  readonly headers: IncomingHttpHeaders
  /** With the query. */
  readonly path: string
  readonly request: ScriptedRequest
  /** Fires when the caller went away before the answer was complete. */
  readonly gone: AbortSignal
}

export interface ScriptedEndpoint {
  readonly url: string
  readonly calls: readonly Call[]
  close(): Promise<void>
}

/** The frames of a well-behaved reply: a role, small pieces, a finish reason, usage. */
export const framesOf = (request: ScriptedRequest, reply: ScriptedReply): readonly unknown[] => {
  const frame = (delta: object, finish: string | null = null): object => ({
    id: 'chatcmpl-test',
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: request.model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const calls = reply.toolCalls ?? []
  return [
    frame({ role: 'assistant', content: '' }),
    ...pieces(reply.thinking).map((text) => frame({ reasoning_content: text })),
    ...pieces(reply.text).map((text) => frame({ content: text })),
    ...calls.flatMap(({ name, arguments: written }, index) => [
      frame({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(written).map((text) => frame({ tool_calls: [{ index, function: { arguments: text } }] })),
    ]),
    frame({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    { id: 'chatcmpl-test', model: request.model, choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } },
  ]
}

/** Of eight characters, but not hundreds of thousands of them: each costs both sides its time. */
const pieces = (text = ''): readonly string[] =>
  text.match(new RegExp(`.{1,${Math.max(8, Math.ceil(text.length / maxPieces))}}`, 'gs')) ?? []
const maxPieces = 4_000

export const replying = (request: ScriptedRequest, reply: ScriptedReply): Behaviour => ({
  kind: 'stream',
  frames: framesOf(request, reply),
  ending: 'done',
})

/** A reply whose connection breaks after `frames` frames. */
export const cutting = (request: ScriptedRequest, reply: ScriptedReply, frames: number): Behaviour => ({
  kind: 'stream',
  frames: framesOf(request, reply).slice(0, frames),
  ending: 'cut',
})

/** An error as OpenAI words it. */
export const refusing = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Behaviour => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ error: { message, type: 'test', param: null, code: null } }),
})

export const startScriptedEndpoint = async (behave: (call: Call) => Behaviour): Promise<ScriptedEndpoint> => {
  const calls: Call[] = []
  const server = createServer(async (incoming, response) => {
    const leaving = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) leaving.abort()
    })
    const body = await text(incoming).catch(() => null)
    // Whoever asks may be killed in the middle of it.
    if (body === null) return
    const call: Call = {
      number: calls.length + 1,
      headers: incoming.headers,
      path: incoming.url ?? '',
      request: chatRequest.parse(JSON.parse(body)),
      gone: leaving.signal,
    }
    calls.push(call)
    const behaviour = behave(call)
    switch (behaviour.kind) {
      case 'hang':
        return
      case 'answer':
        response.writeHead(behaviour.status, behaviour.headers)
        response.end(behaviour.body ?? '')
        return
      case 'stream': {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const frames = behaviour.frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')
        if (behaviour.ending === 'done') response.end(`${frames}data: [DONE]\n\n`)
        else if (behaviour.ending === 'end') response.end(frames)
        else response.write(frames, () => behaviour.ending === 'cut' && response.destroy())
      }
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

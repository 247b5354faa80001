// The wire format of OpenAI chat completions, as far as an endpoint must speak it: shared by the simulator and scripted models.
import { z } from 'zod'

const content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? value : (value ?? []).map(({ text }) => text ?? '').join('')))

const wireMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content,
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
    .optional(),
})

const wireTool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string(),
    description: z.string().default(''),
    parameters: z.record(z.string(), z.unknown()).default({}),
  }),
})

export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(wireMessage).min(1),
  tools: z.array(wireTool).default([]),
  stream: z.boolean().default(false),
})
export type ChatRequest = z.infer<typeof chatRequest>
export type WireMessage = ChatRequest['messages'][number]
export type WireTool = ChatRequest['tools'][number]['function']

export interface ChatReply {
  readonly thinking?: string
  readonly text?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[]
}

interface Frame {
  readonly id: string
  readonly object: 'chat.completion.chunk'
  readonly created: number
  readonly model: string
  readonly choices: readonly unknown[]
  readonly usage?: unknown
}

/** The chunks of a streamed reply: role, thinking, text in pieces, tool calls in fragments, finish reason, usage. */
export const chunksOf = (request: ChatRequest, reply: ChatReply, id: string, created: number): readonly Frame[] => {
  const frame = (delta: object, finish: string | null = null): Frame => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model: request.model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const calls = reply.toolCalls ?? []
  return [
    frame({ role: 'assistant', content: '' }),
    ...pieces(reply.thinking ?? '', 40).map((text) => frame({ reasoning_content: text })),
    ...pieces(reply.text ?? '', 24).map((text) => frame({ content: text })),
    ...calls.flatMap((call, index) => [
      frame({
        tool_calls: [{ index, id: `${id}_${index}`, type: 'function', function: { name: call.name, arguments: '' } }],
      }),
      ...pieces(call.arguments, 32).map((text) => frame({ tool_calls: [{ index, function: { arguments: text } }] })),
    ]),
    frame({}, calls.length > 0 ? 'tool_calls' : 'stop'),
    { id, object: 'chat.completion.chunk', created, model: request.model, choices: [], usage: usageOf(request, reply) },
  ]
}

/** The same reply in one piece. */
export const completionOf = (request: ChatRequest, reply: ChatReply, id: string, created: number): object => {
  const calls = reply.toolCalls ?? []
  return {
    id,
    object: 'chat.completion',
    created,
    model: request.model,
    choices: [
      {
        index: 0,
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          ...(reply.thinking !== undefined && { reasoning_content: reply.thinking }),
          ...(calls.length > 0 && {
            tool_calls: calls.map((call, index) => ({ id: `${id}_${index}`, type: 'function', function: call })),
          }),
        },
      },
    ],
    usage: usageOf(request, reply),
  }
}

const pieces = (text: string, size: number): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size))

/** Four bytes a token. */
const usageOf = (request: ChatRequest, reply: ChatReply): object => {
  const prompt = Math.ceil(JSON.stringify(request.messages).length / 4)
  const completion = Math.ceil(JSON.stringify(reply).length / 4)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

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
  model: z.string().min(1),
  messages: z.array(wireMessage).min(1),
  tools: z.array(wireTool).default([]),
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().default(false) }).nullish(),
})
export type ChatRequest = z.infer<typeof chatRequest>
export type WireMessage = ChatRequest['messages'][number]
export type WireTool = ChatRequest['tools'][number]['function']

export interface ChatReply {
  readonly thinking?: string
  readonly text?: string
  /** `arguments` is JSON text, as a model writes it: nothing checks it. */
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[]
  /** `tool_calls` or `stop` unless said otherwise. */
  readonly finishReason?: string
}

/** What every answer carries; `created` in seconds. */
export interface Envelope {
  readonly id: string
  readonly created: number
  readonly model: string
}

/** The chunks of a streamed reply: role, thinking, text in pieces, tool calls in fragments, finish reason, usage if asked for. */
export const chunksOf = (request: ChatRequest, reply: ChatReply, envelope: Envelope): readonly object[] => {
  const wantsUsage = request.stream_options?.include_usage === true
  const chunk = (choices: readonly object[], usage: object | null): object => ({
    ...envelope,
    object: 'chat.completion.chunk',
    choices,
    ...(wantsUsage && { usage }),
  })
  const frame = (delta: object, finish: string | null = null): object =>
    chunk([{ index: 0, delta, finish_reason: finish }], null)
  return [
    frame({ role: 'assistant', content: '' }),
    ...pieces(reply.thinking ?? '', 40).map((text) => frame({ reasoning_content: text })),
    ...pieces(reply.text ?? '', 24).map((text) => frame({ content: text })),
    ...(reply.toolCalls ?? []).flatMap((call, index) => [
      frame({
        tool_calls: [
          { index, id: callId(envelope, index), type: 'function', function: { name: call.name, arguments: '' } },
        ],
      }),
      ...pieces(call.arguments, 32).map((text) => frame({ tool_calls: [{ index, function: { arguments: text } }] })),
    ]),
    frame({}, finishReasonOf(reply)),
    ...(wantsUsage ? [chunk([], usageOf(request, reply))] : []),
  ]
}

/** The same reply in one piece. */
export const completionOf = (request: ChatRequest, reply: ChatReply, envelope: Envelope): object => {
  const calls = reply.toolCalls ?? []
  return {
    ...envelope,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: finishReasonOf(reply),
        message: {
          role: 'assistant',
          content: reply.text ?? null,
          refusal: null,
          ...(reply.thinking !== undefined && { reasoning_content: reply.thinking }),
          ...(calls.length > 0 && {
            tool_calls: calls.map((call, index) => ({
              id: callId(envelope, index),
              type: 'function',
              function: { name: call.name, arguments: call.arguments },
            })),
          }),
        },
      },
    ],
    usage: usageOf(request, reply),
  }
}

/** The body of a refusal, which SDKs turn into their error classes. */
export const errorBody = (message: string, type: string, code: string | null = null): object => ({
  error: { message, type, param: null, code },
})

const callId = ({ id }: Envelope, index: number): string => `call_${id.replace(/^chatcmpl-/, '')}_${index}`

const finishReasonOf = ({ finishReason, toolCalls = [] }: ChatReply): string =>
  finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')

/** By code points: half a surrogate pair does not survive UTF-8. */
const pieces = (text: string, size: number): readonly string[] =>
  text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? []

/** Four bytes a token, the common rule of thumb. */
const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4)

const usageOf = (request: ChatRequest, reply: ChatReply): object => {
  const offered = request.tools.length === 0 ? '' : JSON.stringify(request.tools)
  const prompt = tokensOf(JSON.stringify(request.messages) + offered)
  const reasoning = tokensOf(reply.thinking ?? '')
  const called = (reply.toolCalls ?? []).map((call) => call.name + call.arguments).join('')
  const completion = reasoning + tokensOf((reply.text ?? '') + called)
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    completion_tokens_details: { reasoning_tokens: reasoning },
  }
}

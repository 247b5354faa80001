// One chunk of a streamed reply as endpoints really send it: parsed, because many of them bend the standard.
import { z } from 'zod'
import { finishReason } from '../../schemas/model.ts'

const text = z.string().nullish().catch(null)
const count = z.number().nonnegative().transform(Math.round)
const optionalCount = count.optional().catch(undefined)

const toolCallFragment = z.object({
  /** Absent at some endpoints, and 0 for every call at others; see `collect-reply.ts`. */
  index: z.int().nonnegative().optional().catch(undefined),
  id: text,
  function: z.object({ name: text, arguments: text }).nullish().catch(null),
})
export type ToolCallFragment = z.infer<typeof toolCallFragment>

/** Of a search on the web. Each one by itself: one that bends the form does not hide the others. */
const annotation = z
  .object({ url_citation: z.object({ url: z.string(), title: text }) })
  .nullish()
  .catch(null)
const annotations = z.array(annotation).nullish().catch(null)

const delta = z.object({
  content: text,
  /** What the model says instead of an answer it refuses to give. */
  refusal: text,
  /** Reasoning is no part of the standard; providers send it under one of two names. */
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(toolCallFragment).nullish().catch(null),
  annotations,
})

const choice = z.object({
  delta: delta.nullish().catch(null),
  /** Some endpoints tell the whole message at the end once more; of it only the citations count. */
  message: z.object({ annotations }).nullish().catch(null),
  finish_reason: z
    .string()
    .nullish()
    .catch(null)
    .transform((reason) => {
      if (!reason) return null
      return reason === 'function_call' ? 'tool_calls' : finishReason.catch('other').parse(reason)
    }),
})

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: optionalCount,
  prompt_tokens_details: z.object({ cached_tokens: optionalCount }).nullish().catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: optionalCount }).nullish().catch(null),
})
export type ChunkUsage = z.infer<typeof usage>

export const chatChunk = z.object({
  model: text,
  choices: z.array(choice).nullish().catch(null),
  /** Pages by their address alone, beside the choices. */
  citations: z.array(z.string()).nullish().catch(null),
  usage: usage.nullish().catch(null),
})
export type ChatChunk = z.infer<typeof chatChunk>

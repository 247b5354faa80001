// What a reply cost in tokens: as the endpoint says where that makes sense, else estimated.
import { z } from 'zod'
import type { ModelRequest } from '../../handlers/ports/language-model.ts'
import type { TokenUsage } from '../../schemas/model.ts'

const count = z.int().nonnegative()
/** Compatible endpoints send null or leave out what they do not count. */
const detail = count.optional().catch(undefined)
const reportedUsage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: detail }).optional().catch(undefined),
  completion_tokens_details: z.object({ reasoning_tokens: detail }).optional().catch(undefined),
})

/** @returns null for a report that makes no sense: the log takes whole numbers only. */
export const readUsage = (reported: unknown): TokenUsage | null => {
  const { success, data } = reportedUsage.safeParse(reported)
  if (!success) return null
  const cached = data.prompt_tokens_details?.cached_tokens
  const reasoning = data.completion_tokens_details?.reasoning_tokens
  return {
    inputTokens: data.prompt_tokens,
    outputTokens: data.completion_tokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  }
}

/** For endpoints that report no usage: four bytes a token, the common rule of thumb. */
export const estimateUsage = (request: ModelRequest, output: string): TokenUsage => ({
  inputTokens: Math.ceil(Buffer.byteLength(JSON.stringify(request.messages)) / 4),
  outputTokens: Math.ceil(Buffer.byteLength(output) / 4),
})

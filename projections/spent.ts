// What agents used, added up: tokens and money, as the read models count them.
import { z } from 'zod'
import type { tokenUsage } from '../schemas/model.ts'

export const cost = z.object({
  /** Millionths of a US dollar. */
  usdMicros: z.int().nonnegative(),
  unpricedReplies: z.int().nonnegative(),
})
export type Cost = z.infer<typeof cost>
type Usage = z.infer<typeof tokenUsage>

export const noCost: Cost = { usdMicros: 0, unpricedReplies: 0 }
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0 }

/** A reply without a known price is counted as unpriced, not as free. */
export const costOf = ({ costMicros }: { readonly costMicros?: number | undefined }): Cost =>
  costMicros === undefined ? { usdMicros: 0, unpricedReplies: 1 } : { usdMicros: costMicros, unpricedReplies: 0 }

export const plusCost = (a: Cost, b: Cost): Cost => ({
  usdMicros: a.usdMicros + b.usdMicros,
  unpricedReplies: a.unpricedReplies + b.unpricedReplies,
})

export const plusUsage = (a: Usage, b: Usage): Usage => ({
  inputTokens: sum(a.inputTokens, b.inputTokens),
  outputTokens: sum(a.outputTokens, b.outputTokens),
  cachedInputTokens: sum(a.cachedInputTokens, b.cachedInputTokens),
  reasoningTokens: sum(a.reasoningTokens, b.reasoningTokens),
})

/** A model endpoint may count whatever it likes; a number past this would make the session unreadable. */
const sum = (a = 0, b = 0): number => Math.min(a + b, Number.MAX_SAFE_INTEGER)

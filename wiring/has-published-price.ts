// Whether a model's price is known without anybody writing it down.
import { publishedPrice } from '../gateways/llm/price-of-reply.ts'
import type { HasPublishedPrice } from '../infra/settings/check-prices.ts'

export const hasPublishedPrice: HasPublishedPrice = (provider, model) =>
  publishedPrice(provider, model, { inputTokens: 1, outputTokens: 1 }) !== undefined

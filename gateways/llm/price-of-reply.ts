// What a reply cost, by one's own prices, else by the published ones; a model nobody has a price for is unpriced, never free.
import { calcPrice } from '@pydantic/genai-prices'
import { type AnsweredBy, costAt, ownPrice } from '../../domain/price/own-price.ts'
import type { TokenUsage } from '../../schemas/model.ts'
import type { ModelPrice } from '../../schemas/model-price.ts'
import type { ProviderDefinition } from '../../schemas/provider-definition.ts'

/** Millionths of a US dollar, rounded to the nearest; undefined without a known price. */
export type PriceOfReply = (provider: ProviderDefinition, by: AnsweredBy, usage: TokenUsage) => number | undefined

/** `prices` are those of the configuration; `today` is a day in UTC. */
export const createPriceOfReply =
  (prices: () => readonly ModelPrice[], today: () => string = utcDay): PriceOfReply =>
  (provider, by, usage) => {
    const own = ownPrice(prices(), by, today())
    return own === undefined ? publishedPrice(provider, by.model, usage) : costAt(own, usage)
  }

/** The provider is known by its address alone, so that a local model with a famous name costs nothing. */
export const publishedPrice = (
  { base_url, simulated }: ProviderDefinition,
  model: string,
  { inputTokens, outputTokens, cachedInputTokens }: TokenUsage,
): number | undefined => {
  if (simulated) return undefined
  const usage = {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    ...(cachedInputTokens !== undefined && { cache_read_tokens: Math.min(cachedInputTokens, inputTokens) }),
  }
  const price = calcPrice(usage, model, { providerApiUrl: base_url })
  return price === null || price === undefined ? undefined : Math.round(price.total_price * 1_000_000)
}

const utcDay = (): string => new Date().toISOString().slice(0, 10)

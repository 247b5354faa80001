// What a reply cost, by the published prices of its provider; a model nobody has a price for is unpriced, never free.
import { calcPrice } from '@pydantic/genai-prices'
import type { TokenUsage } from '../../schemas/model.ts'

/**
 * Millionths of a US dollar, rounded to the nearest. Undefined without a known price: endpoints of one's own, new models,
 * the simulator. The provider is known by its address alone, so that a local model with a famous name costs nothing.
 */
export const priceOfReply = (
  baseUrl: string,
  model: string,
  { inputTokens, outputTokens, cachedInputTokens }: TokenUsage,
): number | undefined => {
  const usage = {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    ...(cachedInputTokens !== undefined && { cache_read_tokens: Math.min(cachedInputTokens, inputTokens) }),
  }
  const price = calcPrice(usage, model, { providerApiUrl: baseUrl })
  return price === null || price === undefined ? undefined : Math.round(price.total_price * 1_000_000)
}

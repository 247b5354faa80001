// What a reply costs by the prices of the configuration.
import type { TokenUsage } from '../../schemas/model.ts'
import type { ModelPrice } from '../../schemas/model-price.ts'

export interface AnsweredBy {
  readonly provider: string
  readonly model: string
  /** The name it was asked under: endpoints answer with a longer one, such as that of a dated version. */
  readonly asked: string
}

/** A price of the very model goes before one of all models; of two that hold on the day, the later in the list. */
export const ownPrice = (
  prices: readonly ModelPrice[],
  { provider, model, asked }: AnsweredBy,
  day: string,
): ModelPrice | undefined => {
  const holding = prices.filter(
    (each) => each.provider === provider && (each.from ?? day) <= day && day <= (each.until ?? day),
  )
  return (
    holding.findLast((each) => each.model === model || each.model === asked) ??
    holding.findLast((each) => each.model === '*')
  )
}

/** Millionths of a dollar, rounded to the nearest: a dollar for a million tokens is a millionth of one for each. */
export const costAt = (
  { input, cached_input = input, output }: ModelPrice,
  { inputTokens, outputTokens, cachedInputTokens = 0 }: TokenUsage,
): number => {
  const cached = Math.min(cachedInputTokens, inputTokens)
  return Math.round((inputTokens - cached) * input + cached * cached_input + outputTokens * output)
}

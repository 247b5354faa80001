// Prices of one's own: for models nobody publishes a price of, and for contracts that differ from the published ones.
import { z } from 'zod'
import { configuredName } from './agent-settings.ts'

const usdPerMillion = z.number().nonnegative().max(1_000_000)

/** US dollars for a million tokens. */
export const modelPrice = z.strictObject({
  provider: configuredName,
  /** As the provider names it; `*` stands for every model without a price of its own here. */
  model: z.string().min(1),
  input: usdPerMillion,
  /** Of the input, what the provider had in its cache; the price of other input when absent. */
  cached_input: usdPerMillion.optional(),
  output: usdPerMillion,
  /** The first day, in UTC, on which it holds, and the last; always when absent. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
})
export type ModelPrice = Readonly<z.infer<typeof modelPrice>>

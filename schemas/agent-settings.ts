// What may be said of an agent at several places of the configuration: the nearest word wins.
import { z } from 'zod'

export const configuredName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1–63 of a-z, 0-9 and "-"')
  // The one such word that every object has: it would be found where nobody has defined it.
  .refine((name) => name !== 'constructor', 'may not be "constructor"')

/** Asked in this order when the model before fails for good; without a model, the provider's own. */
export const fallbackModels = z
  .array(z.union([configuredName, z.strictObject({ provider: configuredName, model: z.string().min(1).optional() })]))
  .max(10)

/** Long tool results are told to the agent in a summary. `true` is every default; absent provider and model are the agent's own. */
export const summarizeResults = z.union(
  [
    z.boolean(),
    z.strictObject({
      /** At four bytes each. */
      over_tokens: z.int().min(200).max(1_000_000).optional(),
      to_tokens: z.int().min(50).max(20_000).optional(),
      provider: configuredName.optional(),
      model: z.string().min(1).optional(),
    }),
  ],
  { error: 'must be true, false, or { over_tokens, to_tokens, provider, model }' },
)

export const agentSettings = {
  /** A layer that names a provider and no model takes the model of that provider. */
  provider: configuredName.optional(),
  /** A model of the provider, or a name of `defaults.model_aliases`. */
  model: z.string().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_iterations: z.int().min(1).max(200).optional(),
  /** Replaces what an outer layer lists. */
  mcp_servers: z.array(configuredName).optional(),
  fallback: fallbackModels.optional(),
  summarize_results: summarizeResults.optional(),
} as const

/** Agents it may call on. Not said by a chain: its helpers would be told to call on themselves. */
export const helperNames = z.array(configuredName).max(50).optional()

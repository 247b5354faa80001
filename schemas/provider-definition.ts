// Endpoints of models as the configuration declares them: where they are, and in what their dialect differs from OpenAI's.
import { z } from 'zod'
import { type JsonValue, jsonValue } from './json-value.ts'

export const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)

/** What a request is made of by the agent's own state: nothing configured may stand in for it. */
const ownFields: ReadonlySet<string> = new Set(['model', 'messages', 'stream', 'tools'])
const bodyFields = z
  .record(z.string().min(1), jsonValue)
  .refine((fields) => Object.keys(fields).every((field) => !ownFields.has(field)), {
    error: `must not hold ${[...ownFields].join(', ')}: these are the agent's`,
  })
export type BodyFields = Readonly<Record<string, JsonValue>>

export const providerDefinition = z.strictObject({
  base_url: z.url(),
  api_key_env: environmentName.optional(),
  /** True when the endpoint may be called without a key if the variable is not set. */
  api_key_optional: z.boolean().default(false),
  model: z.string().min(1),
  /** The header that carries the key as it is; absent: `Authorization: Bearer`. */
  api_key_header: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .optional(),
  /** Variables its address is made of: without them it cannot be used, and is said so. */
  needs_env: z.array(environmentName).max(10).optional(),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).optional(),
  /** Added to the address of each request, such as `api-version`. */
  query: z.record(z.string().min(1), z.string()).optional(),
  /** Added to the body of each request. */
  body: bodyFields.optional(),
  /** Not sent, because the endpoint refuses them. */
  omit: z.array(z.enum(['temperature', 'stream_options'])).optional(),
  /** Added to each tool call of the conversation that is sent back. */
  tool_call_fields: z.record(z.string().min(1), jsonValue).optional(),
  /** Added to the body for agents with `web_search`; absent: the endpoint offers none. */
  web_search: bodyFields.optional(),
  /** True for the built-in simulator: every answer is labelled. */
  simulated: z.boolean().default(false),
  /** What its models take in one prompt; older turns are condensed before it is full. 100,000 when absent. */
  context_tokens: z.int().min(4_000).max(10_000_000).optional(),
  /** Time-outs of one call: to its first token, between tokens, and of the whole; 120, 60 and 300 seconds when absent. */
  first_token_timeout_seconds: z.number().positive().max(3600).optional(),
  stall_timeout_seconds: z.number().positive().max(3600).optional(),
  call_timeout_seconds: z.number().positive().max(3600).optional(),
})
export type ProviderDefinition = Readonly<z.infer<typeof providerDefinition>>

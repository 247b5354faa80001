// What passes between an agent and a language model, independent of any provider.
import { z } from 'zod'

export const tokenUsage = z.object({
  /** Includes cached tokens, as OpenTelemetry counts them. */
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cachedInputTokens: z.int().nonnegative().optional(),
  reasoningTokens: z.int().nonnegative().optional(),
})
export type TokenUsage = Readonly<z.infer<typeof tokenUsage>>

export const modelIdentity = z.object({
  provider: z.string(),
  model: z.string(),
  /** True when the built-in simulator answered; shown wherever its words are. */
  simulated: z.boolean(),
})
export type ModelIdentity = Readonly<z.infer<typeof modelIdentity>>

/** A page the model says it rests on, from its provider's own search. */
export const citation = z.object({ url: z.string(), title: z.string().optional() })
export type Citation = Readonly<z.infer<typeof citation>>

export const finishReason = z.enum(['stop', 'tool_calls', 'length', 'content_filter', 'other'])

/** A tool call as the model wrote it: the name offered to it and the arguments, unparsed. */
export const proposedToolCall = z.object({ name: z.string().max(200), arguments: z.string() })
export type ProposedToolCall = Readonly<z.infer<typeof proposedToolCall>>

/**
 * Classes decide what happens next: `transient` (refused, 5xx, cut stream), `rate_limited` and `timeout` are tried again;
 * `repetition` (the reply said the same over and over and was cut) makes the agent hear of it; `auth`, `invalid_request` and
 * `other` end the execution.
 */
export const modelFailureClass = z.enum([
  'transient',
  'rate_limited',
  'timeout',
  'repetition',
  'auth',
  'invalid_request',
  'other',
])
export type ModelFailureClass = z.infer<typeof modelFailureClass>

/** One message of a conversation, as an agent's prompt holds it. */
export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | {
      readonly role: 'assistant'
      readonly text: string
      readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
    }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly text: string }

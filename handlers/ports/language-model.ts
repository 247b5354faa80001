// The agent's port to a language model: messages and tools in, deltas on the way, one reply at the end.
import { CasebookError } from '../../schemas/casebook-error.ts'
import type {
  Citation,
  ModelFailureClass,
  ModelIdentity,
  ModelMessage,
  ProposedToolCall,
  TokenUsage,
} from '../../schemas/model.ts'
import type { OfferedTool } from '../../schemas/tool.ts'

export interface ModelRequest {
  readonly provider: string
  readonly model: string
  readonly temperature?: number | undefined
  readonly messages: readonly ModelMessage[]
  /** Where the provider offers a search of the web. */
  readonly webSearch?: boolean | undefined
  /** Empty when the agent must conclude. */
  readonly tools: readonly OfferedTool[]
}

export type ModelDelta =
  | { readonly kind: 'text' | 'thinking'; readonly text: string }
  /** `index` counts the tool calls of this reply; `name` comes with the first fragment. */
  | {
      readonly kind: 'tool_arguments'
      readonly index: number
      readonly name?: string | undefined
      readonly text: string
    }

export interface ModelReply {
  readonly text: string
  readonly thinking?: string | undefined
  readonly citations?: readonly Citation[] | undefined
  readonly toolCalls: readonly ProposedToolCall[]
  readonly finishReason: 'stop' | 'tool_calls' | 'length' | 'content_filter' | 'other'
  readonly usage: TokenUsage
  /** Millionths of a US dollar; absent when the model has no known price. */
  readonly costMicros?: number | undefined
  readonly by: ModelIdentity
  readonly durationMs: number
  readonly firstTokenMs?: number | undefined
}

export interface LanguageModel {
  /** @throws ModelFailed for every failure, with its class; AbortError when the signal fires. No retries inside. */
  reply(request: ModelRequest, onDelta: (delta: ModelDelta) => void, signal: AbortSignal): Promise<ModelReply>
}

/** A model call that did not yield a reply. What happens next is decided in the session, by class. */
export class ModelFailed extends CasebookError {
  readonly code = 'model_failed'
  readonly class: ModelFailureClass
  /** From `Retry-After`, when the endpoint said so. */
  readonly retryAfterMs: number | undefined
  /** Text that had arrived before a stream broke off. */
  readonly partialText: string | undefined

  constructor(
    failureClass: ModelFailureClass,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number; readonly partialText?: string } = {},
  ) {
    super(message, { cause: options.cause })
    this.class = failureClass
    this.retryAfterMs = options.retryAfterMs
    this.partialText = options.partialText
  }

  get retryable(): boolean {
    return ['transient', 'rate_limited', 'timeout', 'repetition'].includes(this.class)
  }
}

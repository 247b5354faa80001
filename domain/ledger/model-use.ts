// What an event says that a call to a model used: of an agent, a compaction, a summary of a result or of the session.
import type { DomainEvent } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import type { ModelIdentity, TokenUsage } from '../../schemas/model.ts'

export interface ModelUse {
  /** Null for the summary of the session. */
  readonly executionId: ExecutionId | null
  readonly usage: TokenUsage
  readonly by: ModelIdentity
  /** Millionths of a US dollar; undefined when the model has no known price. */
  readonly costMicros: number | undefined
}

/** Null when no model was asked. */
export const modelUseOf = (event: DomainEvent | { readonly type: 'unknown' }): ModelUse | null => {
  switch (event.type) {
    case 'session.model_replied':
    case 'session.context_compacted': {
      const { executionId, usage, by, costMicros } = event.data
      return { executionId, usage, by, costMicros }
    }
    case 'session.result_summarized': {
      const { executionId, usage, by, costMicros } = event.data
      // An excerpt asked no model.
      return usage === undefined || by === undefined ? null : { executionId, usage, by, costMicros }
    }
    case 'session.summary_recorded': {
      const { usage, by, costMicros } = event.data
      return { executionId: null, usage, by, costMicros }
    }
    default:
      return null
  }
}

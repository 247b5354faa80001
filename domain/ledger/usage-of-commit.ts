// What a commit of a session used up: tokens and dollars of every call to a model, and tool calls.
import type { Commit } from '../../schemas/commit.ts'
import { sessionId } from '../../schemas/ids.ts'
import type { BookedUsage } from '../../schemas/ledger-events.ts'

/** Null when it used nothing. */
export const usageOf = ({ stream, sequence, events }: Commit): BookedUsage | null => {
  if (stream.category !== 'session') return null
  // Calls that were let go at a pause are asked for again when it ends: they are counted already.
  const repeats = events.some(({ type }) => type === 'session.resumed')
  let [tokens, costMicros, unpriced, toolCalls] = [0, 0, 0, 0]
  for (const event of events) {
    switch (event.type) {
      case 'session.model_replied':
      case 'session.context_compacted':
      case 'session.summary_recorded':
        tokens += event.data.usage.inputTokens + event.data.usage.outputTokens
        costMicros += event.data.costMicros ?? 0
        if (event.data.costMicros === undefined) unpriced++
        break
      case 'session.result_summarized': {
        const { usage, costMicros: cost } = event.data
        // An excerpt asked no model.
        if (usage === undefined) break
        tokens += usage.inputTokens + usage.outputTokens
        costMicros += cost ?? 0
        if (cost === undefined) unpriced++
        break
      }
      case 'session.tool_call_requested':
        if (!repeats) toolCalls++
        break
      default:
    }
  }
  if (tokens + costMicros + unpriced + toolCalls === 0) return null
  return { commit: sequence, sessionId: sessionId.parse(stream.id), tokens, costMicros, unpriced, toolCalls }
}

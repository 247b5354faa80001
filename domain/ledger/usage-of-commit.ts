// What a commit of a session used up: tokens and dollars of every call to a model, and tool calls.
import type { Commit } from '../../schemas/commit.ts'
import { sessionId } from '../../schemas/ids.ts'
import type { BookedUsage } from '../../schemas/ledger-events.ts'
import { modelUseOf } from './model-use.ts'

/** Null when it used nothing. */
export const usageOf = ({ stream, sequence, events }: Commit): BookedUsage | null => {
  if (stream.category !== 'session') return null
  const uses = events.flatMap((event) => modelUseOf(event) ?? [])
  // Calls that were let go at a pause are asked for again when it ends: they are counted already.
  const repeats = events.some(({ type }) => type === 'session.resumed')
  const toolCalls = repeats ? 0 : events.filter(({ type }) => type === 'session.tool_call_requested').length
  if (uses.length + toolCalls === 0) return null
  return {
    commit: sequence,
    sessionId: sessionId.parse(stream.id),
    tokens: uses.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
    costMicros: uses.reduce((sum, { costMicros = 0 }) => sum + costMicros, 0),
    unpriced: uses.filter(({ costMicros }) => costMicros === undefined).length,
    toolCalls,
  }
}

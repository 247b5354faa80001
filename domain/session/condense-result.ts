// Which tool results are too long for the agent that asked, and what it is shown of one that no model could sum up.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { CommandMetadata } from '../../schemas/commands.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import { mustFinish, newlyReached, waitsForBudget } from './budgets.ts'
import type { Execution, PresentSession, ToolCall } from './session-state.ts'

export const bytesPerToken = 4

/** Estimated, as everywhere: at four bytes each. */
export const tokensOf = ({ text, blob }: StoredText): number => (blob?.bytes ?? text.length) / bytesPerToken

/** True from the moment such a result is recorded until the agent can be shown something shorter. */
export const needsCondensing = ({ agent }: Execution, call: ToolCall): boolean =>
  agent.summarizeResults !== undefined &&
  (call.status === 'succeeded' || call.status === 'tool_error') &&
  call.condensed?.status !== 'done' &&
  call.request !== null &&
  call.request.server !== builtInServer &&
  call.result !== null &&
  tokensOf(call.result) > agent.summarizeResults.overTokens

/** Asked for once per result; again after a pause. Where the budget is used up, no model is asked. */
export const condenseResults = (state: PresentSession, { at }: CommandMetadata): readonly SessionEvent[] => {
  if (state.paused) return []
  return Object.values(state.executions)
    .filter(({ status }) => status === 'running')
    .flatMap((execution) =>
      (execution.turns.at(-1)?.toolCalls ?? []).flatMap((id): readonly SessionEvent[] => {
        const call = state.toolCalls[id]
        if (call === undefined || !needsCondensing(execution, call)) return []
        const before = call.condensed?.status === 'failed' ? call.condensed.attempt : 0
        if (before === 0 && call.condensed !== null) return []
        const spent =
          mustFinish(state, execution) ||
          waitsForBudget(state, execution) ||
          newlyReached(state, execution, at).length > 0
        if (spent) return [excerptOf(execution, call, 'the budget is used up')]
        const data = { toolCallId: id, executionId: execution.id, attempt: before + 1 }
        return [{ type: 'session.result_summary_requested', data }]
      }),
    )
}

/** The beginning and the end, with what is between them left out and said so. */
export const excerptOf = (
  { id: executionId, agent }: Execution,
  { id: toolCallId, result }: ToolCall,
  reason: string,
): EventOf<'session.result_summarized'> => {
  const text = result?.text ?? ''
  const longest = (agent.summarizeResults?.overTokens ?? 0) * bytesPerToken
  const head = Math.floor(longest * 0.75)
  const shown =
    text.length <= longest
      ? text
      : `${text.slice(0, head).toWellFormed()}\n… left out …\n${text.slice(head - longest).toWellFormed()}`
  return {
    type: 'session.result_summarized',
    data: {
      toolCallId,
      executionId,
      how: 'excerpt',
      text: { text: shown },
      ...(result?.blob !== undefined && { original: result.blob }),
      reason,
    },
  }
}

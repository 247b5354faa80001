// Which tool results are too long for the agent that asked, and what it is shown of one that no model could sum up.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { CommandMetadata } from '../../schemas/commands.ts'
import type { EventOf, SessionEvent } from '../../schemas/events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import { mustFinish, newlyReached, waitsForBudget } from './budgets.ts'
import { latestCallsOf } from './session-parts.ts'
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
      latestCallsOf(state, execution).flatMap((call): readonly SessionEvent[] => {
        if (!needsCondensing(execution, call)) return []
        const before = call.condensed?.status === 'failed' ? call.condensed : null
        if (before === null && call.condensed !== null) return []
        const spent =
          mustFinish(state, execution) ||
          waitsForBudget(state, execution) ||
          newlyReached(state, execution, at).length > 0
        if (spent) return [excerptOf(execution, call, 'the budget is used up')]
        const by = before?.by
        const attempt = (before?.attempt ?? 0) + 1
        const data = { toolCallId: call.id, executionId: execution.id, attempt, ...(by !== undefined && { by }) }
        return [{ type: 'session.result_summary_requested', data }]
      }),
    )
}

type Summarizer = EventOf<'session.result_summary_requested'>['data']['by']

/** Who is asked when this one has failed for good: the models that the agent may fall back on, in turn. */
export const nextSummarizer = ({ agent }: Execution, asked: Summarizer): Summarizer => {
  const { fallback = [], summarizeResults: first } = agent
  const all = [...(first === undefined ? [] : [first]), ...fallback]
    .map((each) => ({ provider: each.provider, model: each.model }))
    .filter((each, index, list) => list.findIndex((other) => isSame(each, other)) === index)
  const at = asked === undefined ? 0 : all.findIndex((each) => isSame(each, asked))
  return at < 0 ? undefined : all[at + 1]
}

const isSame = (one: NonNullable<Summarizer>, other: NonNullable<Summarizer>): boolean =>
  one.provider === other.provider && one.model === other.model

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
